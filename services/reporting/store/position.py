"""How far this service has read the log."""

from sqlalchemy import Connection, func, select, text

from shared.database import table_of
from shared.messaging.tables import InboxRow, PositionRow

_position, _inbox = table_of(PositionRow), table_of(InboxRow)
_AT_ONCE = 5000
"""Sequences read in one statement."""


def watermark(connection: Connection) -> int:
    """Every event up to this sequence is in the figures; 0 before the first."""
    return connection.execute(select(func.max(_position.c.watermark))).scalar() or 0


def settled(connection: Connection) -> int:
    """The same within the transaction of a batch, with the batch: nothing at or below it can come any more."""
    mark = watermark(connection)
    while True:
        above = select(_inbox.c.sequence).where(_inbox.c.sequence > mark).order_by(_inbox.c.sequence).limit(_AT_ONCE)
        found = connection.execute(above).scalars().all()
        without_gap: int = sum(sequence == expected for expected, sequence in enumerate(found, start=mark + 1))
        mark += without_gap
        if without_gap < _AT_ONCE:
            return mark


def one_moment(connection: Connection) -> int:
    """Make all that is read from here on belong to one moment, on PostgreSQL too; returns its watermark.

    To be called before anything else is read: facts and `asOf` must not come from different moments.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    return watermark(connection)
