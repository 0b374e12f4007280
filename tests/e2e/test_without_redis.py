"""The write door without Redis: posting goes on, and everything arrives once when Redis comes back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.events.streams import STREAM
from tests.databases import DATABASES, one_per_service
from tests.e2e.programme import activity, attendance
from tests.servers import RedisServer, System, eventually, post_batch

DAY = datetime(2025, 3, 3, 13, tzinfo=UTC)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis of our own, to be taken away."""
    server = RedisServer(tmp_path / "redis").start()
    yield server
    server.kill()


@pytest.fixture(params=DATABASES)
def system(request: pytest.FixtureRequest, tmp_path: Path, redis: RedisServer) -> Iterator[System]:
    """Three services on it."""
    with one_per_service(request, request.param) as databases:
        running = System(tmp_path / "data", redis.url, databases=databases)
        try:
            yield running.start()
        finally:
            running.stop()


def post(system: System, events: list[dict[str, Any]]) -> None:
    """Post; every event must be accepted."""
    with system.client("registration") as client:
        assert post_batch(client, events)["summary"]["accepted"] == len(events)


def attendances(system: System) -> Any:
    """The live figure."""
    with system.client("reporting") as client:
        answer = client.get("/v1/statistics", params={"indicator": "attendances", "period": "2025"})
        return answer.json()["total"]["value"]


def week(number: int) -> list[dict[str, Any]]:
    """An activity and ten people who came."""
    day = DAY + timedelta(days=7 * number)
    key = f"walk-{number}"
    return [activity(key, day, day), *(attendance(key, f"p{n}", day + timedelta(hours=3)) for n in range(10))]


@pytest.mark.parametrize(
    ("system", "comes_back"), [("sqlite", "with its data"), ("postgresql", "empty")], indirect=["system"]
)
def test_posting_goes_on_without_redis_and_all_arrives_when_it_is_back(
    system: System, redis: RedisServer, comes_back: str
) -> None:
    post(system, week(0))
    system.settled()
    redis.kill()
    for number in range(1, 6):
        post(system, week(number))
    assert system.ready("registration")
    if comes_back == "empty":
        redis.forget_everything()
    redis.start()
    system.settled()
    assert attendances(system) == 60


def test_c17_a_stream_that_is_flushed_or_trimmed_with_entries_pending_heals_to_what_a_rebuild_makes(
    system: System, redis: RedisServer
) -> None:
    """Flushed while all run: level within ten seconds. Trimmed while what one had fetched was not acknowledged."""
    post(system, week(0))
    system.settled()
    with redis.client() as client:
        client.flushall()
        post(system, week(1))
        system.settled(10)
        assert attendances(system) == 20
        eventually(lambda: all_ready(system), 15, "every service is ready")

        system.kill("reporting")
        post(system, week(2))
        eventually(lambda: client.xreadgroup("reporting", "one-that-died", {STREAM: ">"}), 10, "it was fetched")
        client.xtrim(STREAM, maxlen=0, approximate=False)
    system.start("reporting")
    system.settled()
    assert attendances(system) == 30
    with system.client("reporting") as reporting:
        address = f"/v1/rebuilds/{reporting.post('/v1/rebuilds', json={}).json()['id']}"
        eventually(lambda: reporting.get(address).json()["status"] != "running", 30, "the rebuild ended")
        rebuilt = reporting.get(address).json()
    assert (rebuilt["status"], rebuilt["digest"]) == ("done", rebuilt["liveDigest"])


def all_ready(system: System) -> bool:
    """Is every service ready?"""
    return all(system.ready(name) for name in system.ports)
