"""The stream's own commands, typed: group, pending, claim, lag."""

from typing import Any, NamedTuple

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from shared.events.streams import STREAM
from shared.messaging.cloud_event_format import Entry, entry

_ANY = 2**63 - 1
_OVERLAP = 1000
"""Events read once more by a new group."""


class Taken(NamedTuple):
    """Pending entries that were taken up, where to go on, and ids whose entries are gone from the stream."""

    entries: list[Entry]
    last: str | None
    deleted: list[bytes]


async def ensure_group(client: Redis, group: str, watermark: int) -> None:
    """Make the group some way below the watermark (never at `$`, trap T1); an existing one stays as it is.

    Where forgeries were taken for the events of the last places, the real ones are sent again and must be read (trap
    T23); a repeat is dropped by the inbox. Not from the beginning: after a loss that would be half a minute's events.
    """
    try:
        await client.xgroup_create(STREAM, group, id=f"{max(0, watermark - _OVERLAP)}-0", mkstream=True)
    except ResponseError as error:
        if "BUSYGROUP" not in str(error):
            raise


async def own_pending(client: Redis, group: str, consumer: str, after: str, count: int) -> Taken:
    """What this consumer fetched and never acknowledged, after an id (asking 0 again would not end, trap N7)."""
    answer: Any = await client.xreadgroup(group, consumer, {STREAM: after}, count=count)
    found = [pair for _, pairs in answer or [] for pair in pairs]
    last = found[-1][0].decode() if found else None
    return Taken([entry(i, fields) for i, fields in found if fields], last, [i for i, fields in found if not fields])


async def claimed(client: Redis, group: str, consumer: str, min_idle_ms: int, cursor: str, count: int) -> Taken:
    """Take over what lay unacknowledged for too long, whoever fetched it; `last` is the next cursor."""
    answer: Any = await client.xautoclaim(STREAM, group, consumer, min_idle_ms, start_id=cursor, count=count)
    deleted = list(answer[2]) if len(answer) > 2 else []
    return Taken([entry(i, fields) for i, fields in answer[1] if fields], answer[0].decode(), deleted)


async def ends_at(client: Redis, group: str) -> tuple[int, int]:
    """(last sequence of the stream, last sequence delivered to the group), by our own ids (trap T21).

    Raises ResponseError when stream or group is gone.
    """
    for found in await client.xinfo_groups(STREAM):
        if found["name"] == group.encode():
            info = await client.xinfo_stream(STREAM)
            return _sequence(info["last-generated-id"]), _sequence(found["last-delivered-id"])
    raise ResponseError("NOGROUP the group is gone")


async def not_coming(client: Redis, watermark: int) -> int:
    """Up to which sequence the stream will not bring what lies above the watermark; 0: it brings everything.

    It may begin later (a new consumer after a trim), or be empty and tell nothing: then the log alone knows.
    """
    first: Any = await client.xrange(STREAM, count=1)
    upto = _sequence(first[0][0]) - 1 if first else _ANY
    return upto if upto > watermark else 0


async def remove_gone(client: Redis, group: str, consumer: str, idle_ms: int) -> int:
    """Remove other consumers of the group that are idle for long with nothing pending.

    Returns how many entries went with one that came back at that very moment (they are filled in from the log).
    """
    lost = 0
    for found in await client.xinfo_consumers(STREAM, group):
        if found["name"] != consumer.encode() and not found["pending"] and found["idle"] > idle_ms:
            lost += await client.xgroup_delconsumer(STREAM, group, found["name"])
    return lost


def _sequence(stream_id: bytes) -> int:
    return int(stream_id.partition(b"-")[0])
