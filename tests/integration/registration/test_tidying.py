"""What was trimmed after an erasure stands in no file of Redis either (contract section 7)."""

from pathlib import Path
from typing import Any

import pytest
import redis
from sqlalchemy import Engine

from services.registration import event_log
from services.registration.event_log import Announcement
from shared.database import transaction
from shared.events.persons import ParticipantErasedV1
from shared.events.streams import CONSUMERS
from tests.integration.registration.scenarios import road_of_its_own
from tests.integration.registration.stream import NOON, Road, arrived, relaying, until
from tests.servers import RedisServer

PID, TOKEN = "pid-that-must-go", "erased-token"
_TRIM = 0.2


def tell_of_an_erasure(road: Road) -> None:
    """Its event names the person, until every consumer has applied it."""
    data = ParticipantErasedV1(version=1, partner_id="avedan", occurred_at=NOON, recorded_at=NOON, pid=PID, token=TOKEN)
    with transaction(road.engine) as connection:
        event_log.append(connection, [Announcement(f"person/{PID}", data, PID)], NOON)


def read_everything(road: Road) -> None:
    """Both consumers have applied what is there."""
    for name in CONSUMERS:
        road.read(name, len(road.sequences()), acknowledge=len(road.sequences()))


def in_files(server: RedisServer) -> bool:
    """Does a file of the server name the person?"""
    return any(PID.encode() in path.read_bytes() for path in server.folder.rglob("*") if path.is_file())


def rewrites(client: "redis.Redis") -> int:
    """How many there were; -1 while one is under way."""
    found: Any = client.info("persistence")
    return -1 if found["aof_rewrite_in_progress"] else found["aof_rewrites"]


async def test_the_append_only_file_is_written_anew_once_the_erasure_is_sealed(engine: Engine, tmp_path: Path) -> None:
    with road_of_its_own(engine, tmp_path) as (road, server):
        road.log(3)
        async with relaying(road, trim_every=_TRIM) as relay:
            await arrived(road)
            road.groups()
            read_everything(road)
            await until(lambda: road.sequences() == [] and rewrites(road.redis) == 1)
            tell_of_an_erasure(road)
            relay.wake()
            await until(lambda: len(road.sequences()) == 1 and in_files(server))
            read_everything(road)
            await until(lambda: rewrites(road.redis) == 2)
            await until(lambda: not in_files(server))
            road.log(1)
            relay.wake()
            await until(lambda: len(road.sequences()) == 1)
            read_everything(road)
            await until(lambda: road.sequences() == [])
            assert rewrites(road.redis) == 2, "not asked for more often than there is need to"


async def test_it_waits_for_whoever_still_has_to_read_what_stands_beside_it(engine: Engine, tmp_path: Path) -> None:
    """An entry that is trimmed keeps its bytes while one in the same piece is unread: a file made then has them too."""
    with road_of_its_own(engine, tmp_path) as (road, server):
        tell_of_an_erasure(road)
        road.log(1)
        async with relaying(road, trim_every=_TRIM):
            await until(lambda: len(road.sequences()) == 2)
            road.groups()
            for name in CONSUMERS:
                road.read(name, 1, acknowledge=1)
            await until(lambda: road.sequences() == [2])
            await until(lambda: PID.encode() not in road.in_log()[0][1])
            assert PID.encode() in road.snapshot(), "gone for every reader, and its bytes are there"
            for name in CONSUMERS:
                road.read(name, 1, acknowledge=1)
            await until(lambda: rewrites(road.redis) == 1 and not in_files(server))
            assert road.sequences() == []


async def test_it_does_not_wait_for_a_stream_that_has_gone_on_far_enough(engine: Engine, tmp_path: Path) -> None:
    with road_of_its_own(engine, tmp_path) as (road, server):
        tell_of_an_erasure(road)
        road.log(150)
        async with relaying(road, trim_every=_TRIM):
            await until(lambda: len(road.sequences()) == 151)
            road.groups()
            for name in CONSUMERS:
                road.read(name, 130, acknowledge=130)
            await until(lambda: rewrites(road.redis) == 1 and not in_files(server))
            assert road.sequences() == list(range(131, 152))


async def test_a_server_that_refuses_is_sent_to_all_the_same_and_it_is_said_once(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with road_of_its_own(engine, tmp_path, "--rename-command", "BGREWRITEAOF", "") as (road, _):
        tell_of_an_erasure(road)
        async with relaying(road, trim_every=_TRIM) as relay:
            await until(lambda: len(road.sequences()) == 1)
            road.groups()
            read_everything(road)
            await until(lambda: road.sequences() == [])
            tell_of_an_erasure(road)
            relay.wake()
            await until(lambda: len(road.sequences()) == 1)
            read_everything(road)
            await until(lambda: road.sequences() == [])
            assert relay.check().status == "ok"
    assert caplog.text.count("does not rewrite its append-only file") == 1


async def test_a_server_without_an_append_only_file_is_asked_for_nothing(engine: Engine, tmp_path: Path) -> None:
    with road_of_its_own(engine, tmp_path, "--appendonly", "no") as (road, _):
        tell_of_an_erasure(road)
        async with relaying(road, trim_every=_TRIM):
            await until(lambda: len(road.sequences()) == 1)
            road.groups()
            read_everything(road)
            await until(lambda: road.sequences() == [])
            assert rewrites(road.redis) == 0
