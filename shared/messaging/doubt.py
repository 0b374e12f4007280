"""Whether rows here may name somebody whose erasure came without a name, as it does to a restored backup.

The log loses the pid of an erasure once every consumer has applied it. A database that was restored from before it
gets the erasure without the pid, and cannot tell which of its rows are meant: then it is in doubt until it is made
again from the log (decision 0014).
"""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select, update

from shared.database import table_of, upsert
from shared.events.envelope import StreamEvent
from shared.events.persons import ParticipantErasedV1
from shared.messaging.tables import InboxRow, PositionRow

_BEGAN, _DOUBT = "began", "doubt"
_position, _inbox = table_of(PositionRow), table_of(InboxRow)


def begin(connection: Connection, head: int) -> None:
    """An empty database reads the log, whose head is this: of erasures up to there the log names nobody any more.

    So no row can come in that such an erasure would have to find. Without effect where anything came in before.
    """
    if connection.execute(select(_inbox.c.sequence).limit(1)).first() is None:
        _set(connection, _BEGAN, head)


def note(connection: Connection, events: Sequence[StreamEvent]) -> None:
    """Of events that take effect just now: an erasure without a name puts this database in doubt."""
    nameless = [event.sequence for event in events if _nameless(event)]
    if nameless and max(nameless) > (_get(connection, _BEGAN) or 0):
        _set(connection, _DOUBT, max(nameless))


def since(connection: Connection) -> int | None:
    """The place in the log of the last erasure that left a doubt; None: there is none."""
    return _get(connection, _DOUBT)


def dispel(connection: Connection, upto: int) -> bool:
    """The rows are what the log says up to here; True where that ends a doubt."""
    mine = (_position.c.name == _DOUBT) & (_position.c.watermark <= upto)
    return connection.execute(delete(_position).where(mine)).rowcount > 0


def _nameless(event: StreamEvent) -> bool:
    return isinstance(event.data, ParticipantErasedV1) and event.data.pid == event.data.token


def _get(connection: Connection, name: str) -> int | None:
    return connection.execute(select(_position.c.watermark).where(_position.c.name == name)).scalar()


def _set(connection: Connection, name: str, sequence: int) -> None:
    row = upsert(connection, _position).values(name=name, watermark=sequence)
    connection.execute(row.on_conflict_do_nothing(index_elements=["name"]))
    lower = (_position.c.name == name) & (_position.c.watermark < sequence)
    connection.execute(update(_position).where(lower).values(watermark=sequence))
