"""What nobody foresaw becomes a 5xx problem that shows nothing of the inside, and harms no other event."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event

from services.registration import event_log
from shared.database import transaction
from tests.factories import activity, outreach, signup
from tests.integration.registration.running import ON_SQLITE, Registration

INSIDE = ("Traceback", "sqlalchemy", "sqlite", "no such table", ".py", "select ", "insert ")


@pytest.fixture
def impatient() -> Iterator[None]:
    """Every connection waits 50 ms for a lock instead of 10 s; ask for this before `registration`."""

    def shorten(connection: Any, _record: Any) -> None:
        if isinstance(connection, psycopg.Connection):
            connection.execute("set lock_timeout = '50ms'")
            connection.commit()
        else:
            connection.execute("PRAGMA busy_timeout=50")

    event.listen(Engine, "connect", shorten)
    yield
    event.remove(Engine, "connect", shorten)


def test_an_accident_at_the_door_is_500_internal_and_may_be_tried_again(registration: Registration) -> None:
    registration.execute("alter table outreach rename to elsewhere")
    answer = registration.post(outreach())
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert (answer.json()["outcome"], answer.json()["retryable"]) == ("failed", True)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not [word for word in INSIDE if word.lower() in answer.text.lower()]


def test_a_failed_event_leaves_no_trace_and_may_be_posted_again(registration: Registration) -> None:
    registration.execute("alter table outreach rename to elsewhere")
    registration.post(outreach())
    registration.execute("alter table elsewhere rename to outreach")
    assert registration.names() == ["partner-joined"]
    assert registration.post(outreach()).status_code == 201


def test_an_item_that_fails_harms_no_other_of_its_batch(registration: Registration) -> None:
    registration.execute("alter table outreach rename to elsewhere")
    results = registration.results(activity(), outreach(), signup("s1"), outreach("o2"))
    assert [result["outcome"] for result in results] == ["accepted", "failed", "accepted", "failed"]
    assert registration.names() == ["partner-joined", "activity-scheduled", "signup-confirmed"]
    assert [item["sequence"] for item in registration.log()] == [1, 2, 3]


def test_an_accident_while_reading_is_a_problem_too(registration: Registration) -> None:
    registration.execute("drop table activity")
    answer = registration.http.get("/v1/activities")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["API-Version"].startswith("1.")
    assert not [word for word in INSIDE if word.lower() in answer.text.lower()]


@contextmanager
def somebody_else_decides(registration: Registration) -> Iterator[None]:
    """Another process holds the log's head."""
    with transaction(registration.engine) as connection:
        event_log.lock(connection)
        yield


@pytest.mark.usefixtures("impatient")
def test_a_database_that_stays_locked_is_503_lock_timeout(registration: Registration) -> None:
    registration.tell(activity())
    with somebody_else_decides(registration):
        answer = registration.post(signup("s1"))
    assert (answer.status_code, answer.json()["code"]) == (503, "lock-timeout")
    assert (answer.json()["outcome"], answer.json()["retryable"]) == ("failed", True)
    assert registration.post(signup("s1")).status_code == 201


@ON_SQLITE
@pytest.mark.usefixtures("impatient")
def test_ready_is_down_while_the_database_takes_no_writes(registration: Registration) -> None:
    with transaction(registration.engine):
        answer = registration.http.get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]["database"]["status"]) == (503, "down")


def test_without_redis_registration_is_ready_but_degraded_and_the_door_works(registration: Registration) -> None:
    answer = registration.http.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["database"] == {"status": "ok"}
    assert answer.json()["checks"]["redis"]["reason"]
    assert registration.post(activity()).status_code == 201


def test_a_batch_that_meets_a_lock_waits_for_it_once_and_not_once_an_item(
    impatient: None, registration: Registration
) -> None:
    """Found by attack: each item waited by itself, and the only writer stood still for minutes."""
    waits: list[str] = []

    def note(connection: Connection) -> None:
        if not connection.get_execution_options().get("komerbij_reading"):
            waits.append("a write transaction")

    with somebody_else_decides(registration):
        event.listen(Engine, "begin", note)
        results = registration.results(*(outreach(f"o{number}") for number in range(20)))
        event.remove(Engine, "begin", note)
    assert {result["problem"]["code"] for result in results} == {"lock-timeout"}
    assert all(result["retryable"] for result in results)
    assert len(waits) <= 2, "one for the batch, one for noting the use of the key"
    assert {result["outcome"] for result in registration.results(outreach("o1"), outreach("o2"))} == {"accepted"}
