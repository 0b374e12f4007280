"""The clock of this service: PostgreSQL's, so that processes whose own clocks differ agree on what is due."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.notifications.usecases.timekeeping import Reading, read_clock
from shared.clock import utc_now

_EVERY = 60.0
_OFF = 5.0
"""Seconds by which a machine's clock differs from the database's before its operator is told."""
_log = logging.getLogger(__name__)


class Timekeeper:
    """A `Clock`. Between two readings it goes by a stopwatch, so that setting this machine's clock moves nothing.

    SQLite's processes share a machine and its clock: then this is that one. So it is until `follow` was called.
    """

    def __init__(self, engine: Engine, stopwatch: Callable[[], float] = time.monotonic, every: float = _EVERY) -> None:
        self._engine, self._stopwatch, self._every = engine, stopwatch, every
        self._reading: Reading | None = None
        self._stopping = asyncio.Event()

    def __call__(self) -> datetime:
        """The present instant."""
        found = self._reading
        return utc_now() if found is None else found.later(self._stopwatch())

    def follow(self) -> None:
        """Read the database's clock anew; raises SQLAlchemyError, and goes on as before, while it cannot be asked."""
        if self._engine.dialect.name != "postgresql":
            return
        self._reading = read_clock(self._engine, self._stopwatch)
        off = (utc_now() - self()).total_seconds()
        if abs(off) > _OFF:
            _log.warning("this machine's clock is off", extra={"fields": {"seconds": round(off)}})

    async def run(self) -> None:
        """Follow from time to time, until stopped."""
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._every)
                return
            try:
                await asyncio.to_thread(self.follow)
            except SQLAlchemyError as error:
                _log.warning("the database's clock was not read", extra={"fields": {"error": type(error).__name__}})

    async def stop(self) -> None:
        """Follow no more."""
        self._stopping.set()
