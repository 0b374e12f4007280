"""How far a consumer is in the log: the one place that reads, locks and moves its watermark."""

from typing import NamedTuple

from sqlalchemy import Connection, select, update

from shared.database import table_of, upsert
from shared.messaging.tables import AttemptRow, InboxRow, PositionRow

_NAME = "main"
_AT_ONCE = 1000
"""Inbox rows read in one statement."""
_position, _inbox, _attempts = table_of(PositionRow), table_of(InboxRow), table_of(AttemptRow)
_mine = _position.c.name == _NAME


def watermark(connection: Connection) -> int:
    """Every event up to this sequence had its effect; 0 before the first."""
    return connection.execute(select(_position.c.watermark).where(_mine)).scalar() or 0


def lock(connection: Connection) -> int:
    """Until the commit nobody else applies events to this database; returns the watermark.

    The first statement of every transaction that applies events: what is read after it cannot change any more, so
    PostgreSQL decides as SQLite does, one batch at a time. Several processes share the reading, and take turns here.
    """
    statement = select(_position.c.watermark).where(_mine).with_for_update()
    found: int | None = connection.execute(statement).scalar()
    if found is None:
        first = upsert(connection, _position).values(name=_NAME, watermark=0)
        connection.execute(first.on_conflict_do_nothing(index_elements=["name"]))
        found = connection.execute(statement).scalar_one()
    return found


def settled(connection: Connection) -> int:
    """The watermark, walked on over what this transaction took in: at or below it nothing can come any more.

    Never the maximum: an event that is missing, or tried again, holds it.
    """
    mark = watermark(connection)
    while True:
        above = select(_inbox.c.sequence).where(_inbox.c.sequence > mark).order_by(_inbox.c.sequence).limit(_AT_ONCE)
        found = connection.execute(above).scalars().all()
        without_gap: int = sum(sequence == expected for expected, sequence in enumerate(found, start=mark + 1))
        mark += without_gap
        if without_gap < _AT_ONCE:
            return mark


def walk_on(connection: Connection) -> int:
    """Store `settled` as the watermark; the last act of a transaction that holds the lock."""
    mark = settled(connection)
    connection.execute(update(_position).where(_mine, _position.c.watermark < mark).values(watermark=mark))
    return mark


class Standing(NamedTuple):
    """How far a consumer is, and why no further."""

    watermark: int
    above: int | None
    """The first sequence above the watermark that is there: what lies between has not come, or failed."""
    tried: bool
    """Did the next one come, and fail so far?"""


def standing(connection: Connection) -> Standing:
    """Where the watermark stands, and what holds it."""
    mark = watermark(connection)
    above = select(_inbox.c.sequence).where(_inbox.c.sequence > mark).order_by(_inbox.c.sequence).limit(1)
    tried = select(_attempts.c.sequence).where(_attempts.c.sequence == mark + 1)
    return Standing(mark, connection.execute(above).scalar(), connection.execute(tried).first() is not None)


def hole(connection: Connection) -> tuple[int, int] | None:
    """(watermark, first sequence above it that is there): what lies between is not there. None: nothing is missing."""
    found = standing(connection)
    return None if found.above is None else (found.watermark, found.above)
