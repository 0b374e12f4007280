"""Contact data goes by itself, and what should have gone can be seen (contract section 7)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from services.registration.app import build
from services.registration.domain.persons import person_id
from services.registration.scheduler import RetentionMetrics, Scheduler
from services.registration.tables import ReadAuditRow
from services.registration.usecases import retention
from services.registration.usecases.remembering import Remembering
from services.registration.usecases.retention import Overdue, find_overdue, forget_overdue
from shared.database import table_of, transaction
from tests.factories import activity, assignment, attendance, erasure, participant, release, signup, withdrawal
from tests.integration.registration.running import NO_REDIS, ON_SQLITE, MovingClock, Registration, served, settings
from tests.servers import ADMIN, PERSON_KEY, SERVICE_KEY, System

KEEP = timedelta(days=90)
OVER = {"startsAt": "2026-02-20T13:00:00Z", "endsAt": "2026-02-20T15:00:00Z", "time": "2026-02-01T12:00:00Z"}
BEFORE = "2026-02-02T12:00:00Z"
ENDED = datetime(2026, 2, 20, 15, tzinfo=UTC)
TOLD = datetime(2026, 3, 1, 12, tzinfo=UTC)


def named(ref: str = "client-1", **members: object) -> dict[str, object]:
    return participant(ref, name="Naam", **members)


def people(registration: Registration) -> set[str]:
    """Of whom contact data is kept."""
    return {row["pid"] for row in registration.rows("contact")}


def pid(ref: str, partner_id: str = "avedan", shared_ref: str | None = None) -> str:
    return person_id(PERSON_KEY.encode(), partner_id, ref, shared_ref)


@pytest.fixture(name="job")
def job_of(registration: Registration, tmp_path: Path) -> Scheduler:
    """As the service runs it, at the moment of the test's clock and when the test says so."""
    clock, engine = registration.clock, registration.engine
    return Scheduler(engine, clock, 90, Remembering(engine, PERSON_KEY.encode(), clock, tmp_path / "ledger.jsonl"))


def gone_at(registration: Registration, job: Scheduler, moment: datetime) -> bool:
    """Is the contact data there until that moment, and gone then?"""
    registration.clock.now = moment - timedelta(seconds=1)
    job.turn()
    assert people(registration), "not before"
    registration.clock.now = moment
    job.turn()
    return not people(registration)


def test_it_goes_ninety_days_after_the_end_of_the_last_activity(registration: Registration, job: Scheduler) -> None:
    registration.tell(activity("a", **OVER), signup("s", "a", participant=named(), time=BEFORE))
    assert gone_at(registration, job, ENDED + KEEP)


def test_an_attendance_counts_as_a_sign_up_does(registration: Registration, job: Scheduler) -> None:
    registration.tell(activity("a", **OVER), attendance("a", participant=named(), time="2026-02-20T15:00:00Z"))
    assert gone_at(registration, job, ENDED + KEEP)


def test_an_activity_that_is_moved_moves_the_day(registration: Registration, job: Scheduler) -> None:
    registration.tell(activity("a", **OVER), signup("s", "a", participant=named(), time=BEFORE))
    later = {"startsAt": "2026-04-20T13:00:00Z", "endsAt": "2026-04-20T15:00:00Z", "time": "2026-02-03T12:00:00Z"}
    registration.tell(activity("a", event_id="moved", **later))
    assert gone_at(registration, job, datetime(2026, 4, 20, 15, tzinfo=UTC) + KEEP)


def test_what_one_partner_was_told_stays_while_the_person_comes_to_another(
    registration: Registration, job: Scheduler
) -> None:
    other = registration.key_for("humanitas")
    who = named(sharedRef="pas-7")
    registration.tell(activity("a", **OVER), signup("s", "a", participant=who, time=BEFORE))
    registration.tell(activity("later"), signup("h", "later", participant={**who, "ref": "h-1"}), key=other)
    assert gone_at(registration, job, datetime(2026, 3, 10, 15, tzinfo=UTC) + KEEP)


def test_an_open_assignment_keeps_it_and_a_released_one_until_its_last_day(
    registration: Registration, job: Scheduler
) -> None:
    registration.tell(assignment("v", participant=named()))
    registration.clock.forward(days=4000)
    job.turn()
    assert people(registration)
    registration.tell(release("v", until="2037-01-31", time="2026-03-02T12:00:00Z"))
    assert gone_at(registration, job, datetime(2037, 1, 31, 22, 59, 59, 999999, tzinfo=UTC) + KEEP)


