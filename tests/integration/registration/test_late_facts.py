"""What is told of a sign-up after its person was forgotten is told of somebody new (contract section 7)."""

from services.registration.domain.forgetting import late_person_id
from tests.factories import activity, attendance, erasure, participant, signup
from tests.integration.registration.running import Registration
from tests.integration.registration.test_erasure import LAST_YEAR, REF, pid, traces
from tests.servers import PERSON_KEY

SIGNED_UP, CAME, CORRECTED = "2025-04-02T12:00:00Z", "2025-05-01T15:00:00Z", "2025-05-02T15:00:00Z"
SOMEBODY_NEW = late_person_id(PERSON_KEY.encode(), "avedan/was")


def forgotten(registration: Registration, *more: dict[str, object]) -> str:
    """A sign-up for what is over, of somebody who is forgotten; returns the token."""
    who = participant(REF, ageBand="75-84", neighbourhood="De Riet")
    placed = signup("was", "past", participant=who, partySize=2, role="professional", time=SIGNED_UP)
    registration.tell(activity("past", **LAST_YEAR), placed, *more, erasure(REF))
    token: str = registration.told("participant-erased")[0]["token"]
    return token


def test_an_attendance_by_the_sign_up_is_somebody_elses_than_the_erased_persons(registration: Registration) -> None:
    token = forgotten(registration)
    (result,) = registration.tell(attendance("past", signupId="was", time=CAME))
    assert result["overrides"] == ["not-signed-up"]
    (told,) = registration.told("attendance-recorded")
    assert told["pid"] == SOMEBODY_NEW
    assert told["pid"] not in (pid(), token)
    assert told["signup"] is None, "nothing joins the two"
    (row,) = registration.rows("attendance")
    assert row["participant_ref"] == SOMEBODY_NEW
    assert traces(registration, pid(), REF) == {"event_log": 1}


def test_how_many_came_in_which_role_from_where_is_as_the_sign_up_said(registration: Registration) -> None:
    forgotten(registration)
    registration.tell(attendance("past", signupId="was", time=CAME))
    (told,) = registration.told("attendance-recorded")
    members = ("partySize", "role", "ageBand", "neighbourhood")
    assert [told[name] for name in members] == [2, "professional", "75-84", "De Riet"]


def test_a_correction_replaces_the_late_fact_before_it(registration: Registration) -> None:
    forgotten(registration)
    registration.tell(attendance("past", signupId="was", time=CAME))
    registration.tell(attendance("past", outcome="absent", signupId="was", time=CORRECTED))
    older = registration.tell(attendance("past", outcome="excused", signupId="was", time=CAME, event_id="0"))
    assert "superseded" in older[0]["overrides"]
    assert [(row["pid"], row["outcome"]) for row in registration.rows("attendance")] == [(SOMEBODY_NEW, "absent")]
    assert [told["version"] for told in registration.told("attendance-recorded")] == [1, 2]


def test_what_was_told_before_the_erasure_stays_as_it_was(registration: Registration) -> None:
    token = forgotten(registration, attendance("past", signupId="was", time=CAME))
    registration.tell(attendance("past", outcome="void", signupId="was", time=CORRECTED))
    outcomes = {row["pid"]: row["outcome"] for row in registration.rows("attendance")}
    assert outcomes == {token: "present", SOMEBODY_NEW: "void"}


def test_in_the_batch_of_the_erasure_it_is_the_same(registration: Registration) -> None:
    late = attendance("past", signupId="was", time=CAME)
    registration.tell(activity("past", **LAST_YEAR), signup("was", "past", ref=REF, time=SIGNED_UP), erasure(REF), late)
    assert [row["pid"] for row in registration.rows("attendance")] == [SOMEBODY_NEW]


def test_who_was_never_forgotten_is_who_signed_up(registration: Registration) -> None:
    registration.tell(activity("past", **LAST_YEAR), signup("was", "past", ref=REF, time=SIGNED_UP))
    (result,) = registration.tell(attendance("past", signupId="was", time=CAME))
    assert result["overrides"] == []
    (told,) = registration.told("attendance-recorded")
    assert (told["pid"], told["signup"]) == (pid(), "avedan/was")
