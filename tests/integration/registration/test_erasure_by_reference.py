"""Erased by an own reference, told of with a shared one: the reference goes, other partners keep their person."""

import pytest

from tests.factories import activity, attendance, erasure, participant, signup
from tests.integration.registration.restored import Place
from tests.integration.registration.running import MovingClock, Registration
from tests.integration.registration.test_erasure import LATER, REF, pid, traces, whole_story

SHARED = "pas-7"
WHO = pid(REF, SHARED)


@pytest.fixture
def told(registration: Registration) -> Registration:
    """A whole story with a shared reference at one partner; the same person at another under another reference."""
    theirs = participant("h-client", sharedRef=SHARED, email="h@example.org")
    registration.tell(*whole_story(REF, SHARED))
    other = registration.key_for("humanitas")
    registration.tell(activity(), signup("h1", participant=theirs), attendance(participant=theirs), key=other)
    return registration


def test_no_trace_of_the_reference_and_of_this_partners_contact_data_stays(told: Registration) -> None:
    assert traces(told, REF, "Naam").keys() == {"signup", "attendance", "assignment", "contact"}
    told.tell(erasure(REF))
    assert traces(told, REF, "Naam") == {}


def test_this_partners_coming_sign_ups_are_withdrawn_and_the_places_given_on(told: Registration) -> None:
    told.tell(erasure(REF))
    statuses = told.statuses()
    assert statuses["avedan/comes"] == "withdrawn"
    assert statuses["avedan/waits"] == "confirmed"
    assert statuses["avedan/was"] == "confirmed"


def test_the_other_partner_keeps_its_sign_up_its_reference_and_its_contact_data(told: Registration) -> None:
    told.tell(erasure(REF))
    assert told.statuses()["humanitas/h1"] == "confirmed"
    assert told.contact(WHO, "humanitas") == {
        "name": None,
        "email": "h@example.org",
        "phone": None,
        "address": None,
        "reachVia": None,
    }
    assert "h-client" in {row["participant_ref"] for row in told.rows("signup")}


def test_it_stays_one_person_for_the_count(told: Registration) -> None:
    before = {row["pid"] for row in told.rows("attendance")}
    told.tell(erasure(REF))
    assert {row["pid"] for row in told.rows("attendance")} == before == {WHO}


def test_the_same_reference_at_another_partner_is_another_persons(told: Registration) -> None:
    other = told.key_for("humanitas")
    told.tell(signup("h2", participant=participant(REF, sharedRef="pas-8"), role="professional"), key=other)
    told.tell(erasure(REF))
    assert told.statuses()["humanitas/h2"] == "confirmed"
    assert traces(told, REF).keys() == {"signup"}


def test_inside_the_batch_that_told_of_the_person_it_is_the_same(registration: Registration) -> None:
    registration.tell(*whole_story(REF, SHARED), erasure(REF))
    assert traces(registration, REF, "Naam") == {}


def test_who_comes_back_has_the_reference_again(told: Registration) -> None:
    told.tell(erasure(REF), signup("again", "coming", participant=participant(REF, sharedRef=SHARED), time=LATER))
    assert told.statuses()["avedan/again"] == "confirmed"
    assert traces(told, REF).keys() == {"signup"}


def test_a_restored_backup_forgets_the_reference_too(tmp_path_factory: pytest.TempPathFactory, database: str) -> None:
    place = Place(tmp_path_factory.mktemp("place"), database, MovingClock())
    with place.running() as registration:
        registration.tell(*whole_story(REF, SHARED))
        backup = place.backup()
        registration.tell(erasure(REF))
    place.restore(backup)
    with place.running() as registration:
        assert traces(registration, REF, "Naam") == {}
        assert registration.statuses()["avedan/comes"] == "withdrawn"


def test_the_rank_of_an_erased_fact_keeps_its_instant_and_loses_the_events_id(registration: Registration) -> None:
    """An id that a program made of a reference would lead back from the token."""
    fact = attendance(ref=REF, event_id="of-client-to-forget")
    registration.tell(activity(), fact)
    assert [row["stamp"].split("\x01")[1] for row in registration.rows("attendance")] == ["of-client-to-forget"]
    registration.tell(erasure(REF))
    (row,) = registration.rows("attendance")
    assert row["stamp"] == f"2026-03-01T12:00:00.000000\x01{row['pid']}"
