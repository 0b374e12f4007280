"""One transaction per batch: what is new, its effect, how far we are; acknowledge afterwards."""

import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import OperationalError

from shared.clock import Clock
from shared.database import reading, table_of, transaction, upsert
from shared.events.envelope import StreamEvent, UnreadableEvent, read_event
from shared.messaging.cloud_event_format import Entry
from shared.messaging.dead_letters import dead_letter, keep
from shared.messaging.tables import AttemptRow, InboxRow, PositionRow

Apply = Callable[[Connection, Sequence[StreamEvent]], None]
"""The service's use case: joins the transaction, has no effect outside it, takes events in any order."""

MAX_ATTEMPTS = 8
_POSITION = "main"
_WALK = 5000
_inbox, _position, _attempts = table_of(InboxRow), table_of(PositionRow), table_of(AttemptRow)
_log = logging.getLogger(__name__)


class Outcome(NamedTuple):
    """What became of a batch: ids to acknowledge, and how many events had their effect just now."""

    acknowledge: list[str]
    applied: int


class Inbox:
    """Gives every event exactly one effect in this database, however often and in whatever order it comes."""

    def __init__(self, engine: Engine, apply: Apply, clock: Clock) -> None:
        self._engine = engine
        self._apply = apply
        self._clock = clock

    def process(self, entries: Sequence[Entry]) -> Outcome:
        """Apply a batch. A failing event stays unacknowledged until its last attempt, then becomes a dead letter.

        Raises only what no entry is to blame for (the database is away); then nothing of the open transaction stands.
        """
        events, letters = self._read(entries)
        if letters:
            with transaction(self._engine) as connection:
                keep(connection, list(letters.values()))
        try:
            applied = self._together([event for _, event in events])
            return Outcome([entry.stream_id for entry in entries], applied)
        except OperationalError:
            raise
        except Exception:
            _log.warning("a batch of %d failed; trying its events one at a time", len(events), exc_info=True)
        results = [(entry, self._alone(entry, event)) for entry, event in events]
        done = [entry.stream_id for entry, ok in results if ok]
        return Outcome([*letters, *done], len(done))

    def watermark(self) -> int:
        """Every event up to this sequence had its effect; 0 before the first."""
        with reading(self._engine) as connection:
            return _watermark(connection)

    def missing_below(self) -> bool:
        """Is there a hole: something applied above the watermark, so that an event below has not come?"""
        with reading(self._engine) as connection:
            above = select(_inbox.c.sequence).where(_inbox.c.sequence > _watermark(connection)).limit(1)
            return connection.execute(above).first() is not None

    def _read(self, entries: Sequence[Entry]) -> tuple[list[tuple[Entry, StreamEvent]], dict[str, dict[str, object]]]:
        events: list[tuple[Entry, StreamEvent]] = []
        letters: dict[str, dict[str, object]] = {}
        for entry in entries:
            try:
                event = read_event(entry.body)
                if entry.stream_id != f"{event.sequence}-0":
                    raise UnreadableEvent("the stream id is not the event's sequence")
                events.append((entry, event))
            except UnreadableEvent as error:
                _log.error("dead letter", extra={"fields": {"streamId": entry.stream_id, "reason": str(error)}})
                letters[entry.stream_id] = dead_letter(entry.stream_id, entry.body, str(error), 1, self._clock())
        return events, letters

    def _together(self, events: Sequence[StreamEvent]) -> int:
        """All in one transaction; duplicates drop out."""
        with transaction(self._engine) as connection:
            fresh = _take_in(connection, events)
            if fresh:
                self._apply(connection, fresh)
                connection.execute(delete(_attempts).where(_attempts.c.sequence.in_([e.sequence for e in fresh])))
                _walk_on(connection)
            return len(fresh)

    def _alone(self, entry: Entry, event: StreamEvent) -> bool:
        """One event by itself; True when it needs no further delivery."""
        try:
            self._together([event])
            return True
        except OperationalError:
            raise
        except Exception as error:
            _log.exception("event failed", extra={"fields": {"sequence": event.sequence, "type": event.type}})
            return self._failed(entry, event, f"{type(error).__name__} while applying")

    def _failed(self, entry: Entry, event: StreamEvent, reason: str) -> bool:
        """Count the attempt; after the last one: dead letter and inbox row together, so that no replay revives it."""
        with transaction(self._engine) as connection:
            attempts = _count_attempt(connection, event.sequence, reason)
            if attempts < MAX_ATTEMPTS:
                return False
            keep(connection, [dead_letter(entry.stream_id, entry.body, reason, attempts, self._clock(), event.type)])
            _take_in(connection, [event])
            _walk_on(connection)
        return True


def _take_in(connection: Connection, events: Sequence[StreamEvent]) -> list[StreamEvent]:
    """Insert inbox rows; returns the events that were not there, each sequence once, in log order.

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


def _watermark(connection: Connection, *, lock: bool = False) -> int:
    statement = select(_position.c.watermark).where(_position.c.name == _POSITION)
    return connection.execute(statement.with_for_update() if lock else statement).scalar() or 0


def _walk_on(connection: Connection) -> None:
    """Move the watermark over inbox rows without a gap; never to the maximum, so that no open retry is passed."""
    first = upsert(connection, _position).values(name=_POSITION, watermark=0)
    connection.execute(first.on_conflict_do_nothing(index_elements=["name"]))
    start = mark = _watermark(connection, lock=True)
    while True:
        above = select(_inbox.c.sequence).where(_inbox.c.sequence > mark).order_by(_inbox.c.sequence).limit(_WALK)
        found = connection.execute(above).scalars().all()
        before = mark
        for sequence in found:
            if sequence != mark + 1:
                break
            mark = sequence
        if mark - before < _WALK:
            break
    if mark > start:
        connection.execute(update(_position).where(_position.c.name == _POSITION).values(watermark=mark))


def _count_attempt(connection: Connection, sequence: int, reason: str) -> int:
    mine = _attempts.c.sequence == sequence
    attempts = (connection.execute(select(_attempts.c.attempts).where(mine)).scalar() or 0) + 1
    if attempts == 1:
        connection.execute(insert(_attempts).values(sequence=sequence, attempts=1, reason=reason))
    else:
        connection.execute(update(_attempts).where(mine).values(attempts=attempts, reason=reason))
    return attempts
