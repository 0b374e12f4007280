"""`komerbij rebuild` against real processes under load: equal to what is live, without Redis, killed without harm."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from shared.database import connect, transaction
from tests.databases import DATABASES, DatabaseUrl, fresh_postgres, sqlite_files
from tests.e2e.programme import event, two_thousand
from tests.servers import ADMIN_KEY, ROOT, RedisServer, System, eventually, post_batch, running_redis

CHUNK = 50
ONE_DATABASE = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
"""For what `tests/integration/operators/test_rebuild.py` holds on both: here it is about processes."""
ERASED = ("p003", "p077", "p150")


@dataclass
class Place:
    """A running system with a history, its Redis, and empty databases for whoever needs another."""

    system: System
    redis: RedisServer
    url_of: DatabaseUrl


@pytest.fixture(scope="module", params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Three processes, on SQLite and on PostgreSQL; one system for all tests here."""
    folder = tmp_path_factory.mktemp("system")
    with ExitStack() as running:
        url_of = sqlite_files(folder)
        if request.param == "postgresql":
            url_of = running.enter_context(fresh_postgres(request.getfixturevalue("postgres_server")))
        redis = running.enter_context(running_redis(folder / "redis"))
        extra = {
            f"{name.upper()}_DATABASE_URL": url_of(name) for name in ("registration", "notifications", "reporting")
        }
        system = System(folder / "data", redis.url, extra, modules={"reporting": "tests.e2e.hasty_reporting"})
        running.callback(system.stop)
        yield Place(system.start(), redis, url_of)


@pytest.fixture(name="system")
def settled_system(place: Place) -> System:
    """With all it was told applied."""
    if not place.system.head():
        with load(place.system):
            pass
    place.system.settled(60)
    return place.system


@contextmanager
def load(system: System) -> Iterator[None]:
    """A year is posted while the block runs, people are erased among it; it is all posted when the block is left."""
    programme = two_thousand(datetime.now(UTC))

    def post() -> None:
        with system.client("registration") as client:
            for start in range(0, len(programme), CHUNK):
                post_batch(client, programme[start : start + CHUNK])
                if start // CHUNK in (10, 20, 30):
                    ref = ERASED[start // CHUNK // 10 - 1]
                    gone = event("participant-erased", f"erase-{ref}", datetime.now(UTC), {"participant": {"ref": ref}})
                    post_batch(client, [gone])

    poster = threading.Thread(target=post)
    poster.start()
    try:
        yield
    finally:
        poster.join()


def rebuild(system: System, service: str, *more: str) -> "subprocess.CompletedProcess[str]":
    """The command, as an operator types it."""
    argv = [sys.executable, "-m", "cli.main", "rebuild", service, "--url", system.url(service), "--key", ADMIN_KEY]
    return subprocess.run([*argv, *more], cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)


def figures(system: System) -> dict[str, Any]:
    """Some totals."""
    with system.client("reporting") as client:
        return {
            name: client.get(
                "/v1/statistics", params={"indicator": name, "from": "2025-01-01", "to": "2099-12-31"}
            ).json()
            for name in ("participants", "attendances", "signups", "new-participants")
        }


def test_c16_a_rebuild_under_load_and_after_erasures_equals_what_is_live(place: Place) -> None:
    with load(place.system):
        eventually(lambda: place.system.head() > 400, 60, "there is a load")
        for service in ("reporting", "notifications"):
            done = rebuild(place.system, service)
            assert (done.returncode, done.stderr) == (0, ""), done.stdout
            lines = dict(line.split(":", 1) for line in done.stdout.splitlines() if ":" in line)
            assert lines["rebuilt"].strip() == lines["live"].strip()
    place.system.settled(60)
    assert rebuild(place.system, "reporting").returncode == 0


@ONE_DATABASE
def test_an_operator_finds_what_was_harmed_and_mends_it(system: System) -> None:
    before = figures(system)
    engine = connect(system.extra["REPORTING_DATABASE_URL"])
    with transaction(engine) as connection:
        connection.execute(text("update attendance set party_size = party_size + 1"))
        connection.execute(text("update month_tally set attendances = attendances + 1"))
    engine.dispose()
    assert figures(system) != before
    failed = rebuild(system, "reporting")
    assert failed.returncode == 1
    assert "attendance" in failed.stdout
    assert "--replace" in failed.stdout
    assert figures(system) != before
    mended = rebuild(system, "reporting", "--replace")
    assert mended.returncode == 0, mended.stdout
    assert figures(system) == before


@ONE_DATABASE
def test_an_empty_reporting_database_is_rebuilt_without_redis(system: System, place: Place) -> None:
    before = figures(system)
    digest = rebuild(system, "reporting").stdout.splitlines()[1]
    system.kill("reporting")
    place.redis.kill()
    system.extra["REPORTING_DATABASE_URL"] = place.url_of("reporting_anew")
    system.start("reporting")
    done = rebuild(system, "reporting")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[1] == digest
    assert figures(system) == before
    place.redis.start()


@ONE_DATABASE
def test_c16_a_rebuild_that_is_killed_half_way_changes_nothing(system: System) -> None:
    before = figures(system)
    with system.client("reporting") as client:
        begun = client.post("/v1/rebuilds", json={"replace": True})
    assert (begun.status_code, begun.json()["status"]) == (202, "running")
    file = system.folder / f"rebuild-reporting-{begun.json()['id']}.db"
    eventually(file.exists, 20, "the new generation is begun")
    system.kill("reporting")
    assert file.exists()
    system.start("reporting")
    assert figures(system) == before
    with system.client("reporting") as client:
        address = f"/v1/rebuilds/{begun.json()['id']}"
        eventually(lambda: client.get(address).json()["status"] == "failed", 40, "it is seen to have failed")
        assert client.get(address).json()["digest"] is None
        assert client.get("/v1/rebuilds/nothing").status_code == 404
        assert httpx.get(f"{system.url('reporting')}/v1/rebuilds").status_code == 401
