"""The relay's one task: take the seat, send, trim, wait; whatever fails is met again."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import psycopg
from redis.exceptions import RedisError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.registration.relay.seats import Patience, seat_of
from services.registration.relay.sending import Sender
from services.registration.relay.server import Limits, UnfitServerError
from services.registration.relay.stream import Stream
from shared.observability import Check

AT_ONCE = 500
_log = logging.getLogger(__name__)
_AWAY = (RedisError, OSError, SQLAlchemyError, psycopg.Error)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds."""

    probe: float | None = None
    """Between looks when nothing happens. None: 2 s on PostgreSQL, which tells what other processes commit, and
    half a second on SQLite, which does not."""
    trim_every: float = 30.0
    """So that what every consumer has read is gone within a minute (contract section 9)."""
    trouble: float = 1.0
    """Before the next try when something is away or full."""
    retry: float = 5.0
    """Between looks whether the process that sends is still there."""
    hung: float = 20.0
    """Until a process that has the seat and does not send is helped out."""


class Relay:
    """One per process; at any moment one of them sends."""

    def __init__(self, engine: Engine, redis_url: str, pace: Pace | None = None, limits: Limits | None = None) -> None:
        self._pace = pace or Pace()
        self._probe = self._pace.probe or (2.0 if engine.dialect.name == "postgresql" else 0.5)
        self._stream = Stream(redis_url, limits or Limits())
        self._sender = Sender(engine, self._stream)
        self._seat = seat_of(engine, self.wake)
        self._patience = Patience(self._pace.hung)
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._trimmed = 0.0
        self._check = Check("degraded", "starting")

    def wake(self) -> None:
        """Something was committed; callable from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake.set)

    def check(self) -> Check:
        """`degraded` while nothing can be sent: the door works on and the log keeps everything."""
        return self._check

    async def run(self) -> None:
        """For ever. Only who has the seat and no trouble can be woken; a wait is a wait for everybody else."""
        self._loop = asyncio.get_running_loop()
        self._trimmed = self._loop.time()
        while True:
            self._wake.clear()
            found, wait = await self._turn()
            self._check = found
            if found.reason is not None:
                await asyncio.sleep(wait)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):  # in Python 3.11 wait_for may swallow a cancellation
                    await self._wake.wait()

    async def close(self) -> None:
        """Let go of the seat and of Redis."""
        await self._seat.close()
        await self._stream.close()

    def _waiting(self, reason: str, detail: object = None) -> tuple[Check, float]:
        """Logged once for as long as it lasts; only the log gets the detail, as checks are open to everybody."""
        if reason != self._check.reason:
            _log.warning("relay waits", extra={"fields": {"reason": reason, "detail": detail}})
        return Check("degraded", reason), self._pace.trouble

    async def _turn(self) -> tuple[Check, float]:
        """Do all there is to do; how it went, and seconds to the next look."""
        try:
            if not await self._seat.hold():
                return await self._stand_by()
            full = await self._send(lambda: self._seat.held)
            await self._trim_when_due()
        except UnfitServerError as unfit:
            return self._waiting(str(unfit))
        except _AWAY as error:
            return self._waiting(f"{type(error).__name__}: events wait in the log", error)
        except Exception as error:  # a defect must not end the sending for good
            _log.exception("relay failed")
            return Check("degraded", f"{type(error).__name__}: the relay failed and starts again"), self._pace.trouble
        return self._waiting(full) if full else (Check("ok"), self._probe)

    async def _stand_by(self) -> tuple[Check, float]:
        """Send for a process that hangs: two that send at once harm nothing, as the compare-and-append says no."""
        if not self._patience.ran_out(await self._sender.head()):
            return Check("ok", "another process sends"), self._pace.retry
        full = await self._send(lambda: True)
        return self._waiting(full or "the process that should send hangs: this one sends for it")

    async def _send(self, go_on: Callable[[], bool]) -> str | None:
        """Until all is sent, it may not go on, or the stream is full: then why, in words."""
        while go_on():
            full = await self._stream.full()
            if full:
                await self._sender.trim()
                full = await self._stream.full(now=True)
            if not await self._sender.step(0 if full else AT_ONCE):
                return full
        return None

    async def _trim_when_due(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._seat.held and now - self._trimmed > self._pace.trim_every:
            await self._sender.trim()
            self._trimmed = now
