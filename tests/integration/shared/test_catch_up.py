"""What the stream can no longer bring comes from registration's log over HTTP."""

import threading
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import uvicorn
from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy import Engine

from shared.events.streams import STREAM
from shared.messaging.log_client import LogClient
from tests.integration.shared.conftest import Consumer, entry_bytes, publish, until
from tests.servers import eventually, free_port

HEAD = 2500


@pytest.fixture(scope="module")
def log_url() -> Iterator[str]:
    """A log of 2,500 events over HTTP, in the contract's shape."""
    app, port = FastAPI(), free_port()

    @app.get("/v1/log")
    def log(after: int, limit: int) -> dict[str, Any]:
        upto = min(after + limit, HEAD)
        items = [{**orjson.loads(entry_bytes(n)), "sequence": n} for n in range(after + 1, upto + 1)]
        return {"items": items, "head": HEAD, "next": str(upto) if upto < HEAD else None}

    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    eventually(lambda: server.started, 10, "the log answers")
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
async def late(engine: Engine, redis_url: str, log_url: str) -> Consumer:
    """A consumer that can read the log."""
    return Consumer(engine, redis_url, log=LogClient(log_url, "s" * 40))


async def test_a_new_consumer_after_a_trim_reads_the_log_first(late: Consumer, client: Redis) -> None:
    await publish(client, 2499, 2500)
    async with late.running():
        await until(lambda: late.inbox.watermark() == HEAD)
    assert late.seen() == list(range(1, HEAD + 1))


async def test_a_consumer_whose_database_is_older_than_its_group_reads_the_log(late: Consumer, client: Redis) -> None:
    await client.xgroup_create(STREAM, "reporting", id="2500-0", mkstream=True)
    async with late.running():
        await until(lambda: late.inbox.watermark() == HEAD)
    assert late.seen() == list(range(1, HEAD + 1))


async def test_an_entry_lost_in_the_middle_is_fetched(late: Consumer, client: Redis) -> None:
    await client.xgroup_create(STREAM, "reporting", id="0", mkstream=True)
    await publish(client, 1, 2, 4, 5)
    async with late.running():
        await until(lambda: late.inbox.watermark() >= 5)
    assert sorted(late.seen())[:5] == [1, 2, 3, 4, 5]
    assert len(late.seen()) == len(set(late.seen()))
