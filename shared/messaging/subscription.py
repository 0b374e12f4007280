"""The consumer of the stream: its own group, drained, supervised, swept; heals by itself whatever Redis loses."""

import asyncio
import logging
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from shared.events.streams import STREAM
from shared.messaging.catch_up import CatchUp
from shared.messaging.cloud_event_format import Entry
from shared.messaging.inbox import Inbox
from shared.messaging.janitor import Janitor
from shared.messaging.log_client import LogClient
from shared.messaging.metrics import ConsumerMetrics, published
from shared.messaging.reader import Reader
from shared.messaging.stream_reading import ends_at, ensure_group, not_coming
from shared.messaging.timing import Timing
from shared.messaging.vital_signs import VitalSigns
from shared.observability import Check

_log = logging.getLogger(__name__)
_PASSING = (RedisError, OSError, TimeoutError, SQLAlchemyError, httpx.HTTPError)


def consumer_name(service: str, port: int) -> str:
    """Of one process: the same over restarts, so that it finds what it had fetched; another's is another."""
    return f"{service}-{socket.gethostname()}-{port}"


class StreamConsumer:
    """Reads the stream for one service. `run` never ends by itself; `check` says whether it lives."""

    def __init__(
        self,
        *,
        redis_url: str,
        group: str,
        consumer: str,
        inbox: Inbox,
        on_commit: Callable[[], None] | None = None,
        log: LogClient | None = None,
        timing: Timing | None = None,
    ) -> None:
        self._url, self._group, self._consumer = redis_url, group, consumer
        self._inbox, self._on_commit = inbox, on_commit
        self._timing = timing or Timing()
        self._signs = VitalSigns(self._timing.down_after)
        self._catch_up = CatchUp(inbox, log, self._take_from_log, self._timing)
        self._metrics = ConsumerMetrics(group, self._signs, inbox.engine)
        self._one_at_a_time = asyncio.Lock()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Until stopped; the numbers are in `/metrics` meanwhile."""
        with published(self._metrics):
            await self._sessions()

    async def _sessions(self) -> None:
        """One after another: what breaks one (Redis away, group lost) is met by the next."""
        wait = 0.1
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                await self._session()
            except _PASSING as error:
                self._signs.reason = f"{type(error).__name__}: no contact with the stream or the database"
                _log.warning("session ended", extra={"fields": {"group": self._group, "error": type(error).__name__}})
            except Exception as error:  # a defect must not leave the service deaf for good
                self._signs.reason = f"{type(error).__name__}: the reader failed and starts again"
                _log.exception("session failed")
            wait = 0.1 if time.monotonic() - started > 10 else min(wait * 2, self._timing.back_off_most)
            await self._pause(wait)

    async def stop(self) -> None:
        """End after the batch at hand; what was fetched and not applied is drained at the next start."""
        self._catch_up.stop()
        self._stopping.set()

    def check(self) -> Check:
        """`ok` with the lag; `degraded` while out of contact; `down` after 30 s (contract section 1)."""
        return self._signs.check()

    async def _session(self) -> None:
        reader = Reader(self._url, self._group, self._consumer, self._take, self._timing)
        try:
            client = await reader.connect()
            await ensure_group(client, self._group, await asyncio.to_thread(self._inbox.watermark))
            janitor = Janitor(client, self._group, self._consumer, self._take, self._timing, self._signs)
            await janitor.drain(self._stopping.is_set)
            self._catch_up.owe(await not_coming(client, await asyncio.to_thread(self._inbox.watermark)))
            await self._catch_up.look()
            await reader.start()
            await self._supervise(client, reader, janitor)
        finally:
            await reader.stop()

    async def _supervise(self, client: Redis, reader: Reader, janitor: Janitor) -> None:
        """Until stopped or broken: probe, sweep, fill holes. FastStream's own reader stops at NOGROUP (trap T12)."""
        while not self._stopping.is_set():
            reader.ensure_alive()
            last, delivered = await ends_at(client, self._group)
            mark = await asyncio.to_thread(self._inbox.watermark)
            self._signs.watermark, self._signs.lag = mark, max(0, last - mark)
            self._signs.reason = self._catch_up.trouble
            if reader.busy < self._timing.deaf:
                self._signs.beat()
            else:  # the stream answers, but what it brought is not taken in
                self._signs.reason = f"a batch has been applied for {reader.busy:.0f} s and is not done"
            await janitor.sweep()
            await self._catch_up.look(delivered)
            await self._pause(self._timing.probe)

    async def _pause(self, seconds: float) -> None:
        """So long, or until told to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _take(self, client: Redis, entries: Sequence[Entry]) -> None:
        """Apply entries of the stream; acknowledge after the commit."""
        if acknowledge := await self._apply(entries, from_log=False):
            await client.xack(STREAM, self._group, *acknowledge)

    async def _take_from_log(self, entries: Sequence[Entry]) -> None:
        await self._apply(entries, from_log=True)
        self._signs.beat()

    async def _apply(self, entries: Sequence[Entry], *, from_log: bool) -> list[str]:
        if not entries:
            return []
        async with self._one_at_a_time:
            outcome = await asyncio.to_thread(self._inbox.process, entries, from_log=from_log)
        self._signs.batches += 1
        self._signs.applied += outcome.applied
        self._signs.duplicates += outcome.duplicates
        if outcome.applied and self._on_commit:
            self._on_commit()
        return outcome.acknowledge