def test_whoever_was_never_anywhere_counts_from_the_moment_it_was_given(
    registration: Registration, job: Scheduler
) -> None:
    registration.tell(activity("a"), signup("s", "a", participant=named()), erasure("client-1"))
    given = assignment("v", participant=named(phone="0600000000"))
    registration.tell(given)
    registration.execute("delete from assignment")
    assert gone_at(registration, job, TOLD + KEEP)


def test_a_withdrawn_sign_up_is_a_sign_up(registration: Registration, job: Scheduler) -> None:
    registration.tell(activity("a"), signup("s", "a", participant=named()), withdrawal("s"))
    assert gone_at(registration, job, datetime(2026, 3, 10, 15, tzinfo=UTC) + KEEP)


def test_other_people_stay_and_nothing_but_contact_data_goes(registration: Registration, job: Scheduler) -> None:
    registration.tell(
        activity("a", **OVER), *(signup(f"s{n}", "a", participant=named(f"c{n}"), time=BEFORE) for n in range(5))
    )
    registration.tell(activity("later"), signup("l", "later", participant=named("c3")))
    before = registration.everything()
    registration.clock.now = ENDED + KEEP
    job.turn()
    assert people(registration) == {pid("c3")}
    after = registration.everything()
    assert {name for name in before if before[name] != after[name]} == {"contact"}


