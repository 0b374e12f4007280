"""Committed events to the stream, in order, each once; finds what Redis lost and sends it again."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.registration import event_log
from services.registration.event_log import Head, LogEntry
from shared.database import reading, transaction
from shared.events.streams import CONSUMERS, FIELD, STREAM
from shared.observability import Check

AT_ONCE = 500
PROBE = 2.0
TRIM_EVERY = 30.0
"""So that what every consumer has read is gone within a minute (contract section 9)."""
_log = logging.getLogger(__name__)

# Compare and append in one step, all or nothing: only where the stream ends as we expect (trap N1, T25), and with
# the event we expect there, as a foreign entry may stand under any id (trap T23). The second argument is that
# event's id; it is empty where the last entry may have been trimmed.
_APPEND = """
local last = '0-0'
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'stream' and kind ~= 'none' then return 'foreign' end
if kind == 'stream' then
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then last = info[i + 1] end
  end
end
if last ~= ARGV[1] then return last end
if ARGV[2] ~= '' then
  local tail = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  if not tail or tail[1] ~= last or not string.find(table.concat(tail[2], ' '), ARGV[2], 1, true) then
    return 'foreign'
  end
end
for i = 3, #ARGV, 2 do
  last = redis.call('XADD', KEYS[1], ARGV[i], '__data__', ARGV[i + 1])
end
return last
"""


class Relay:
    """One task. Everything it knows stands in the database or in Redis, so it may die at any moment."""

    def __init__(self, engine: Engine, redis_url: str, *, probe: float = PROBE, trim_every: float = TRIM_EVERY) -> None:
        self._probe, self._trim_every = probe, trim_every
        self._engine = engine
        self._redis: Redis = Redis.from_url(redis_url, socket_timeout=10, health_check_interval=15)
        self._append = self._redis.register_script(_APPEND)
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._trouble: str | None = "starting"

    def wake(self) -> None:
        """Something was committed; callable from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake.set)

    def check(self) -> Check:
        """`degraded` while Redis is away: the door works on and the log keeps everything."""
        return Check("degraded", self._trouble) if self._trouble else Check("ok")

    async def run(self) -> None:
        """Send for ever; a lost Redis is met again and again until it is back."""
        self._loop = asyncio.get_running_loop()
        trimmed = self._loop.time()
        while True:
            self._wake.clear()
            try:
                while await self._send_some():
                    pass
                if self._loop.time() - trimmed > self._trim_every:
                    await self._trim()
                    trimmed = self._loop.time()
                self._trouble = None
                wait = self._probe
            except (RedisError, OSError, SQLAlchemyError) as error:
                self._trouble, wait = f"{type(error).__name__}: events wait in the log", self._probe / 2
                _log.warning("relay waits", extra={"fields": {"error": type(error).__name__}})
                await asyncio.sleep(wait)
            except Exception as error:  # a defect must not end the sending for good
                self._trouble, wait = f"{type(error).__name__}: the relay failed and starts again", self._probe / 2
                _log.exception("relay failed")
                await asyncio.sleep(wait)
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):  # in Python 3.11 wait_for may swallow a cancellation
                    await self._wake.wait()

    async def close(self) -> None:
        """Let go of the connection."""
        await self._redis.aclose()

    async def _send_some(self) -> bool:
        """One batch (an empty one compares all the same); True while there may be more to do."""
        head, event_id, entries = await asyncio.to_thread(self._next)
        expected = f"{head.published}-0" if head.published else "0-0"
        parts: list[Any] = [expected, event_id or ""]
        for entry in entries:
            parts += [f"{entry.sequence}-0", entry.on_stream()]
        last = (await self._append(keys=[STREAM], args=parts)).decode()
        sent_to = entries[-1].sequence if entries else head.published
        if last == (f"{sent_to}-0" if sent_to else "0-0"):
            await self._mark(sent_to)
            return len(entries) == AT_ONCE
        return await self._reconcile(last, head)

    def _next(self) -> tuple[Head, str | None, Sequence[LogEntry]]:
        """Where the log stands, the event that must be the last on the stream, and what is to be sent."""
        with reading(self._engine) as connection:
            head = event_log.head(connection)
            there = head.published > head.replay_floor
            event_id = event_log.event_id_at(connection, head.published) if there else None
            return head, event_id, event_log.read(connection, head.published, AT_ONCE)

    async def _mark(self, sequence: int) -> None:
        await asyncio.to_thread(self._write_mark, sequence)

    def _write_mark(self, sequence: int) -> None:
        with transaction(self._engine) as connection:
            if event_log.head(connection).published != sequence:
                event_log.mark_published(connection, sequence)

    async def _reconcile(self, last: str, head: Head) -> bool:
        """The stream does not end where it should: a loss, another relay's work, or a foreign entry.

        Whether the entry at the new mark is really ours is compared by the next round.
        """
        number, _, part = last.partition("-")
        sequence = int(number) if part == "0" else 0
        if part != "0" or sequence > head.assigned:
            return await self._rewrite(last)
        if sequence < head.published:
            return await self._loss(sequence, head)
        await self._mark(sequence)
        return True

    async def _loss(self, sequence: int, head: Head) -> bool:
        """Redis lost its tail or everything: go on after what it has, but not below what every consumer confirmed."""
        go_on = max(sequence, head.replay_floor)
        _log.error("the stream lost entries", extra={"fields": {"last": sequence, "published": head.published}})
        if go_on > sequence:
            await self._set_id(go_on)
        await self._mark(go_on)
        return True

    async def _rewrite(self, last: str) -> bool:
        """A foreign entry would have every later one of ours refused (trap T23): drop the stream, send from the floor.

        What follows is a total loss like any other: consumers make their groups again at their watermark, and their
        inbox drops what they had.
        """
        _log.critical("a foreign entry on the stream: rewriting it", extra={"fields": {"last": last}})
        await self._redis.delete(STREAM)
        return True

    async def _set_id(self, sequence: int) -> None:
        """An empty stream that goes on after a sequence."""
        async with self._redis.pipeline(transaction=True) as both:
            both.xadd(STREAM, {FIELD: b"-"}, id=f"{sequence}-0")
            both.xtrim(STREAM, maxlen=0, approximate=False)
            await both.execute()

    async def _trim(self) -> None:
        """Drop what every consumer has read, never more (trap T15); remember it as the replay floor."""
        try:
            groups = {found["name"].decode(): found for found in await self._redis.xinfo_groups(STREAM)}
        except RedisError:
            return
        if any(name not in groups for name in CONSUMERS):
            return
        lows = [await self._low(name, groups[name]) for name in CONSUMERS]
        confirmed = min(lows) - 1
        await asyncio.to_thread(self._confirm, confirmed)
        await self._redis.xtrim(STREAM, minid=f"{min(lows)}-0", approximate=False)

    async def _low(self, group: str, found: dict[str, Any]) -> int:
        """The lowest sequence this group may still need."""
        pending: Any = await self._redis.xpending_range(STREAM, group, "-", "+", 1)
        first = pending[0]["message_id"] if pending else None
        if first is not None:
            return int(first.partition(b"-")[0])
        return int(found["last-delivered-id"].partition(b"-")[0]) + 1

    def _confirm(self, sequence: int) -> None:
        with transaction(self._engine) as connection:
            event_log.mark_confirmed(connection, min(sequence, event_log.head(connection).published))
