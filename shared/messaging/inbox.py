"""One transaction per batch: what is new, its effect, how far we are; acknowledge afterwards."""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from shared.clock import Clock
from shared.database import reading, scrub, table_of, transaction
from shared.events.envelope import StreamEvent
from shared.events.persons import ParticipantErasedV1
from shared.messaging import dead_letters, doubt, position, seen
from shared.messaging.cloud_event_format import Entry
from shared.messaging.entries import Unreadable, named, place, read_batch
from shared.messaging.tables import AttemptRow

Apply = Callable[[Connection, Sequence[StreamEvent]], None]
"""The service's use case: joins the transaction, has no effect outside it, takes events in any order."""

Fate = Literal["applied", "duplicate", "given-up", "open"]
MAX_ATTEMPTS = 8
_LET_READ = 60.0
_attempts = table_of(AttemptRow)
_log = logging.getLogger(__name__)


class Outcome(NamedTuple):
    """What became of a batch: ids to acknowledge, how many events had their effect just now, how many had it before."""

    acknowledge: list[str]
    applied: int
    duplicates: int = 0


class Inbox:
    """Gives every event exactly one effect in this database, however often and in whatever order it comes.

    `engine` and `apply` are its parts: the consumer's database, and the service's use case.
    """

    def __init__(self, engine: Engine, apply: Apply, clock: Clock) -> None:
        self.engine = engine
        self.apply = apply
        self._clock = clock
        self._forgot = 0
        """The last erasure whose former pages may still be on disk."""
        self._clean_after = 0.0

    def process(self, entries: Sequence[Entry], *, from_log: bool = False) -> Outcome:
        """Apply a batch. A failing event stays unacknowledged until its last attempt, then becomes a dead letter.

        What cannot be read becomes one at once. On the stream it may be a forgery: the event of that place is awaited
        still. `from_log`: the entries are the event log's own, so what cannot be read counts as seen.
        Raises only what no entry is to blame for (the database is away); then nothing of the open transaction stands.
        """
        outcome = self._processed(entries, from_log=from_log)
        self.leave_no_page()
        return outcome

    def _processed(self, entries: Sequence[Entry], *, from_log: bool) -> Outcome:
        batch = read_batch(entries)
        if batch.unreadable:
            self._bury(batch.unreadable, from_log=from_log)
        events = [event for _, event in batch.events]
        try:
            applied = self._together(events)
            return Outcome([entry.stream_id for entry in entries], applied, len(events) - applied)
        except Exception as error:
            if database_is_away(error):
                raise
            _log.warning("a batch of %d failed; trying its events one at a time", len(events), exc_info=True)
        buried = [found.entry.stream_id for found in batch.unreadable]
        became = {entry.stream_id: self._alone(entry, event) for entry, event in batch.events}
        done = [stream_id for stream_id, fate in became.items() if fate != "open"]
        fates = list(became.values())
        return Outcome([*buried, *done], fates.count("applied"), fates.count("duplicate"))

    def watermark(self) -> int:
        """Every event up to this sequence had its effect; 0 before the first."""
        with reading(self.engine) as connection:
            return position.watermark(connection)

    def standing(self) -> position.Standing:
        """How far it is, and what holds it there."""
        with reading(self.engine) as connection:
            return position.standing(connection)

    def begin(self, head: int) -> None:
        """The log is about to be read by a database that may be empty; this is its head."""
        with transaction(self.engine) as connection:
            position.lock(connection)
            doubt.begin(connection, head)

    def leave_no_page(self) -> None:
        """After the commit of an erasure, and until nothing older can come: no former page stays on disk.

        Where somebody reads too long, it is tried again a minute later: meanwhile nobody could write.
        """
        if not self._forgot or time.monotonic() < self._clean_after:
            return
        try:
            if not scrub(self.engine):
                self._clean_after = time.monotonic() + _LET_READ
            elif self.watermark() >= self._forgot:
                self._forgot = 0
        except Exception:
            _log.exception("former pages may still be on disk")

    def take_in(self, connection: Connection, events: Sequence[StreamEvent]) -> int:
        """Give those that are new their effect, in a transaction that holds `position.lock`; returns how many."""
        fresh = seen.take(connection, events)
        if fresh:
            self._effect(connection, fresh)
        return len(fresh)

    def reapply(self, connection: Connection, event: StreamEvent) -> None:
        """Give an event that was given up its effect, in a transaction that holds `position.lock`."""
        seen.take(connection, [event])
        self._effect(connection, [event])

    def _effect(self, connection: Connection, events: Sequence[StreamEvent]) -> None:
        self.apply(connection, events)
        connection.execute(delete(_attempts).where(_attempts.c.sequence.in_([event.sequence for event in events])))
        dead_letters.effect_came(connection, [f"{event.sequence}-0" for event in events])
        doubt.note(connection, events)
        for event in events:
            if isinstance(event.data, ParticipantErasedV1):
                dead_letters.forget(connection, event.data.pid, event.data.token)
                self._forgot = max(self._forgot, event.sequence)
        position.walk_on(connection)

    def _together(self, events: Sequence[StreamEvent]) -> int:
        """All in one transaction; duplicates drop out."""
        if not events:
            return 0
        with transaction(self.engine) as connection:
            position.lock(connection)
            return self.take_in(connection, events)

    def _alone(self, entry: Entry, event: StreamEvent) -> Fate:
        """One event by itself; all but an `open` one need no further delivery."""
        try:
            return "applied" if self._together([event]) else "duplicate"
        except Exception as error:
            if database_is_away(error):
                raise
            _log.exception("event failed", extra={"fields": {"sequence": event.sequence, "type": event.type}})
            return self._failed(entry, event, f"{type(error).__name__} while applying")

    def _failed(self, entry: Entry, event: StreamEvent, reason: str) -> Fate:
        """Count the attempt; after the last one: dead letter and inbox row together, so that no replay revives it."""
        with transaction(self.engine) as connection:
            position.lock(connection)
            attempts = _count_attempt(connection, event.sequence, reason)
            if attempts < MAX_ATTEMPTS:
                return "open"
            # An erasure keeps its body: the log loses the pid as soon as all have passed, and here it is still in use.
            body = entry.body if isinstance(event.data, ParticipantErasedV1) else b""
            letter = dead_letters.given_up(entry.stream_id, event.type, reason, attempts, self._clock(), body)
            dead_letters.keep(connection, [letter])
            connection.execute(delete(_attempts).where(_attempts.c.sequence == event.sequence))
            seen.take(connection, [event])
            position.walk_on(connection)
        return "given-up"

    def _bury(self, found: Sequence[Unreadable], *, from_log: bool) -> None:
        with transaction(self.engine) as connection:
            position.lock(connection)
            letters = [letter for one in found if (letter := self._letter(connection, one, from_log=from_log))]
            dead_letters.keep(connection, letters)
            position.walk_on(connection)
        for letter in letters:
            fields = {"streamId": letter["stream_id"], "reason": letter["reason"]}
            _log.error("dead letter", extra={"fields": fields})

    def _letter(self, connection: Connection, found: Unreadable, *, from_log: bool) -> dead_letters.Letter | None:
        stream_id, at = found.entry.stream_id, place(found.entry.stream_id)
        if not from_log or at is None:
            passed = seen.there(connection, at)
            return dead_letters.unreadable(found.entry, found.reason, self._clock(), passed=passed)
        event_id, event_type = named(found.entry)
        if not seen.pass_over(connection, at, event_id):
            return None
        return dead_letters.given_up(stream_id, event_type, found.reason, 1, self._clock())


def database_is_away(error: Exception) -> bool:
    """Is no event to blame: no connection, a lock that was not had in time, a full disk? Then nothing is counted."""
    away = isinstance(error, OperationalError | InterfaceError | NoConnectionFree)
    return away or (isinstance(error, DBAPIError) and error.connection_invalidated)


def _count_attempt(connection: Connection, sequence: int, reason: str) -> int:
    mine = _attempts.c.sequence == sequence
    attempts = (connection.execute(select(_attempts.c.attempts).where(mine)).scalar() or 0) + 1
    if attempts == 1:
        connection.execute(insert(_attempts).values(sequence=sequence, attempts=1, reason=reason))
    else:
        connection.execute(update(_attempts).where(mine).values(attempts=attempts, reason=reason))
    return attempts
