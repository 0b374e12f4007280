"""What Redis does to a consumer, and what it says of itself meanwhile: losses, refusals, silence (T12, T13, T14)."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from redis.asyncio import Redis
from sqlalchemy import Engine

from shared.events.streams import STREAM
from shared.messaging.reader import Reader
from tests.integration.shared import scenarios
from tests.integration.shared.rig import GROUP, QUICK, Rig
from tests.servers import RedisServer


@pytest.fixture
async def own(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Rig, RedisServer]]:
    """A server that only this test has, so that it may be stopped."""
    server = RedisServer(tmp_path_factory.mktemp("redis")).start()
    async with Redis.from_url(server.url) as client:
        yield Rig(engine, server.url, client), server
    server.kill()


@pytest.mark.parametrize("loss", ["flushall", "delete"])
async def test_t12_flushall_revives(rig: Rig, loss: str) -> None:
    await scenarios.flushall_revives(rig, loss)


async def test_t12_a_lost_group_alone_is_made_again(rig: Rig) -> None:
    await rig.publish(1, 2)
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.seen() == [1, 2])
        await rig.client.xgroup_destroy(STREAM, GROUP)
        await rig.publish(3)
        await rig.until(lambda: consumer.seen() == [1, 2, 3])


async def test_t12_a_reader_that_stopped_is_replaced(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Reader] = []
    start = Reader.start

    async def noted(reader: Reader) -> None:
        started.append(reader)
        await start(reader)

    monkeypatch.setattr(Reader, "start", noted)
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.consumer.check().status == "ok")
        await started[0].stop()
        await rig.publish(1)
        await rig.until(lambda: consumer.seen() == [1])
    assert len(started) == 2


async def test_t12_a_reader_that_hangs_is_replaced(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its connection is open, probes are answered, and nothing comes any more."""
    read, hung = Redis.xreadgroup, asyncio.Event()

    async def hangs_once(client: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("streams") and not hung.is_set():
            hung.set()
            await asyncio.Event().wait()
        return await read(client, *args, **kwargs)

    monkeypatch.setattr(Redis, "xreadgroup", hangs_once)
    await rig.publish(1)
    async with rig.consumer(timing=replace(QUICK, deaf=1.0)).running() as consumer:
        await rig.until(lambda: consumer.seen() == [1])
    assert hung.is_set()


async def test_t13_no_hot_loop_when_the_account_may_not_read(rig: Rig) -> None:
    await scenarios.no_hot_loop(rig)


async def test_t13_no_hot_loop_on_a_replica(own: tuple[Rig, RedisServer]) -> None:
    """READONLY: a fail-over made the server a replica; probes, which only read, are answered all the time."""
    rig, _ = own
    await rig.publish(1)
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.seen() == [1])
        await rig.client.replicaof("127.0.0.1", 1)
        before = await scenarios.refused(rig)
        await asyncio.sleep(2)
        assert 0 < await scenarios.refused(rig) - before < 60
        assert consumer.consumer.check().status == "degraded"
        await rig.client.replicaof("NO", "ONE")
        await rig.publish(2)
        await rig.until(lambda: consumer.seen() == [1, 2])


async def test_t13_no_hot_loop_when_the_key_is_no_stream(rig: Rig) -> None:
    await rig.publish(1)
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.seen() == [1])
        before = await scenarios.refused(rig)
        await rig.client.set(STREAM, "something else")
        await asyncio.sleep(1)
        assert await scenarios.refused(rig) - before < 30
        await rig.lose_stream()
        await rig.publish(1, 2)
        await rig.until(lambda: consumer.seen() == [1, 2])


async def test_t14_redis_comes_late(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> None:
    server = RedisServer(tmp_path_factory.mktemp("late"))
    async with Redis.from_url(server.url) as client:
        rig = Rig(engine, server.url, client)
        async with rig.consumer().running() as consumer:
            await rig.until(lambda: "no contact" in (consumer.consumer.check().reason or ""), "the first failure")
            server.start()
            try:
                await rig.publish(1)
                await rig.until(lambda: consumer.seen() == [1])
            finally:
                server.kill()


async def test_a_pause_of_redis_loses_nothing(rig: Rig) -> None:
    async with rig.consumer().running() as consumer:
        await rig.publish(1)
        await rig.until(lambda: consumer.seen() == [1])
        await rig.client.client_pause(2000)
        await rig.publish(2)
        await rig.until(lambda: consumer.seen() == [1, 2])


async def test_a_redis_that_hangs_is_told_and_survived(own: tuple[Rig, RedisServer]) -> None:
    """Stopped for longer than a socket waits; then it goes on as if nothing had been."""
    rig, server = own
    process = server._process
    assert process is not None
    async with rig.consumer(timing=replace(QUICK, down_after=3.0)).running() as consumer:
        await rig.publish(1)
        await rig.until(lambda: consumer.seen() == [1])
        os.kill(process.pid, signal.SIGSTOP)
        try:
            await rig.until(lambda: consumer.consumer.check().status == "down", "it says that it is deaf")
            await asyncio.sleep(9)
        finally:
            os.kill(process.pid, signal.SIGCONT)
        await rig.publish(2)
        await rig.until(lambda: consumer.seen() == [1, 2])
        await rig.until(lambda: consumer.consumer.check().status == "ok")


async def test_ready_tells_the_truth_about_a_database_that_cannot_be_read(rig: Rig) -> None:
    consumer = rig.consumer(timing=replace(QUICK, down_after=1.0))
    async with consumer.running():
        await rig.until(lambda: consumer.consumer.check().status == "ok")
        consumer.inbox.watermark = lambda: 1 // 0  # type: ignore[method-assign]  # a database that answers with an error
        await rig.until(lambda: consumer.consumer.check().status == "down")


async def test_ready_tells_the_truth_about_a_batch_that_does_not_end(rig: Rig) -> None:
    """Stream and database answer every probe; what was read is not taken in."""
    gate = threading.Event()
    timing = replace(QUICK, deaf=0.5, down_after=1.0, claim_idle=60.0)
    await rig.publish(1)
    async with rig.consumer(pause=lambda: gate.wait(20), timing=timing).running() as consumer:
        try:
            await rig.until(lambda: consumer.consumer.check().status == "degraded")
            await rig.until(lambda: consumer.consumer.check().status == "down")
            assert "a batch has been applied" in (consumer.consumer.check().reason or "")
        finally:
            gate.set()
        await rig.until(lambda: consumer.consumer.check().status == "ok")
    assert consumer.seen() == [1]


async def test_readiness_says_how_far_the_consumer_is(rig: Rig) -> None:
    await rig.publish(1, 2, 3)
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.consumer.check().sequence == 3)


async def test_the_database_being_away_costs_no_attempt(rig: Rig) -> None:
    consumer = rig.consumer(database_away=True)
    await rig.publish(1)
    async with consumer.running():
        await rig.until(lambda: consumer.consumer.check().reason != "starting")
        assert consumer.rows("delivery_attempt") == []
        consumer.database_away = False
        await rig.until(lambda: consumer.seen() == [1])
