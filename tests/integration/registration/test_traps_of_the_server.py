"""A server that is away, full, set up wrongly or not ours to write to: all waits, in order, and nothing spins."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis
from sqlalchemy import Engine

from services.registration.relay.loop import AT_ONCE
from services.registration.relay.server import Limits
from shared.events.streams import CONSUMERS, STREAM
from tests.integration.registration import scenarios
from tests.integration.registration.running import ON_SQLITE
from tests.integration.registration.scenarios import ROOMY, road_of_its_own
from tests.integration.registration.stream import PROBE, Road, arrived, relaying, until

Change = Callable[["redis.Redis"], Any]


async def test_t25_oom_keeps_order(engine: Engine, tmp_path: Path) -> None:
    with road_of_its_own(engine, tmp_path, "--maxmemory", "4mb") as (road, _):
        road.log(400, padding=10_000)
        road.log(200, padding=10_000)
        async with relaying(road, limits=ROOMY) as relay:
            await until(lambda: (relay.check().reason or "").startswith("OutOfMemoryError"))
            sent = road.sequences()
            assert sent == list(range(1, len(sent) + 1))
            assert len(sent) % AT_ONCE == 0, "a whole batch or none of it"
            road.redis.config_set("maxmemory", "64mb")
            await arrived(road)


async def test_t26_outage_keeps_all(engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "services.registration.relay")
    with road_of_its_own(engine, tmp_path) as (road, server):
        road.log(3)
        async with relaying(road) as relay:
            await arrived(road)
            server.kill()
            server.forget_everything()
            road.log(3)
            relay.wake()
            await until(lambda: relay.check().status == "degraded")
            road.log(3)
            server.start()
            await arrived(road)
            await until(lambda: relay.check().status == "ok")
        assert road.sequences() == list(range(1, 10))
        assert [message for message in caplog.messages if message.startswith("redis")] == [
            "redis met",
            "redis was restarted or replaced",
        ]


async def test_t27_policy_is_checked(engine: Engine, tmp_path: Path) -> None:
    await scenarios.policy_is_checked(engine, tmp_path)


@ON_SQLITE
async def test_t27_policy_is_checked_where_configuration_may_not_be_asked(engine: Engine, tmp_path: Path) -> None:
    """As on managed servers; and it is found out too when it changes under way."""
    with road_of_its_own(engine, tmp_path) as (road, _):
        road.redis.acl_setuser("relay", enabled=True, passwords=["+secret"], keys=["*"], commands=["+@all", "-config"])
        road.url = road.url.replace("redis://", "redis://relay:secret@")
        road.log(3)
        async with relaying(road) as relay:
            await arrived(road)
            road.redis.config_set("maxmemory-policy", "volatile-lru")
            await until(lambda: "maxmemory-policy is volatile-lru" in (relay.check().reason or ""))
            road.log(3)
            road.redis.config_set("maxmemory-policy", "noeviction")
            await arrived(road)


TROUBLE: dict[str, tuple[Change, Change]] = {
    "ReadOnlyError": (lambda client: client.replicaof("127.0.0.1", 1), lambda client: client.replicaof("NO", "ONE")),
    "ResponseError": (  # of a script that may not do what it does
        lambda client: client.acl_setuser("default", enabled=True, commands=["-xadd"]),
        lambda client: client.acl_setuser("default", enabled=True, commands=["+xadd"]),
    ),
    "OutOfMemoryError": (
        lambda client: client.config_set("maxmemory", "1mb"),
        lambda client: client.config_set("maxmemory", "0"),
    ),
}


@ON_SQLITE
@pytest.mark.parametrize("name", TROUBLE)
async def test_a_server_that_refuses_is_waited_for_and_not_hammered(engine: Engine, tmp_path: Path, name: str) -> None:
    harm, mend = TROUBLE[name]
    with road_of_its_own(engine, tmp_path) as (road, _):
        road.log(1)
        async with relaying(road, limits=ROOMY) as relay:
            await arrived(road)
            harm(road.redis)
            road.log(2)
            relay.wake()
            await until(lambda: (relay.check().reason or "").startswith(name))
            before, turns = appends(road), 5
            await until(lambda: appends(road) >= before + turns, turns * PROBE * 10)
            for _ in range(100):
                relay.wake()
            assert appends(road) <= before + turns + 2, "a wake-up does not shorten the wait"
            mend(road.redis)
            await arrived(road)


def appends(road: Road) -> int:
    """How often the script was run."""
    statistics: dict[str, Any] = road.redis.info("commandstats")
    return sum(found["calls"] for name, found in statistics.items() if name.startswith("cmdstat_evalsha"))


async def test_a_stream_that_is_full_is_waited_for_and_trimmed_at_once(road: Road) -> None:
    road.log(1300)
    async with relaying(road, trim_every=3600, limits=Limits(entries=400)) as relay:
        await until(lambda: "500 entries" in (relay.check().reason or ""))
        assert relay.check().status == "degraded"
        road.groups()
        await read_all(road, 500)
        await until(lambda: road.sequences() == list(range(501, 1001)))
        await read_all(road, 500)
        await until(lambda: road.sequences() == list(range(1001, 1301)))
        await until(lambda: relay.check().status == "ok")
    assert road.head().published == 1300


@ON_SQLITE
async def test_a_server_that_is_nearly_full_is_waited_for_and_nothing_is_dropped(
    engine: Engine, tmp_path: Path
) -> None:
    with road_of_its_own(engine, tmp_path, "--maxmemory", "8mb") as (road, _):
        road.log(900, padding=10_000)
        async with relaying(road) as relay:
            await until(lambda: (relay.check().reason or "").startswith("Redis uses"))
            sent = len(road.sequences())
            assert sent in (500, 900)
            road.groups()
            await read_all(road, sent)
            await until(lambda: road.head().published == 900)
            await read_all(road, 900 - sent)
            await until(lambda: road.sequences() == [] or relay.check().status == "ok")


@ON_SQLITE
async def test_a_full_stream_that_is_lost_is_still_found_out(road: Road) -> None:
    road.log(1000)
    async with relaying(road, limits=Limits(entries=100)) as relay:
        await until(lambda: "500 entries" in (relay.check().reason or ""))
        sent = road.sequences()
        road.redis.delete(STREAM)
        await until(lambda: road.sequences() == sent)
        road.foreign()
        await until(lambda: road.sequences() == sent)


async def read_all(road: Road, count: int) -> None:
    """Both consumers read and acknowledge so many."""
    for group in CONSUMERS:
        if count:
            road.read(group, count, acknowledge=count)
