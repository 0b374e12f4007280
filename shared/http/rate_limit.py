"""How many events a minute a key may post: a bucket per key that fills evenly (contract section 2)."""

import asyncio
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request

from shared.errors import Refusal

POLICY = "events"
"""The policy counts events; a request that posts none counts as one."""
_MINUTE = 60


@dataclass(slots=True)
class RateLimit:
    """The buckets of one process, in memory: several processes of a service allow several times as much.

    Whoever has anything left may post a whole batch and goes into debt by it, so that no batch is too large for a
    small limit, and what is refused is refused before it is read. `per_minute` 0: no limit.
    """

    per_minute: int = 0
    now: Callable[[], float] = time.monotonic
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def left(self, key_id: str) -> float:
        """Events that this key may still post at this moment; below zero after a batch larger than what was left."""
        left, at = self._buckets.get(key_id, (float(self.per_minute), self.now()))
        return min(float(self.per_minute), left + (self.now() - at) * self.per_minute / _MINUTE)

    def take(self, key_id: str, events: int, *, at_least: float = -math.inf) -> bool:
        """Take events out of the bucket if it holds so many; False when it does not."""
        if not self.per_minute:
            return True
        with self._one_at_a_time:
            left = self.left(key_id)
            if left >= at_least:
                self._buckets[key_id] = (left - events, self.now())
            return left >= at_least

    def seconds_until(self, key_id: str, events: float) -> int:
        """Whole seconds until so many are there."""
        return math.ceil(max(0.0, events - self.left(key_id)) * _MINUTE / self.per_minute)


@dataclass(frozen=True, slots=True)
class Quota:
    """What one caller may still do; rides along with the request."""

    limit: RateLimit
    key_id: str

    def enter(self) -> None:
        """One request; Refusal `rate-limited` when nothing is left."""
        if not self.limit.take(self.key_id, 1, at_least=1):
            raise Refusal("rate-limited", f"at most {self.limit.per_minute} events a minute with this key")

    def charge(self, events: int) -> None:
        """What the request turned out to hold beyond the one it entered with."""
        self.limit.take(self.key_id, events)

    async def pace(self, events: int) -> None:
        """For a stream that has begun, and can be slowed down but not refused: wait until something is left."""
        while not self.limit.take(self.key_id, events, at_least=1):  # noqa: ASYNC110  -- time is what is waited for
            await asyncio.sleep(self.limit.seconds_until(self.key_id, 1))

    def headers(self) -> dict[str, str]:
        """`RateLimit-Policy` and `RateLimit` (IETF draft): `q` events in `w` seconds, `r` left, `t` seconds to full."""
        most = self.limit.per_minute
        if not most:
            return {}
        left = max(0, math.floor(self.limit.left(self.key_id)))
        reset = self.limit.seconds_until(self.key_id, most)
        return {
            "RateLimit-Policy": f'"{POLICY}";q={most};w={_MINUTE}',
            "RateLimit": f'"{POLICY}";r={left};t={reset}',
        }

    def retry_after(self) -> str:
        """Seconds after which the same request is worth another try."""
        return str(max(1, self.limit.seconds_until(self.key_id, 1)))


def quota_of(request: Request) -> Quota:
    """What the caller of a request may still do; without a limit for our own services and where none is set."""
    found: Quota | None = getattr(request.state, "quota", None)
    return found or Quota(RateLimit(), "")
