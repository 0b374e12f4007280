"""A database and a Redis for each test of the consumer side, on SQLite and on PostgreSQL."""

import threading
from collections.abc import AsyncIterator, Iterator

import pytest
import uvicorn
from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy import Engine

from tests.databases import DatabaseUrl
from tests.integration.shared.desk import Desk
from tests.integration.shared.event_log import EventLog
from tests.integration.shared.rig import Rig, open_database
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


@pytest.fixture
def desk(rig: Rig, event_log: EventLog) -> Desk:
    """A consumer without a stream, and an operator's hand on its dead letters; the log has ten events."""
    event_log.head = 10
    return Desk(rig.consumer(), event_log)
