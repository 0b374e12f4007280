"""How far this service has read the log."""

from sqlalchemy import Connection, text

from shared.messaging.position import watermark


def one_moment(connection: Connection) -> int:
    """Make all that is read from here on belong to one moment, on PostgreSQL too; returns its watermark.

    To be called before anything else is read: facts and `asOf` must not come from different moments.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    return watermark(connection)
