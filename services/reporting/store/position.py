"""How far this service has read the log."""

from sqlalchemy import Connection, func, select, text

from shared.database import table_of
from shared.messaging.tables import PositionRow

_position = table_of(PositionRow)


def watermark(connection: Connection) -> int:
    """Every event up to this sequence is in the figures; 0 before the first."""
    return connection.execute(select(func.max(_position.c.watermark))).scalar() or 0


def one_moment(connection: Connection) -> int:
    """Make all that is read from here on belong to one moment, on PostgreSQL too; returns its watermark.

    To be called before anything else is read: facts and `asOf` must not come from different moments.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    return watermark(connection)
