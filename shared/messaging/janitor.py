"""Sweeps the group: takes over what lies too long, whoever fetched it, and removes consumers that are gone."""

import logging
import time
from collections.abc import Callable, Sequence

from redis.asyncio import Redis

from shared.events.streams import STREAM
from shared.messaging.reader import Take
from shared.messaging.stream_reading import claimed, own_pending, remove_gone
from shared.messaging.timing import Timing
from shared.messaging.vital_signs import VitalSigns

_log = logging.getLogger(__name__)


class Janitor:
    """One for one session."""

    def __init__(self, client: Redis, group: str, consumer: str, take: Take, timing: Timing, signs: VitalSigns) -> None:
        self._client, self._group, self._consumer = client, group, consumer
        self._take, self._timing, self._signs = take, timing, signs
        self._cursor = "0-0"
        self._tidied = 0.0

    async def drain(self, stopping: Callable[[], bool]) -> None:
        """What this consumer fetched before it died is still its own (traps T3, T20); ends early when told to stop."""
        last = "0"
        while not stopping():
            found = await own_pending(self._client, self._group, self._consumer, last, self._timing.batch)
            if found.last is None:
                return
            await self._lost(found.deleted)
            await self._take(self._client, found.entries)
            last = found.last

    async def sweep(self) -> None:
        """Once a probe."""
        idle = int(self._timing.claim_idle * 1000)
        found = await claimed(self._client, self._group, self._consumer, idle, self._cursor, self._timing.batch)
        self._cursor = found.last or "0-0"
        await self._lost(found.deleted)
        await self._take(self._client, found.entries)
        if time.monotonic() - self._tidied > self._timing.tidy:
            self._tidied = time.monotonic()
            gone = int(self._timing.gone_after * 1000)
            self._signs.deleted += await remove_gone(self._client, self._group, self._consumer, gone)

    async def _lost(self, deleted: Sequence[bytes]) -> None:
        """Gone from the stream before they were acknowledged; the log fills the hole."""
        if deleted:
            self._signs.deleted += len(deleted)
            _log.error("entries were deleted before they were read", extra={"fields": {"entries": len(deleted)}})
            await self._client.xack(STREAM, self._group, *deleted)
