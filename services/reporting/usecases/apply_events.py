"""Taking in events: the newest state of every subject, whatever the order and however often they come."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from services.reporting.store.erasures import Erasure, erase, forget_pids, pending_erasures, renamed
from services.reporting.store.projections import PROJECTIONS, Projection, Row
from services.reporting.store.states import save_states, settle
from services.reporting.store.tallies.keeping import count_anew
from services.reporting.store.tallies.touching import touched_by
from shared.events.envelope import StreamEvent
from shared.events.persons import ParticipantErasedV1
from shared.messaging.position import settled


def apply(connection: Connection, events: Sequence[StreamEvent]) -> None:
    """Join the caller's transaction and bring the tables up to date with a batch (contract section 4).

    An erasure cuts the log in two: what stands before it gets the token, what comes after is a new person. What facts
    add up to is counted anew for the activities that something was said about (decision 0031).
    """
    mark = settled(connection)
    states: list[StreamEvent] = []
    touched: set[str] = set()
    for event in events:
        if isinstance(event.data, ParticipantErasedV1):
            touched |= erase(connection, Erasure(event.sequence, event.data.pid, event.data.token))
        else:
            states.append(event)
    touched |= _save(connection, states, mark)
    touched |= settle(connection, mark)
    count_anew(connection, touched)
    forget_pids(connection, mark)


def _save(connection: Connection, events: Iterable[StreamEvent], mark: int) -> set[str]:
    touched: set[str] = set()
    rows: dict[Projection, list[Row]] = {}
    for event in events:
        projection = PROJECTIONS[event.name]
        rows.setdefault(projection, []).append(projection.row(event, mark))
    erasures = pending_erasures(connection) if rows else {}
    for projection, states in rows.items():
        mended = [renamed(row, erasures) for row in states] if erasures and projection.of_persons else states
        touched |= touched_by(connection, projection, mended)
        save_states(connection, projection, mended)
    return touched
