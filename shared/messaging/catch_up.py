"""What the stream does not bring comes from the event log: at the start, and where a hole stays open."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import httpx
from sqlalchemy import Connection, Engine, text

from shared.database import reading
from shared.messaging.cloud_event_format import Entry
from shared.messaging.entries import place
from shared.messaging.inbox import Inbox
from shared.messaging.log_client import PAGE, LogClient
from shared.messaging.timing import Timing

_READER = 8003
"""Any number that only we use: the advisory lock of the one process that reads the log for a database."""
_log = logging.getLogger(__name__)
Take = Callable[[Sequence[Entry]], Awaitable[None]]
"""Applies entries of the log."""


class CatchUp:
    """Reads the log as far as is missing, never on to its head beside a stream that works; tells how it fares."""

    def __init__(self, inbox: Inbox, log: LogClient | None, take: Take, timing: Timing) -> None:
        self._inbox, self._log, self._take, self._timing = inbox, log, take, timing
        self._owed = 0
        self._mark = -1
        self._since = 0.0
        self._wait = timing.hole
        self._stopped = False
        self.trouble: str | None = None
        """Why the log could not be read when it had to be."""

    def stop(self) -> None:
        """End after the page at hand."""
        self._stopped = True

    def owe(self, upto: int) -> None:
        """The stream will not bring what lies above the watermark, up to here: `look` reads it."""
        self._owed = max(self._owed, upto)

    async def look(self, delivered: int = 0) -> None:
        """Read what is owed, and what has been missing at one place for some seconds, as far as that reaches.

        Missing is what lies below an event that is there, or below what the stream has `delivered` to the group (a
        restored backup). Where several processes read, such holes come and go at ever higher places: a batch of
        another is under way. Only one that does not move is a loss.
        """
        if self._owed:
            await self._try(self._owed)
            if self.trouble:
                return
            self._owed = 0
        standing = await asyncio.to_thread(self._inbox.standing)
        reach = standing.above - 1 if standing.above else delivered
        if reach <= standing.watermark:
            self._mark, self.trouble = -1, None
        elif standing.watermark != self._mark:
            self._mark, self._since = standing.watermark, time.monotonic()
            patience = self._timing.hole_most if standing.tried else self._timing.hole
            self._wait = patience * (1 + random.random() / 2)  # noqa: S311  -- so that processes do not ask at once
        elif time.monotonic() - self._since > self._wait:
            self._since = time.monotonic()
            await self._try(reach)
            if not self.trouble:  # read; if it stays open the log has no such event, and what is above is a forgery
                self._wait = min(self._wait * 2, self._timing.hole_most)

    async def _try(self, upto: int) -> None:
        """The log being away ends nothing: the stream is read all the same, and this is tried again."""
        if self._log is None:
            return
        try:
            await self._read(self._log, upto)
            self.trouble = None
        except httpx.HTTPError as error:
            self.trouble = f"{type(error).__name__}: no contact with the event log"
            _log.warning("the event log is out of reach", extra={"fields": {"error": type(error).__name__}})

    async def _read(self, log: LogClient, upto: int) -> None:
        async with _one_reader(self._inbox.engine) as mine:
            after = await asyncio.to_thread(self._inbox.watermark)
            if after >= upto or not await mine():
                return
            head = await log.head()
            if not after:
                await asyncio.to_thread(self._inbox.begin, head)
            upto = min(upto, head)
            while after < upto and not self._stopped and await mine():
                entries = await log.page(after, min(PAGE, upto - after))
                if not entries:
                    return
                await self._take(entries)
                after = place(entries[-1].stream_id) or upto


@asynccontextmanager
async def _one_reader(engine: Engine) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """Is this process the one that reads the log for its database? SQLite has one process anyway.

    To be asked before every page: so the server sees that the transaction that holds the lock is alive.
    """

    async def always() -> bool:
        return True

    if engine.dialect.name != "postgresql":
        yield always
        return
    view = reading(engine)
    connection = await asyncio.to_thread(view.__enter__)
    try:
        yield lambda: asyncio.to_thread(_claim, connection)
    finally:
        await asyncio.to_thread(view.__exit__, None, None, None)


def _claim(connection: Connection) -> bool:
    return bool(connection.execute(text("select pg_try_advisory_xact_lock(:key)"), {"key": _READER}).scalar())
