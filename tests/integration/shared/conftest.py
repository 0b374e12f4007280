"""A database and a Redis for each test of the consumer side, on SQLite and on PostgreSQL."""

import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
import uvicorn
from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy import Engine

from shared.messaging.log_client import LogClient
from tests.databases import DatabaseUrl
from tests.integration.shared.rig import Rig, entry_bytes, open_database
from tests.servers import eventually, free_port


@pytest.fixture
def engine(database_url: DatabaseUrl) -> Iterator[Engine]:
    """An empty database."""
    found = open_database(database_url("consumer"))
    yield found
    found.dispose()


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator["Redis"]:
    """Redis as the relay sees it."""
    async with Redis.from_url(redis_url) as found:
        yield found


@pytest.fixture
def rig(engine: Engine, redis_url: str, client: Redis) -> Rig:
    """All a scenario needs."""
    return Rig(engine, redis_url, client)


@dataclass
class EventLog:
    """Registration's log over HTTP, in the contract's shape: `head` partner events, but for what is `changed`."""

    head: int = 0
    changed: dict[int, bytes] = field(default_factory=dict)
    pages: list[int] = field(default_factory=list)
    away: bool = False
    url: str = ""

    @property
    def client(self) -> LogClient:
        return LogClient(self.url, "s" * 40)

    def answer(self, after: int, limit: int) -> dict[str, Any]:
        if self.away:
            raise RuntimeError("this log is away")
        self.pages += [] if (after, limit) == (0, 1) else [after]  # that is how the head is asked for
        upto = min(after + limit, self.head)
        found = ((n, self.changed.get(n) or entry_bytes(n)) for n in range(after + 1, upto + 1))
        items = [{**orjson.loads(body), "sequence": n} for n, body in found]
        return {"items": items, "head": self.head, "next": str(upto) if upto < self.head else None}


@pytest.fixture(scope="module")
def log_server() -> Iterator[EventLog]:
    """The server, for a module."""
    app, port, log = FastAPI(), free_port(), EventLog()
    app.get("/v1/log")(log.answer)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    eventually(lambda: server.started, 10, "the log answers")
    log.url = f"http://127.0.0.1:{port}"
    yield log
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def event_log(log_server: EventLog) -> EventLog:
    """The log, empty and at hand."""
    log_server.head, log_server.away = 0, False
    log_server.changed.clear()
    log_server.pages.clear()
    return log_server
