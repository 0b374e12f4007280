"""A database in doubt is made again by itself: a restored backup forgets who was erased after it (decision 0014)."""

import asyncio
import logging
from contextlib import suppress

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from shared.database import reading
from shared.messaging import doubt
from shared.operators.rebuilding import Rebuilder

_log = logging.getLogger(__name__)


class Certainty:
    """Looks now and then; where there is a doubt it rebuilds and replaces. Runs until stopped."""

    def __init__(
        self, engine: Engine, rebuilder: Rebuilder, *, every: float = 5.0, after_failure: float = 60.0
    ) -> None:
        """Seconds between looks, and after a rebuild that did not end the doubt (registration is away)."""
        self._engine, self._rebuilder = engine, rebuilder
        self._every, self._after_failure = every, after_failure
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """A database that is away is met by the next look."""
        while not self._stopping.is_set():
            wait = self._every
            try:
                if await asyncio.to_thread(self._in_doubt):
                    wait = self._every if await self._rebuilt() else self._after_failure
            except SQLAlchemyError as error:
                _log.warning("doubts cannot be seen", extra={"fields": {"error": type(error).__name__}})
            except Exception:  # a defect must not end the looking for good
                _log.exception("a doubt stays")
                wait = self._after_failure
            await self._pause(wait)

    async def stop(self) -> None:
        """Begin nothing more."""
        self._stopping.set()

    def _in_doubt(self) -> bool:
        with reading(self._engine) as connection:
            return doubt.since(connection) is not None

    async def _rebuilt(self) -> bool:
        """True once the doubt is gone, by this rebuild or by one that ran already."""
        _log.warning("rows may name somebody who was erased: they are made again from the event log")
        rebuild_id = await self._rebuilder.start(replace=True)
        while not self._stopping.is_set():
            found = await asyncio.to_thread(self._rebuilder.record.get, rebuild_id)
            if found["status"] != "running":
                return not await asyncio.to_thread(self._in_doubt)
            await self._pause(0.2)
        return False

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
