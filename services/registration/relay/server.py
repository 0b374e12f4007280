"""Which Redis this is, and whether it is fit to be sent to: asked at every connection, before anything else is."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis.exceptions import RedisError

_log = logging.getLogger(__name__)


class UnfitServerError(RedisError):
    """Nothing may be sent to this server as it is set up; says in words what has to be changed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may lie unread on the stream; what is above waits in the log. Nothing is ever dropped."""

    entries: int = 200_000
    memory: float = 0.8
    """Share of `maxmemory`, where one is set; the rest is for the consumers, who must be able to go on."""


class Server:
    """Inspects each new connection, and remembers which server it was."""

    def __init__(self) -> None:
        self._run_id: str | None = None

    async def inspect(self, connection: Any) -> None:
        """What redis-py calls when it has connected; raises UnfitServerError, and the connection is not used."""
        await connection.on_connect()
        self._meet(await _info(connection, "server"))
        demand_no_eviction(await _info(connection, "memory"))

    def _meet(self, server: Mapping[str, str]) -> None:
        run_id = server.get("run_id", "")
        if run_id == self._run_id:
            return
        fields = {"version": server.get("redis_version"), "runId": run_id, "before": self._run_id}
        level = logging.INFO if self._run_id is None else logging.ERROR
        _log.log(
            level, "redis met" if self._run_id is None else "redis was restarted or replaced", extra={"fields": fields}
        )
        self._run_id = run_id


def demand_no_eviction(memory: Mapping[str, Any]) -> None:
    """Trap T27: a server that evicts would throw away the whole stream, unread."""
    policy = memory.get("maxmemory_policy")
    if policy != "noeviction":
        raise UnfitServerError(
            f"Redis may evict the stream (maxmemory-policy is {policy}): set it to noeviction; events wait in the log"
        )


def fullness(entries: int, memory: Mapping[str, Any], limits: Limits) -> str | None:
    """Why nothing more may be sent for now, in words; None while there is room."""
    if entries > limits.entries:
        return f"{entries} entries on the stream that not every consumer has read: events wait in the log"
    most, used = int(memory.get("maxmemory", 0)), int(memory.get("used_memory", 0))
    if most and used > most * limits.memory:
        return f"Redis uses {used} of {most} bytes: events wait in the log"
    return None


async def _info(connection: Any, section: str) -> Mapping[str, str]:
    await connection.send_command("INFO", section)
    answer = await connection.read_response()
    text = answer.decode() if isinstance(answer, bytes) else str(answer)
    return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
