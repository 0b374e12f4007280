"""A database restored from before an erasure forgets again when it starts; who came back is left alone."""

import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from services.registration.scheduler import Scheduler
from services.registration.usecases.remembering import Remembering
from shared.database import reading
from tests.factories import activity, attendance, erasure, participant, signup
from tests.integration.registration.restored import Place
from tests.integration.registration.running import ON_POSTGRESQL, ON_SQLITE, MovingClock, Registration
from tests.integration.registration.test_erasure import REF, confirm_everything, pid, traces, whole_story
from tests.servers import PERSON_KEY

AGAIN = "client-who-came-back"


@pytest.fixture
def place(tmp_path: Path, database: str) -> Place:
    return Place(tmp_path, database, MovingClock())


def test_who_was_erased_after_the_backup_is_erased_again_at_the_start(place: Place) -> None:
    with place.running() as registration:
        registration.tell(*whole_story())
        backup = place.backup()
        registration.tell(erasure(REF))
    place.restore(backup)
    with place.running() as registration:
        (told,) = registration.told("participant-erased")
        assert (told["pid"], told["partnerId"]) == (pid(), "avedan")
        assert traces(registration, pid(), REF) == {"event_log": 1}
        assert registration.statuses()["avedan/comes"] == "withdrawn"
        assert registration.statuses()["avedan/waits"] == "confirmed"
        assert registration.contact(pid()) is None
        log = registration.log()
        assert [item["sequence"] for item in log] == list(range(1, len(log) + 1))
        confirm_everything(registration)
        assert traces(registration, pid(), REF) == {}


@ON_SQLITE
def test_no_file_of_a_restored_database_keeps_a_former_page(place: Place) -> None:
    with place.running() as registration:
        registration.tell(*whole_story())
        backup = place.backup()
        registration.tell(erasure(REF))
    place.restore(backup)
    assert any(REF.encode() in path.read_bytes() for path in place.folder.iterdir())
    with place.running():
        assert not [path.name for path in place.folder.iterdir() if REF.encode() in path.read_bytes()]


def test_the_counts_are_those_of_the_erasure_that_was_lost(place: Place) -> None:
    with place.running() as registration:
        registration.tell(*whole_story())
        backup = place.backup()
        registration.tell(erasure(REF))
        erased = {name: len(rows) for name, rows in registration.everything().items()}
        names = registration.names()
    place.restore(backup)
    with place.running() as registration:
        again = {name: len(rows) for name, rows in registration.everything().items()}
        assert registration.names() == names
    assert {name for name in erased if erased[name] != again[name]} == {"received"}, "the erasure's own post"


def test_a_shared_person_is_erased_again_at_every_partner(place: Place) -> None:
    theirs = participant("h-client", sharedRef="pas-7", email="h@example.org")
    with place.running() as registration:
        registration.tell(*whole_story(REF, "pas-7"), attendance("past", ref=REF))
        registration.tell(activity(), signup("h1", participant=theirs), key=registration.key_for("humanitas"))
        backup = place.backup()
        registration.tell(erasure(REF, "pas-7"))
    place.restore(backup)
    with place.running() as registration:
        assert len(registration.told("participant-erased")) == 2
        confirm_everything(registration)
        assert traces(registration, pid(), pid(REF, "pas-7"), REF, "h-client", "h@example.org") == {}


def test_a_mark_is_used_once_so_who_came_back_stays(place: Place) -> None:
    with place.running() as registration:
        registration.tell(activity(), signup("s1", ref=REF), erasure(REF), signup("s2", ref=REF))
        backup = place.backup()
        before = registration.everything()
    for _ in range(2):
        place.restore(backup)
        with place.running() as registration:
            assert registration.everything() == before


def test_of_two_erasures_only_the_one_that_the_backup_does_not_know_takes_place(place: Place) -> None:
    with place.running() as registration:
        registration.tell(activity(), signup("s1", ref=REF), erasure(REF), signup("s2", ref=REF))
        registration.tell(signup("k1", ref=AGAIN), erasure(AGAIN), signup("k2", ref=AGAIN))
        backup = place.backup()
        registration.tell(erasure(REF, event_id="once more"))
    place.restore(backup)
    with place.running() as registration:
        assert registration.statuses() == {
            "avedan/s1": "withdrawn",
            "avedan/s2": "withdrawn",
            "avedan/k1": "withdrawn",
            "avedan/k2": "confirmed",
        }
        assert {row["pid"] for row in registration.rows("signup")} & {pid(), pid(AGAIN)} == {pid(AGAIN)}


def test_who_comes_back_after_a_restore_is_left_alone_by_the_next_start(place: Place) -> None:
    with place.running() as registration:
        registration.tell(*whole_story())
        backup = place.backup()
        registration.tell(erasure(REF))
    place.restore(backup)
    with place.running() as registration:
        registration.tell(signup("back", "coming", ref=REF))
    with place.running() as registration:
        assert registration.statuses()["avedan/back"] == "confirmed"
        assert len(registration.told("participant-erased")) == 1


