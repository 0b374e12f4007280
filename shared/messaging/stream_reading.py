"""The stream's own commands, typed: group, pending, claim, lag."""

from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from shared.events.streams import STREAM
from shared.messaging.cloud_event_format import Entry, entry


async def ensure_group(client: Redis, group: str, watermark: int) -> None:
    """Make the group at the watermark (never at `$`, trap T1); an existing one stays as it is."""
    try:
        await client.xgroup_create(STREAM, group, id=f"{watermark}-0", mkstream=True)
    except ResponseError as error:
        if "BUSYGROUP" not in str(error):
            raise


async def own_pending(client: Redis, group: str, consumer: str, after: str, count: int) -> list[Entry]:
    """What this consumer fetched and never acknowledged, after an id (asking 0 again would not end, N7)."""
    answer: Any = await client.xreadgroup(group, consumer, {STREAM: after}, count=count)
    return [entry(i, fields) for _, entries in answer for i, fields in entries if fields]


async def claimed(
    client: Redis, group: str, consumer: str, min_idle_ms: int, cursor: str, count: int
) -> tuple[str, Sequence[Entry]]:
    """Take over what lay unacknowledged for too long, whoever fetched it: (next cursor, entries)."""
    answer = await client.xautoclaim(STREAM, group, consumer, min_idle_ms, start_id=cursor, count=count)
    return answer[0].decode(), [entry(i, fields) for i, fields in answer[1] if fields]


async def group_lag(client: Redis, group: str, watermark: int, *, delivered: bool = False) -> int | None:
    """How far the watermark lies behind the stream, by our own ids (trap T21), or the last delivered sequence.

    Raises ResponseError when stream or group is gone.
    """
    for found in await client.xinfo_groups(STREAM):
        if found["name"] == group.encode():
            last = int(found["last-delivered-id"].partition(b"-")[0])
            if delivered:
                return last
            info = await client.xinfo_stream(STREAM)
            return max(0, int(info["last-generated-id"].partition(b"-")[0]) - watermark)
    raise ResponseError("NOGROUP the group is gone")
