"""The stream's side of the relay: the only module here that speaks to Redis."""

import time
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError

from services.registration.event_log import LogEntry
from services.registration.relay.server import Limits, Server, demand_no_eviction, fullness
from shared.events.streams import CONSUMERS, STREAM

FOREIGN = "foreign"
"""What stands at the end is no event of the log."""
_LOOK_EVERY, _LOOK_AFTER = 0.5, 500
"""Seconds, and entries, after which it is looked whether there is room."""

_LAST = """
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
"""

# Compare and append in one step, all or nothing: only where the stream ends as we expect (trap N1, T25), and with
# the event we expect there, as a foreign entry may stand under any id (trap T23). The second argument is that
# event's id; it is empty where the last entry may have been trimmed.
_APPEND = (
    _LAST
    + """
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
)

# An empty stream that goes on after a number; only where the stream still ends as it was seen to.
_GO_ON = (
    _LAST
    + """
redis.call('XADD', KEYS[1], ARGV[2], '__data__', '-')
redis.call('XDEL', KEYS[1], ARGV[2])
return ARGV[2]
"""
)


def entry_id(sequence: int) -> str:
    """Under which id an event stands; 0 is before the first."""
    return f"{sequence}-0"


class Stream:
    """A connection that is met anew by whoever calls next: redis-py tries nothing twice behind our back."""

    def __init__(self, url: str, limits: Limits) -> None:
        self._limits = limits
        self._redis: Redis = Redis.from_url(
            url,
            socket_timeout=10,
            socket_connect_timeout=5,
            health_check_interval=15,
            retry=Retry(NoBackoff(), 0),
            redis_connect_func=Server().inspect,
        )
        self._append = self._redis.register_script(_APPEND)
        self._go_on = self._redis.register_script(_GO_ON)
        self._looked, self._since = 0.0, 0
        self._full: str | None = None

    async def close(self) -> None:
        """Let go of the connection."""
        await self._redis.aclose()

    async def append(self, after: int, event_id: str | None, entries: Sequence[LogEntry]) -> str:
        """Append where the stream ends at `after` (with this event); the id at which it ends now, or FOREIGN."""
        parts: list[Any] = [entry_id(after), event_id or ""]
        for entry in entries:
            parts += [entry_id(entry.sequence), entry.on_stream()]
        self._since += len(entries)
        return _text(await self._append(keys=[STREAM], args=parts))

    async def go_on(self, seen: int, sequence: int) -> None:
        """Where the stream still ends at `seen`: let it end at `sequence`, without an entry there."""
        await self._go_on(keys=[STREAM], args=[entry_id(seen), entry_id(sequence)])

    async def drop(self) -> None:
        """Away with it; consumers make their groups again."""
        await self._redis.delete(STREAM)

    async def full(self, *, now: bool = False) -> str | None:
        """Why nothing more may be sent for now. Not looked at for every event, unless it must be `now`."""
        if now or self._since >= _LOOK_AFTER or time.monotonic() - self._looked > _LOOK_EVERY:
            memory = await self._redis.info("memory")
            demand_no_eviction(memory)
            self._full = fullness(await self._length(), memory, self._limits)
            self._looked, self._since = time.monotonic(), 0
        return self._full

    async def empty(self) -> bool:
        """Nothing is on it."""
        return not await self._length()

    async def rewrite_files(self) -> bool:
        """Have the server write its append-only file anew; False where one is being written already.

        A server without such a file has nothing to do. Raises ResponseError where it refuses.
        """
        persistence: Any = await self._redis.info("persistence")
        if not int(persistence.get("aof_enabled", 0)):
            return True
        if int(persistence.get("aof_rewrite_in_progress", 0)) or int(persistence.get("rdb_bgsave_in_progress", 0)):
            return False
        await self._redis.bgrewriteaof()
        return True

    async def _length(self) -> int:
        """Entries on the stream; 0 where something else stands in its place, which the next append finds."""
        try:
            return int(await self._redis.xlen(STREAM))
        except ResponseError:
            return 0

    async def lowest_needed(self) -> int | None:
        """The lowest number that a consumer may still need; None while it cannot be known."""
        try:
            groups = {found["name"].decode(): found for found in await self._redis.xinfo_groups(STREAM)}
        except ResponseError:
            return None
        if any(name not in groups for name in CONSUMERS):
            return None
        return min([await self._low(name, groups[name]) for name in CONSUMERS])

    async def _low(self, group: str, found: dict[str, Any]) -> int:
        pending: Any = await self._redis.xpending_range(STREAM, group, "-", "+", 1)
        first = pending[0]["message_id"] if pending else None
        if first is not None:
            return int(first.partition(b"-")[0])
        return int(found["last-delivered-id"].partition(b"-")[0]) + 1

    async def trim(self, lowest: int) -> None:
        """Drop what lies below, never more (trap T15)."""
        await self._redis.xtrim(STREAM, minid=entry_id(lowest), approximate=False)


def _text(answer: Any) -> str:
    return answer.decode() if isinstance(answer, bytes) else str(answer)
