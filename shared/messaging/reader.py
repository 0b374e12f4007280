"""FastStream's subscriber, watched: an error ends it instead of a hot loop, and its silence is noticed."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from faststream import AckPolicy, Context
from faststream.redis import RedisBroker, StreamSub
from faststream.redis.message import RedisBatchStreamMessage
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from shared.events.streams import STREAM
from shared.messaging.cloud_event_format import CloudEventJSON, Entry, entry
from shared.messaging.timing import Timing

Take = Callable[[Redis, Sequence[Entry]], Awaitable[None]]
"""Applies a batch and acknowledges what needs no further delivery."""


class Reader:
    """One subscriber for one session. `ensure_alive` says that it reads, or raises what ended it."""

    def __init__(self, redis_url: str, group: str, consumer: str, take: Take, timing: Timing) -> None:
        self._take, self._timing = take, timing
        self._broker = RedisBroker(
            redis_url,
            message_format=CloudEventJSON,
            logger=None,  # type: ignore[arg-type]  # its INFO line per message costs a fifth
            graceful_timeout=20,
            socket_timeout=10,
            socket_connect_timeout=5,
            health_check_interval=15,
        )
        stream = StreamSub(
            STREAM,
            group=group,
            consumer=consumer,
            batch=True,
            max_records=timing.batch,
            polling_interval=timing.block_ms,
        )
        self._subscriber = self._broker.subscriber(stream=stream, ack_policy=AckPolicy.MANUAL)
        self._subscriber(self._on_batch)
        self._client: Redis | None = None
        self._heard = time.monotonic()
        self._busy_since: float | None = None
        self._error: Exception | None = None

    async def connect(self) -> Redis:
        """The client of this session; nothing is read yet."""
        self._client = await self._broker.connect()
        return self._client

    async def start(self) -> None:
        """Begin to read what is new."""
        if self._client is None:
            raise RuntimeError("connect first")
        self._client.xreadgroup = self._watched(self._client.xreadgroup)  # type: ignore[method-assign]  # FastStream's one call
        self._heard = time.monotonic()
        await self._broker.start()

    async def stop(self) -> None:
        """End; the batch at hand is finished first, if it takes no longer than 20 s."""
        await self._broker.stop()

    @property
    def busy(self) -> float:
        """Seconds for which the batch at hand has been applied; 0 between batches."""
        return 0.0 if self._busy_since is None else time.monotonic() - self._busy_since

    def ensure_alive(self) -> None:
        """Raises what ended the reader, or TimeoutError when it hangs; a batch at hand is no hanging."""
        if self._error:
            raise self._error
        if not self._subscriber.running:
            raise ResponseError("the reader stopped")
        if self._busy_since is None and time.monotonic() - self._heard > self._timing.deaf:
            raise TimeoutError("the reader hangs")

    def _watched(self, read: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """FastStream meets any ResponseError but NOGROUP by asking again at once, for ever (trap T13).

        On any other error, a lost connection too, it sleeps for five seconds each time; a new session is quicker.
        """

        async def xreadgroup(*args: Any, **kwargs: Any) -> Any:
            try:
                found = None if self._error else await read(*args, **kwargs)
            except Exception as error:  # whatever it is, the supervisor meets it
                self._error = error
            if self._error:
                await asyncio.Event().wait()  # until the supervisor ends this session
            self._heard = time.monotonic()
            return found

        return xreadgroup

    async def _on_batch(self, _body: Any, message: RedisBatchStreamMessage = Context("message")) -> None:
        raw = message.raw_message
        entries = [entry(i, fields) for i, fields in zip(raw["message_ids"], raw["data"], strict=True)]
        if self._client is None:
            return
        self._busy_since = time.monotonic()
        try:
            await self._take(self._client, entries)
        except Exception as error:  # seen by the supervisor; nothing was acknowledged (T5, T18)
            self._error = error
            raise
        finally:
            self._busy_since, self._heard = None, time.monotonic()