def test_a_run_that_is_stopped_goes_on_where_it_was(
    registration: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    registration.tell(
        activity("a", **OVER), *(signup(f"s{n}", "a", participant=named(f"c{n}"), time=BEFORE) for n in range(5))
    )
    engine, now = registration.engine, ENDED + KEEP
    asked = iter([True, True, False])
    assert forget_overdue(engine, now, KEEP, lambda: next(asked)) == 2
    assert find_overdue(engine, now, KEEP) == Overdue(3, now)
    assert forget_overdue(engine, now, KEEP, lambda: True) == 3
    assert find_overdue(engine, now, KEEP) == Overdue(0, None)
    assert forget_overdue(engine, now, KEEP, lambda: True) == 0


def test_who_signs_up_while_it_runs_keeps_it(registration: Registration) -> None:
    """Decided again under the lock that every writer holds."""
    registration.tell(activity("a", **OVER), signup("s", "a", participant=named(), time=BEFORE))
    registration.clock.now = ENDED + KEEP
    asked: list[bool] = []

    def sign_up_meanwhile() -> bool:
        asked.append(True)
        if len(asked) == 2:
            ahead = {"startsAt": "2026-09-01T13:00:00Z", "endsAt": "2026-09-01T15:00:00Z"}
            registration.tell(activity("ahead", **ahead), signup("s2", "ahead", ref="client-1"))
        return True

    assert forget_overdue(registration.engine, registration.clock.now, KEEP, sign_up_meanwhile) == 0
    assert people(registration) == {pid("client-1")}


@ON_SQLITE
def test_no_file_keeps_a_former_page(registration: Registration, job: Scheduler, tmp_path: Path) -> None:
    registration.tell(activity("a", **OVER), signup("s", "a", participant=participant(name="Zeldzaam"), time=BEFORE))
    assert any(b"Zeldzaam" in path.read_bytes() for path in tmp_path.iterdir())
    registration.clock.now = ENDED + KEEP
    job.turn()
    assert not [path.name for path in tmp_path.iterdir() if b"Zeldzaam" in path.read_bytes()]


def test_it_runs_when_the_service_starts(tmp_path: Path, database: str) -> None:
    clock = MovingClock()
    given = settings(tmp_path, database_url=database)
    with served(build(given, clock), database, clock) as running:
        running.tell(activity("a", **OVER), signup("s", "a", participant=named(), time=BEFORE))
        assert people(running)
    clock.now = ENDED + KEEP
    with served(build(given, clock), database, clock) as running:
        shown = eventually_run(running)
        assert not people(running)
        assert shown == {"days": 90, "lastRunAt": "2026-05-21T15:00:00Z", "overdue": 0, "oldestDueAt": None}


def eventually_run(running: Registration) -> dict[str, object]:
    """What the operator sees once the first run is over."""
    for _ in range(1000):
        answer = running.http.get("/v1/retention", headers=ADMIN)
        assert answer.status_code == 200, answer.text
        shown: dict[str, object] = answer.json()
        if shown["lastRunAt"]:
            return shown
    raise AssertionError("it did not run")


def test_the_operator_sees_what_is_overdue(registration: Registration) -> None:
    eventually_run(registration)
    registration.tell(activity("a", **OVER), signup("s", "a", participant=named(), time=BEFORE))
    registration.clock.now = ENDED + KEEP + timedelta(days=3)
    shown = registration.http.get("/v1/retention", headers=ADMIN).json()
    assert (shown["overdue"], shown["oldestDueAt"]) == (1, "2026-05-21T15:00:00Z")
    for key, status in (({}, 401), (registration.key, 403), ({"Authorization": f"Bearer {SERVICE_KEY}"}, 403)):
        assert registration.http.get("/v1/retention", headers=key).status_code == status


@ON_SQLITE
async def test_a_run_that_fails_shows_and_one_that_works_again_ends_it(
    registration: Registration, job: Scheduler
) -> None:
    registration.tell(activity("a", **OVER), signup("s", "a", participant=named(), time=BEFORE))
    registration.clock.now = worked = ENDED + KEEP - timedelta(hours=1)
    job.turn()
    registration.execute("create trigger stuck before delete on contact begin select raise(abort, 'stuck'); end")
    registration.clock.now = ENDED + KEEP + timedelta(hours=22)
    job.turn()
    assert (await job.check()).status == "ok", "less than a day late"
    registration.clock.forward(hours=26)
    job.turn()
    found = await job.check()
    assert found.status == "degraded"
    assert "overdue for 2 days" in str(found.reason)
    assert measured(job) == [worked.timestamp(), timedelta(hours=48).total_seconds()]
    registration.execute("drop trigger stuck")
    job.turn()
    assert (await job.check()).status == "ok"
    assert measured(job) == [registration.clock.now.timestamp(), 0.0]


def measured(job: Scheduler) -> list[float]:
    return [sample.value for metric in RetentionMetrics(job).collect() for sample in metric.samples]


async def test_a_job_of_which_nobody_hears_shows_too(registration: Registration, job: Scheduler) -> None:
    job.turn()
    registration.clock.forward(hours=25)
    assert "not looked through for 1 days" in str((await job.check()).reason)


def test_the_metrics_tell_moments_and_no_number_of_people(registration: Registration) -> None:
    eventually_run(registration)
    shown = registration.http.get("/metrics").text
    values = dict(line.split(" ") for line in shown.splitlines() if line.startswith("komerbij_retention"))
    assert values.keys() == {
        "komerbij_retention_last_run_timestamp_seconds",
        "komerbij_retention_oldest_overdue_seconds",
    }
    assert registration.http.get("/health/ready").json()["checks"]["retention"] == {"status": "ok"}


def test_the_audit_of_reads_is_kept_for_a_year(registration: Registration, job: Scheduler) -> None:
    now = registration.clock.now
    with transaction(registration.engine) as connection:
        connection.execute(insert(table_of(ReadAuditRow)), [read(now - timedelta(days=days)) for days in (0, 364, 366)])
    job.turn()
    assert [(now - row["at"]).days for row in registration.rows("read_audit")] == [0, 364]


def read(at: datetime) -> dict[str, object]:
    return {"at": at, "key_id": "k", "partner_id": None, "what": "signups", "about": "avedan/a", "found": 3}


@pytest.mark.parametrize("days", ["0", "-1", "36501", "ninety", "1.5", ""])
def test_a_number_of_days_that_makes_no_sense_is_refused(
    days: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REGISTRATION_CONTACT_RETENTION_DAYS", days)
    with pytest.raises(ValueError, match="REGISTRATION_CONTACT_RETENTION_DAYS"):
        settings(tmp_path)


def test_a_service_with_such_a_number_does_not_start_and_says_why(tmp_path: Path) -> None:
    code, said = System(tmp_path, NO_REDIS, {"REGISTRATION_CONTACT_RETENTION_DAYS": "0"}).ended("registration")
    assert code == 1
    assert "REGISTRATION_CONTACT_RETENTION_DAYS\n  Input should be greater than or equal to 1" in said


def test_another_number_of_days_is_kept_to(
    registration: Registration, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRATION_CONTACT_RETENTION_DAYS", "7")
    assert settings(tmp_path).contact_retention_days == 7
    registration.tell(activity("a", **OVER), signup("s", "a", participant=named(), time=BEFORE))
    week = timedelta(days=7)
    everybody: Callable[[], bool] = lambda: True  # noqa: E731  -- typed
    assert forget_overdue(engine, ENDED + week - timedelta(seconds=1), week, everybody) == 0
    assert forget_overdue(engine, ENDED + week, week, everybody) == 1
