"""Which events of the log had their effect in this database: the rows of the inbox, kept for good."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from shared.database import table_of, upsert
from shared.events.envelope import StreamEvent
from shared.messaging.tables import InboxRow

_inbox = table_of(InboxRow)


def take(connection: Connection, events: Sequence[StreamEvent]) -> list[StreamEvent]:
    """Insert rows; returns the events that were not there, each sequence once, in log order.

    A forged entry may have come in at a place of the log before the real event: another id at a known sequence is
    therefore no repeat, and takes the row over.
    """
    wanted = {event.sequence: event for event in events}
    if not wanted:
        return []
    rows = [{"sequence": sequence, "event_id": wanted[sequence].id} for sequence in sorted(wanted)]
    statement = upsert(connection, _inbox).values(rows)
    real = statement.excluded.event_id
    taken = statement.on_conflict_do_update(
        index_elements=["sequence"], set_={"event_id": real}, where=_inbox.c.event_id != real
    )
    new = connection.execute(taken.returning(_inbox.c.sequence)).scalars().all()
    return [wanted[sequence] for sequence in sorted(new)]


def pass_over(connection: Connection, sequence: int, event_id: str) -> bool:
    """Count an event of the log as seen that this version cannot read; False where it was seen before."""
    row = upsert(connection, _inbox).values(sequence=sequence, event_id=event_id)
    new = row.on_conflict_do_nothing(index_elements=["sequence"]).returning(_inbox.c.sequence)
    return connection.execute(new).first() is not None


def there(connection: Connection, sequence: int | None) -> bool:
    """Was the event of this place seen?"""
    return connection.execute(select(_inbox.c.sequence).where(_inbox.c.sequence == sequence)).first() is not None
