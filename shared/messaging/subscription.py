"""The consumer of the stream: its own group, drained, supervised, swept; heals by itself whatever Redis loses."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx
from faststream import AckPolicy, Context
from faststream.redis import RedisBroker, StreamSub
from faststream.redis.message import RedisBatchStreamMessage
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError
from sqlalchemy.exc import SQLAlchemyError

from shared.events.streams import STREAM
from shared.messaging.cloud_event_format import CloudEventJSON, Entry, entry
from shared.messaging.inbox import Inbox
from shared.messaging.log_client import LogClient
from shared.messaging.stream_reading import claimed, ensure_group, group_lag, own_pending
from shared.observability import Check

_log = logging.getLogger(__name__)
_PASSING = (RedisError, OSError, TimeoutError, SQLAlchemyError, httpx.HTTPError)


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds, but for `batch` (entries) and `block_ms`. `claim_idle` is above twice the worst batch."""

    probe: float = 1.0
    back_off_most: float = 2.0
    claim_idle: float = 60.0
    hole: float = 3.0
    down_after: float = 30.0
    batch: int = 200
    block_ms: int = 1000


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
        self._inbox, self._on_commit, self._event_log = inbox, on_commit, log
        self._timing = timing or Timing()
        self._one_at_a_time = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._last_good = time.monotonic()
        self._reason: str | None = "starting"
        self._lag: int | None = None
        self._watermark: int | None = None
        self._hole_since: float | None = None

    async def run(self) -> None:
        """Sessions, one after another: what breaks one (Redis away, group lost) is met by the next."""
        wait = 0.1
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                await self._session()
            except _PASSING as error:
                self._reason = f"{type(error).__name__}: no contact with the stream or the database"
                _log.warning("session ended", extra={"fields": {"group": self._group, "error": type(error).__name__}})
            except Exception as error:  # a defect must not leave the service deaf for good
                self._reason = f"{type(error).__name__}: the reader failed and starts again"
                _log.exception("session failed")
            wait = 0.1 if time.monotonic() - started > 10 else min(wait * 2, self._timing.back_off_most)
            await self._pause(wait)

    async def stop(self) -> None:
        """End after the batch at hand; what was fetched and not applied is drained at the next start."""
        self._stopping.set()

    def check(self) -> Check:
        """`ok` with the lag; `degraded` while out of contact; `down` after 30 s (contract section 1)."""
        silent = time.monotonic() - self._last_good
        if silent > self._timing.down_after:
            return Check("down", self._reason or f"silent for {silent:.0f} s", self._watermark)
        if self._reason:
            return Check("degraded", self._reason, self._watermark)
        return Check("ok", f"lag {self._lag}" if self._lag else None, self._watermark)

    async def _session(self) -> None:
        broker = RedisBroker(
            self._url,
            message_format=CloudEventJSON,
            logger=None,  # type: ignore[arg-type]  # its INFO line per message costs a fifth
            graceful_timeout=20,
            socket_timeout=10,
            health_check_interval=15,
        )
        stream = StreamSub(
            STREAM,
            group=self._group,
            consumer=self._consumer,
            batch=True,
            max_records=self._timing.batch,
            polling_interval=self._timing.block_ms,
        )
        subscriber = broker.subscriber(stream=stream, ack_policy=AckPolicy.MANUAL)

        @subscriber
        async def on_batch(_body: Any, message: RedisBatchStreamMessage = Context("message")) -> None:
            raw = message.raw_message
            entries = [entry(i, fields) for i, fields in zip(raw["message_ids"], raw["data"], strict=True)]
            await self._apply_and_acknowledge(client, entries)

        try:
            client: Redis = await broker.connect()
            await ensure_group(client, self._group, await asyncio.to_thread(self._inbox.watermark))
            await self._catch_up(client)
            await self._drain(client)
            await broker.start()
            await self._supervise(client, lambda: subscriber.running)
        finally:
            await broker.stop()

    async def _supervise(self, client: Redis, running: Callable[[], bool]) -> None:
        """Until stopped or broken: probe, sweep, fill holes. FastStream's own reader stops at NOGROUP (trap T12)."""
        cursor = "0-0"
        while not self._stopping.is_set():
            if not running():
                raise ResponseError("the reader stopped")
            self._watermark = await asyncio.to_thread(self._inbox.watermark)
            self._lag = await group_lag(client, self._group, self._watermark)
            self._last_good, self._reason = time.monotonic(), None
            cursor, entries = await claimed(
                client, self._group, self._consumer, int(self._timing.claim_idle * 1000), cursor, self._timing.batch
            )
            await self._apply_and_acknowledge(client, entries)
            await self._fill_holes(client)
            await self._pause(self._timing.probe)

    async def _pause(self, seconds: float) -> None:
        """So long, or until told to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _apply_and_acknowledge(self, client: Redis, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        async with self._one_at_a_time:
            outcome = await asyncio.to_thread(self._inbox.process, entries)
        if outcome.acknowledge:
            await client.xack(STREAM, self._group, *outcome.acknowledge)
        if outcome.applied and self._on_commit:
            self._on_commit()

    async def _drain(self, client: Redis) -> None:
        """What this consumer fetched before it died is still its own (traps T3, T20)."""
        last = "0"
        while entries := await own_pending(client, self._group, self._consumer, last, self._timing.batch):
            await self._apply_and_acknowledge(client, entries)
            last = entries[-1].stream_id

    async def _fill_holes(self, client: Redis) -> None:
        """An event below what was applied that does not come for some seconds is fetched from the log."""
        if not await asyncio.to_thread(self._inbox.missing_below):
            self._hole_since = None
            return
        self._hole_since = self._hole_since or time.monotonic()
        if time.monotonic() - self._hole_since > self._timing.hole:
            self._hole_since = None
            await self._catch_up(client, force=True)

    async def _catch_up(self, client: Redis, *, force: bool = False) -> None:
        """Read the log where the stream begins above the watermark (a new consumer after a trim, a restored backup)."""
        if self._event_log is None:
            return
        watermark = await asyncio.to_thread(self._inbox.watermark)
        if not force and not await self._stream_begins_late(client, watermark):
            return
        after = watermark
        while True:
            entries = await self._event_log.page(after)
            if not entries:
                return
            async with self._one_at_a_time:
                outcome = await asyncio.to_thread(self._inbox.process, entries)
            if outcome.applied and self._on_commit:
                self._on_commit()
            after = int(entries[-1].stream_id.partition("-")[0])

    async def _stream_begins_late(self, client: Redis, watermark: int) -> bool:
        first: Any = await client.xrange(STREAM, count=1)
        begins = int(first[0][0].partition(b"-")[0]) if first else await self._after_last(client)
        delivered = await group_lag(client, self._group, watermark, delivered=True)
        return begins > watermark + 1 or (delivered or 0) > watermark

    async def _after_last(self, client: Redis) -> int:
        """Where an empty stream will go on; 1 when there is none yet."""
        info = await client.xinfo_stream(STREAM)
        return int(info["last-generated-id"].partition(b"-")[0]) + 1
