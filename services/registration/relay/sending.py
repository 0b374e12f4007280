"""The log against the stream: what is next, whether the stream ends where it should, and what to do when not."""

import asyncio
import logging
from collections.abc import Sequence

from sqlalchemy import Engine

from services.registration import event_log
from services.registration.event_log import Head, LogEntry
from services.registration.relay.stream import Stream, entry_id
from services.registration.relay.tidying import Tidying
from shared.database import reading, scrub, transaction

_log = logging.getLogger(__name__)


class Sender:
    """Everything it knows stands in the database or in Redis, so it may die at any moment."""

    def __init__(self, engine: Engine, stream: Stream) -> None:
        self._engine, self._stream = engine, stream
        self._tidying = Tidying(stream)

    async def step(self, at_most: int) -> bool:
        """Compare, and send a batch (none at all: compare only); True while there may be more to do."""
        head, event_id, entries = await asyncio.to_thread(self._next, at_most)
        last = await self._stream.append(head.published, event_id, entries)
        sent_to = entries[-1].sequence if entries else head.published
        if last == entry_id(sent_to):
            await self._mark(sent_to)
            return bool(entries)  # whether they are ours that end there is compared by the next round, before any trim
        return await self._reconcile(last)

    async def trim(self) -> None:
        """Drop what every consumer has read, once it is remembered as the replay floor."""
        lowest = await self._stream.lowest_needed()
        if lowest is not None:
            sealed = await asyncio.to_thread(self._confirm, lowest - 1)
            await self._stream.trim(lowest)
            await self._tidying.after_trim(lowest, sealed)

    def _next(self, at_most: int) -> tuple[Head, str | None, Sequence[LogEntry]]:
        """Where the log stands, the event that must be the last on the stream, and what is to be sent."""
        with reading(self._engine) as connection:
            head = event_log.head(connection)
            there = head.published > head.replay_floor
            event_id = event_log.event_id_at(connection, head.published) if there else None
            return head, event_id, event_log.read(connection, head.published, at_most)

    async def head(self) -> Head:
        """Where log and stream stand."""
        return await asyncio.to_thread(self._head)

    def _head(self) -> Head:
        with reading(self._engine) as connection:
            return event_log.head(connection)

    async def _mark(self, sequence: int) -> None:
        await asyncio.to_thread(self._write_mark, sequence)

    def _write_mark(self, sequence: int) -> None:
        if self._head().published != sequence:
            with transaction(self._engine) as connection:
                event_log.mark_published(connection, sequence)

    async def _reconcile(self, last: str) -> bool:
        """The stream does not end where it should: a loss, another relay's work, or a foreign entry.

        The log is looked at anew, as another relay may have sent what was committed since. Whether the entry at
        the new mark is really ours is compared by the next round.
        """
        head = await self.head()
        number, _, part = last.partition("-")
        sequence = int(number) if part == "0" else 0
        if part != "0" or sequence > head.assigned:
            await self._rewrite(last)
        elif sequence < head.published:
            await self._loss(sequence, head)
        else:
            await self._mark(sequence)
        return True

    async def _loss(self, sequence: int, head: Head) -> None:
        """Redis lost its tail or everything: go on after what it has, but not below what every consumer confirmed."""
        go_on = max(sequence, head.replay_floor)
        _log.error("the stream lost entries", extra={"fields": {"last": sequence, "published": head.published}})
        if go_on > sequence:
            await self._stream.go_on(sequence, go_on)
        await self._mark(go_on)

    async def _rewrite(self, last: str) -> None:
        """A foreign entry would have every later one of ours refused (trap T23): drop the stream, send from the floor.

        What follows is a total loss like any other: consumers make their groups again at their watermark, and their
        inbox drops what they had.
        """
        _log.critical("a foreign entry on the stream: rewriting it", extra={"fields": {"last": last}})
        await self._stream.drop()

    def _confirm(self, sequence: int) -> int | None:
        with transaction(self._engine) as connection:
            sealed = event_log.mark_confirmed(connection, min(sequence, event_log.head(connection).published))
        if sealed is not None and not scrub(self._engine):
            _log.warning("former pages stay on disk: somebody reads")
        return sealed
