"""Who sends: one process at a time. It only saves work; that nothing goes wrong is up to the compare-and-append."""

import asyncio
import fcntl
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import AsyncConnection, sql
from sqlalchemy import Engine

from services.registration.event_log import CHANNEL, Head

_KEY = int.from_bytes(b"relaying")
"""Which advisory lock; each service has a database of its own."""
_PATIENCE: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
_SERVER_PATIENCE = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
"""Both ends notice within half a minute that the other is gone without a word."""
_ASK_EVERY = 5.0
_log = logging.getLogger(__name__)


class Seat(Protocol):
    """Held by the process that sends, trims and heals."""

    @property
    def held(self) -> bool:
        """Still ours, as far as can be known without asking."""

    async def hold(self) -> bool:
        """Take it if it is free; True while it is ours. Raises psycopg.Error or OSError where nobody can say."""

    async def close(self) -> None:
        """Let go."""


class Patience:
    """With a seat that leads to nothing: its holder hangs, and the lock says that it is alive."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._published, self._since = -1, 0.0

    def ran_out(self, head: Head) -> bool:
        """Whether something has waited for so long and nothing was sent."""
        if head.published != self._published or head.published >= head.assigned:
            self._published, self._since = head.published, time.monotonic()
        return time.monotonic() - self._since > self._seconds


def seat_of(engine: Engine, wake: Callable[[], None]) -> Seat:
    """The seat beside this database; on PostgreSQL it also calls `wake` when any process has committed events."""
    if engine.dialect.name == "postgresql":
        return SessionSeat(engine, wake)
    database = engine.url.database
    return FileSeat(Path(f"{database}.sender") if database and database != ":memory:" else None)


class FileSeat:
    """A lock on a file beside the SQLite database; it goes with the process. Without a file there is nobody else."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: int | None = None

    @property
    def held(self) -> bool:
        """Locked by us."""
        return self._path is None or self._file is not None

    async def hold(self) -> bool:
        """Never waits."""
        if self._path is not None and self._file is None:
            file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._file = file
            except BlockingIOError:
                os.close(file)
        return self.held

    async def close(self) -> None:
        """The file stays: who removes it could let two in."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class SessionSeat:
    """A session-level advisory lock on a connection of its own, which listens as well: lost together, at once.

    It needs a direct connection; a pooler that shares sessions would share the lock.
    """

    def __init__(self, engine: Engine, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._parameters: dict[str, Any] = {**_PATIENCE, **engine.dialect.create_connect_args(engine.url)[1]}
        self._parameters["options"] = f"{self._parameters.get('options', '')} {_SERVER_PATIENCE}".strip()
        self._listening: asyncio.Task[None] | None = None

    @property
    def held(self) -> bool:
        """The connection that holds the lock is alive."""
        return self._listening is not None and not self._listening.done()

    async def hold(self) -> bool:
        """A new connection for each try, so that nothing is left of one that was lost."""
        if self.held:
            return True
        connection = await AsyncConnection.connect(**self._parameters, autocommit=True)
        try:
            won = await self._won(connection)
        except BaseException:
            await connection.close()
            raise
        if not won:
            await connection.close()
            return False
        self._listening = asyncio.create_task(self._listen(connection))
        return True

    async def close(self) -> None:
        """The lock goes with the connection."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def _won(self, connection: AsyncConnection) -> bool:
        answer = await connection.execute("select pg_try_advisory_lock(%s)", [_KEY])
        row = await answer.fetchone()
        if row is None or not row[0]:
            return False
        await connection.execute(sql.SQL("listen {}").format(sql.Identifier(CHANNEL)))
        return True

    async def _listen(self, connection: AsyncConnection) -> None:
        """Until the connection ends, and the seat with it."""
        try:
            while True:
                async for _ in connection.notifies(timeout=_ASK_EVERY):
                    self._wake()
                await connection.execute("select 1")
        except (psycopg.Error, OSError) as error:
            _log.error("the connection that said who sends is lost", extra={"fields": {"error": type(error).__name__}})
        finally:
            await connection.close()
            self._wake()
