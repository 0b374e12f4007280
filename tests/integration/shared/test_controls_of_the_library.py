"""What the library offers and we leave alone, switched on: the trap's own test must then fail."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from faststream.redis import StreamSub
from redis.asyncio import Redis
from sqlalchemy import Engine

from shared.messaging import inbox, janitor, reader
from shared.messaging.inbox import Inbox
from shared.messaging.reader import Reader
from shared.messaging.stream_reading import Taken, own_pending
from shared.messaging.subscription import StreamConsumer
from tests.databases import sqlite_files
from tests.integration.shared import test_losses as losses
from tests.integration.shared import test_traps_of_the_stream as traps
from tests.integration.shared.rig import Rig, open_database


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A control needs one database only."""
    found = open_database(sqlite_files(tmp_path)("consumer"))
    yield found
    found.dispose()


@pytest.fixture
def hasty(rig: Rig) -> Rig:
    """One that loses patience soon: what does not come must not come."""
    return replace(rig, patience=3.0)


def subscribe_with(monkeypatch: pytest.MonkeyPatch, **more: Any) -> None:
    def subscription(name: str, **options: Any) -> StreamSub:
        return StreamSub(name, **{**options, **more})

    monkeypatch.setattr(reader, "StreamSub", subscription)


async def test_t02_with_a_last_id_it_is_deaf_to_what_is_new(hasty: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribe_with(monkeypatch, last_id="0")
    with pytest.raises(AssertionError):
        await traps.test_t02_restart_hears_new(hasty)


async def test_t16_with_min_idle_time_it_is_deaf_to_what_is_new(hasty: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribe_with(monkeypatch, min_idle_time=100, batch=False, max_records=None)
    with pytest.raises(AssertionError):
        await traps.test_t01_backlog_is_seen(hasty)


async def test_t04_with_a_failure_that_is_acknowledged_it_is_never_retried(
    hasty: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Inbox, "_failed", lambda *_: True)
    with pytest.raises(AssertionError):
        await traps.test_t04_failure_is_retried(hasty)


async def test_t14_without_the_loop_it_is_deaf_to_a_redis_that_comes_late(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def only_one(consumer: StreamConsumer) -> None:
        with suppress(Exception):
            await consumer._session()

    monkeypatch.setattr(StreamConsumer, "_sessions", only_one)
    monkeypatch.setattr(losses, "Rig", lambda engine, url, client: Rig(engine, url, client, patience=3.0))
    with pytest.raises(AssertionError):
        await losses.test_t14_redis_comes_late(engine, tmp_path_factory)


async def test_t17_with_a_second_start_two_loops_read(hasty: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    start = Reader.start

    async def twice(self: Reader) -> None:
        await start(self)
        await self._subscriber.start()

    monkeypatch.setattr(Reader, "start", twice)
    with pytest.raises(AssertionError):
        await traps.test_t17_one_loop(hasty)


async def test_n7_with_a_drain_that_asks_from_0_again_it_never_reads_on(
    hasty: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the limit of attempts would end it, after eight rounds."""

    async def from_0(client: Redis, group: str, consumer: str, _after: str, count: int) -> Taken:
        return await own_pending(client, group, consumer, "0", count)

    monkeypatch.setattr(janitor, "own_pending", from_0)
    monkeypatch.setattr(inbox, "MAX_ATTEMPTS", 10**6)
    with pytest.raises(AssertionError):
        await traps.test_n7_drain_ends(hasty)
