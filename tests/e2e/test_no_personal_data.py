"""Planted names, addresses and numbers are found in registration's contact table and nowhere else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
from sqlalchemy import MetaData, select

from shared.database import connect, reading
from tests.databases import DATABASES, one_per_service
from tests.e2e.programme import activity, cancelled, event, signup
from tests.servers import RedisServer, System, eventually, post_batch

MARKERS = ("Zeldzamenaam", "vindmij@example.org", "0687654321", "Onvindbarestraat", "9876ZX", "Gehuchtstad", "zieknaam")
PERSON = {
    "ref": "client-77",
    "sharedRef": "pas-4711",
    "name": "Zeldzamenaam",
    "email": "vindmij@example.org",
    "phone": "0687654321",
    "address": {"street": "Onvindbarestraat 3", "postalCode": "9876ZX", "city": "Gehuchtstad"},
    "ageBand": "75-84",
    "neighbourhood": "De Riet",
}


@pytest.fixture(scope="module", name="system", params=DATABASES)
def system_that_was_told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system into which a person with every contact member was brought by every road there is."""
    with one_per_service(request, request.param) as databases:
        yield from told(tmp_path_factory.mktemp("markers"), databases)


def told(folder: Path, databases: dict[str, str]) -> Iterator[System]:
    """The same, over databases."""
    server = RedisServer(folder / "redis").start()
    running = System(folder / "data", server.url, {"NOTIFICATIONS_QUIET_HOURS": ""}, databases)
    try:
        running.start()
        now = datetime.now(UTC)
        before = now - timedelta(hours=1)
        with running.client("registration") as client:
            post_batch(client, roads(now, before))
            refused(client, now)
        running.settled()
        eventually(lambda: list((running.folder / "mailbox").glob("*.eml")), 20, "a mail in the mailbox")
        yield running
    finally:
        running.stop()
        server.kill()


def roads(now: datetime, before: datetime) -> list[dict[str, Any]]:
    """Every type that carries a person or free text."""
    return [
        activity("a1", now + timedelta(days=9), before),
        activity("a2", now - timedelta(days=9), before),
        signup("s1", "a1", before, PERSON),
        event("signup-withdrawn", "w1", now, {"signupId": "s1", "reason": "zieknaam"}),
        signup("s2", "a1", before, {**PERSON, "ref": "client-78"}),
        event("attendance-recorded", "t1", before, {"activityId": "a2", "participant": PERSON, "outcome": "present"}),
        event("volunteer-assigned", "v1", before, {"assignmentId": "v1", "participant": PERSON, "from": "2026-01-01"}),
        cancelled("a1", now),
    ]


def refused(client: httpx.Client, now: datetime) -> None:
    """Faults around personal data: nothing of it may be repeated in an answer, a log or a trace."""
    wrong = [
        signup("s9", "nowhere", now, PERSON),
        signup("s8", "a1", now, {**PERSON, "ref": "vindmij@example.org"}),
        signup("s7", "a1", now, {**PERSON, "surname": "Zeldzamenaam"}),
        signup("s6", "a1", now, {**PERSON, "ageBand": "Zeldzamenaam"}),
    ]
    answer = post_batch(client, wrong)
    assert answer["summary"]["rejected"] == 4
    assert not found_in(str([result["problem"] for result in answer["results"]]))


def found_in(text: str) -> list[str]:
    """The markers that stand in a text."""
    return [marker for marker in MARKERS if marker.lower() in text.lower()]


def tables_with_markers(url: str) -> set[str]:
    """Which tables of a database hold a marker."""
    engine, tables = connect(url), MetaData()
    with reading(engine) as connection:
        tables.reflect(connection)
        found = {table.name for table in tables.sorted_tables if found_in(str(connection.execute(select(table)).all()))}
    engine.dispose()
    return found


def raw(*files: Path) -> str:
    """Bytes of files as text, whatever they are."""
    return "".join(file.read_bytes().decode("latin-1") for file in files if file.is_file())


def test_personal_data_stands_in_the_contact_table_alone(system: System) -> None:
    assert tables_with_markers(system.database("registration")) == {"contact"}
    for service in ("notifications", "reporting"):
        assert tables_with_markers(system.database(service)) == set()
        assert not found_in(raw(*system.folder.glob(f"{service}.db*")))


def test_personal_data_is_not_in_redis(system: System) -> None:
    with redis.Redis.from_url(system.redis_url) as client:
        dumped = b"".join(client.dump(key) or b"" for key in client.scan_iter())
        entries = str(client.xrange("meedoen.events"))
    assert entries.count("signup-confirmed") >= 1
    on_disk = raw(*system.folder.with_name("redis").rglob("*"))
    assert "signup-confirmed" in on_disk
    assert not found_in(entries + dumped.decode("latin-1") + on_disk)


def test_personal_data_is_not_in_logs_and_metrics(system: System) -> None:
    logs = list(system.folder.glob("*.log"))
    assert len(logs) == 3
    assert not found_in(raw(*logs))
    for service in system.ports:
        metrics = httpx.get(f"{system.url(service)}/metrics", timeout=10)
        assert metrics.status_code == 200
        assert not found_in(metrics.text)
        assert "client-77" not in metrics.text


def test_personal_data_is_not_in_answers_but_the_contact_look_up(system: System) -> None:
    paths = {
        "registration": ("/v1/log", "/v1/activities", "/health/ready", "/v1/keys"),
        "notifications": ("/v1/messages", "/health/ready"),
        "reporting": ("/v1/statistics?indicator=participants&period=2026&groupBy=neighbourhood", "/health/ready"),
    }
    for service, wanted in paths.items():
        with system.client(service) as client:
            for path in wanted:
                answer = client.get(path)
                assert answer.status_code == 200, path
                assert not found_in(answer.text), path