def test_a_restored_database_without_the_person_gets_the_mark_and_nothing_else(place: Place) -> None:
    with place.running() as registration:
        backup = place.backup()
        registration.tell(activity(), attendance(ref=REF), erasure(REF))
        marks = registration.rows("erased")
    place.restore(backup)
    with place.running() as registration:
        assert [row["mark"] for row in registration.rows("erased")] == [row["mark"] for row in marks]
        assert registration.told("participant-erased") == []


def test_the_ledger_is_there_with_the_answer_and_holds_marks_and_keyed_hashes_alone(place: Place) -> None:
    with place.running() as registration:
        registration.tell(activity(), attendance(ref=REF), erasure(REF, "pas-7"))
        lines = [json.loads(line) for line in place.ledger.read_text().splitlines()]
        rows = registration.rows("erased")
    assert sorted((line["mark"], line["person"]) for line in lines) == [(row["mark"], row["person"]) for row in rows]
    assert {tuple(line) for line in lines} == {("mark", "person")}
    assert stat.S_IMODE(place.ledger.stat().st_mode) == 0o600
    content = place.ledger.read_text()
    assert not [word for word in (REF, "pas-7", pid(), pid(REF, "pas-7"), "avedan") if word in content]


def test_a_refused_erasure_and_a_dry_run_leave_no_mark(place: Place) -> None:
    with place.running() as registration:
        registration.post_batch([erasure(REF)], dryRun="true")
        assert registration.code(erasure("")) == "invalid"
        assert (registration.rows("erased"), place.ledger.read_text()) == ([], "")


def test_a_ledger_that_is_lost_or_cut_off_is_made_complete_from_the_database(place: Place) -> None:
    with place.running() as registration:
        registration.tell(erasure("a"), erasure("b"))
    whole = place.ledger.read_text()
    for left in ("", whole[:-20], whole[: len(whole) // 2], "no json\n" + whole[:90]):
        place.ledger.write_text(left)
        with place.running():
            assert set(place.ledger.read_text().splitlines()) >= set(whole.splitlines())
    place.ledger.unlink()
    with place.running():
        assert sorted(place.ledger.read_text().splitlines()) == sorted(whole.splitlines())


@ON_SQLITE
async def test_a_ledger_that_cannot_be_written_shows_and_fails_no_erasure(place: Place) -> None:
    with place.running() as registration:
        place.ledger.unlink()
        place.ledger.mkdir()
        registration.tell(activity(), attendance(ref=REF), erasure(REF))
        shown = registration.http.get("/health/ready").json()["checks"]["retention"]
        assert (shown["status"], "ledger" in shown["reason"]) == ("degraded", True)
        place.ledger.rmdir()
        remembering = job_of(place, registration)
        remembering.turn()
        assert (await remembering.check()).status == "ok"
        assert len(place.ledger.read_text().splitlines()) == 1


def job_of(place: Place, registration: Registration) -> Scheduler:
    """Another process' job over the same database and data folder."""
    engine, clock = registration.engine, place.clock
    return Scheduler(engine, clock, 90, Remembering(engine, PERSON_KEY.encode(), clock, place.ledger))


@ON_SQLITE
def test_who_reads_for_long_holds_up_no_erasure_and_the_next_hour_leaves_no_former_page(place: Place) -> None:
    with place.running() as registration:
        registration.tell(*whole_story())
        with reading(registration.engine) as connection:
            assert connection.execute(text("select count(*) from signup")).scalar() == 3
            registration.tell(erasure(REF))
            assert any(REF.encode() in path.read_bytes() for path in place.folder.iterdir()), "for the reader's moment"
        job_of(place, registration).turn()
        assert not [path.name for path in place.folder.iterdir() if REF.encode() in path.read_bytes()]


@ON_SQLITE
def test_a_service_that_cannot_read_its_ledger_does_not_start(place: Place) -> None:
    with place.running():
        place.ledger.unlink()
    place.ledger.mkdir()
    with pytest.raises(OSError, match="directory"), place.running():
        pass


@ON_POSTGRESQL
def test_of_several_processes_each_has_a_complete_ledger_and_any_one_can_start_first(place: Place) -> None:
    other = Place(place.folder / "other", place.database, place.clock)
    with place.running() as registration:
        registration.tell(*whole_story())
        backup = place.backup()
        with other.running() as second:
            registration.tell(erasure(REF))
            assert other.ledger.read_text() == ""
            second.tell(erasure("somebody-else"), key=registration.key)
            job_of(other, second).turn()
    assert len(place.ledger.read_text().splitlines()) == 1, "what the other did comes within the hour"
    assert len(other.ledger.read_text().splitlines()) == 2
    place.restore(backup)
    with other.running() as second:
        assert traces(second, pid(), REF) == {"event_log": 1}
    with place.running() as registration:
        assert len(registration.told("participant-erased")) == 2
