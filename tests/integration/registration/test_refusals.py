"""Every refusal of contract section 3 is reached, has the one shape, says all at once, and leaves no trace."""

from typing import Any

import pytest

from shared.http.problem_codes import PROBLEM_CODES
from tests.factories import (
    Json,
    activity,
    assignment,
    attendance,
    cancellation,
    departure,
    head_count,
    membership,
    outreach,
    participant,
    release,
    signup,
    withdrawal,
)
from tests.integration.registration.running import ON_SQLITE, Registration

AFTER_THE_START = "2026-03-10T13:00:00Z"
AN_HOUR_AGO = "2026-03-01T11:30:00Z"
FULL = activity(capacity=2, waitingList=False)

REFUSED: list[tuple[str, list[Json], Json, list[str]]] = [
    ("invalid", [], activity(capacity="5"), ["/data/capacity"]),
    ("invalid", [activity(), activity("b"), signup("s1")], attendance("b", signupId="s1"), ["/data/signupId"]),
    ("looks-like-personal-data", [activity()], signup(ref="0612345678"), ["/data/participant/ref"]),
    ("future-time", [], activity(time="2026-03-01T12:05:01Z"), ["/time"]),
    ("partner-not-allowed", [], activity("humanitas/walk"), ["/data/activityId"]),
    ("partner-not-allowed", [], cancellation("humanitas/walk"), ["/data/activityId"]),
    ("partner-not-allowed", [], attendance("humanitas/walk"), ["/data/activityId"]),
    ("partner-not-allowed", [], head_count("humanitas/walk"), ["/data/activityId"]),
    ("partner-not-allowed", [activity()], signup("humanitas/s1", ref="c"), ["/data/signupId"]),
    ("partner-not-allowed", [], withdrawal("humanitas/s1"), ["/data/signupId"]),
    ("partner-not-allowed", [], outreach("humanitas/o1"), ["/data/outreachId"]),
    ("partner-not-allowed", [], assignment("humanitas/a1"), ["/data/assignmentId"]),
    ("partner-not-allowed", [], membership("humanitas/m1"), ["/data/memberId"]),
    ("partner-not-allowed", [], release("humanitas/a1"), ["/data/assignmentId"]),
    ("partner-not-allowed", [], departure("humanitas/m1"), ["/data/memberId"]),
    ("partner-not-allowed", [], {**activity(), "partnerid": "humanitas"}, ["/partnerid"]),
    ("unknown-activity", [], cancellation(), ["/data/activityId"]),
    ("unknown-activity", [], signup(), ["/data/activityId"]),
    ("unknown-activity", [], attendance(), ["/data/activityId"]),
    ("unknown-activity", [], head_count(), ["/data/activityId"]),
    ("unknown-activity", [], membership(viaActivityId="congress"), ["/data/viaActivityId"]),
    ("unknown-signup", [], withdrawal(), ["/data/signupId"]),
    ("unknown-signup", [activity()], attendance(signupId="s1"), ["/data/signupId"]),
    ("unknown-assignment", [], release(), ["/data/assignmentId"]),
    ("unknown-member", [], departure(), ["/data/memberId"]),
    ("id-reused", [activity(event_id="one")], activity(event_id="one", title="Anders"), ["/id"]),
    ("id-reused", [activity(), signup("s1")], signup("s1", event_id="two"), ["/data/signupId"]),
    ("activity-cancelled", [activity(), cancellation(time="2026-03-01T12:00:01Z")], signup(), []),
    ("signup-closed", [activity(startsAt="2026-03-01T12:59:59+01:00")], signup(), []),
    ("signup-closed", [activity(signupClosesAt="2026-03-01T11:59:59Z")], signup(), []),
    ("no-signup-needed", [activity(participation="drop-in")], signup(), []),
    ("activity-full", [FULL, signup("s1"), signup("s2")], signup("s3"), []),
    ("already-signed-up", [activity(), signup("s1", ref="client-1")], signup("s2", ref="client-1"), []),
    ("party-too-large", [FULL], signup(partySize=3), []),
]
ELSEWHERE = {"too-large", "unsupported-media-type", "lock-timeout", "internal"}
"""Reached by other tests of this folder."""
OF_THE_ROUTER = {"unauthorized", "forbidden", "not-found", "method-not-allowed", "not-acceptable", "rate-limited"}


def as_result(problem: Json) -> Json:
    """A problem with the members of a result beside its own, taken apart again."""
    mine = ("type", "title", "status", "detail", "code", "endUserMessage", "errors")
    result = {name: value for name, value in problem.items() if name not in mine}
    return {**result, "status": problem["status"], "problem": {n: problem[n] for n in mine if n in problem}}


@ON_SQLITE
@pytest.mark.parametrize(("code", "before", "event", "pointers"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_refusal_has_its_code_and_status_and_leaves_no_trace(
    registration: Registration, code: str, before: list[Json], event: Json, pointers: list[str]
) -> None:
    registration.tell(*before)
    stood = registration.everything()
    answer = registration.post(event)
    problem = answer.json()
    assert (problem["code"], answer.status_code) == (code, PROBLEM_CODES[code].status)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["API-Version"].startswith("1.")
    assert (problem["type"], problem["status"]) == (f"/v1/problems/{code}", answer.status_code)
    assert problem["title"]
    assert problem["detail"]
    assert problem["endUserMessage"]["nl"]
    assert problem["retryable"] is False
    assert [fault["pointer"] for fault in problem.get("errors", [])] == pointers
    assert registration.results(event) == [as_result(problem)], "in a batch the same, with pointers into the event"
    assert registration.everything() == stood


def test_no_code_of_the_door_is_left_without_a_test() -> None:
    assert {code for code, *_ in REFUSED} == set(PROBLEM_CODES) - ELSEWHERE - OF_THE_ROUTER


def test_all_faults_are_named_at_once(registration: Registration) -> None:
    wrong = activity(kind="disco", capacity=-1, time="yesterday", location={"name": ""}, extra=1)
    problem = registration.post({**wrong, "specversion": "0.3"}).json()
    assert {fault["pointer"] for fault in problem["errors"]} == {
        "/specversion",
        "/time",
        "/data/kind",
        "/data/capacity",
        "/data/location/name",
        "/data/extra",
    }
    assert all(fault["code"] and fault["detail"] for fault in problem["errors"])


def test_a_sign_up_in_another_role_or_after_a_withdrawal_is_no_second_one(registration: Registration) -> None:
    registration.tell(
        activity(),
        signup("s1", ref="client-1"),
        signup("s2", ref="client-1", role="volunteer"),
        withdrawal("s1"),
        signup("s3", ref="client-1"),
    )
    assert registration.code(signup("s4", ref="client-1")) == "already-signed-up"


def test_one_person_is_signed_up_once_whichever_partner_does_it(registration: Registration) -> None:
    registration.tell(activity(), signup("s1", participant=participant("client-1", sharedRef="pas-7")))
    other = registration.key_for("humanitas")
    twice = signup("h1", "avedan/bingo-1", participant=participant("h-client", sharedRef="pas-7"))
    assert registration.code(twice, other) == "already-signed-up"


def test_whether_a_sign_up_is_in_time_is_judged_at_its_own_time(registration: Registration) -> None:
    last_year: dict[str, Any] = {"startsAt": "2025-03-10T14:00:00Z", "endsAt": "2025-03-10T16:00:00Z"}
    registration.tell(activity(time="2025-01-01T09:00:00Z", **last_year), signup("s1", time="2025-03-10T14:00:00Z"))
    assert registration.code(signup("s2", time="2025-03-10T14:00:00.000001Z")) == "signup-closed"


def test_a_fact_is_never_refused_for_a_business_reason(registration: Registration) -> None:
    registration.clock.forward(days=20)
    results = registration.tell(
        activity(capacity=1, waitingList=False),
        signup("s1"),
        cancellation(time="2026-03-02T12:00:00Z"),
        attendance(ref="walked-in", time=AFTER_THE_START),
        attendance(ref="walked-in", outcome="absent", time="2026-03-10T13:01:00Z"),
        attendance(signupId="s1", time=AFTER_THE_START),
        head_count(value=40, time=AFTER_THE_START),
        head_count(value=39, time="2026-03-10T12:59:00Z"),
    )
    assert [result["overrides"] for result in results[3:]] == [
        ["not-signed-up", "activity-cancelled", "activity-full"],
        ["not-signed-up", "activity-cancelled"],
        ["activity-cancelled"],
        ["activity-cancelled"],
        ["activity-cancelled", "superseded"],
    ]


def test_walking_in_at_a_drop_in_is_not_odd(registration: Registration) -> None:
    registration.tell(activity(participation="drop-in"))
    assert registration.tell(attendance(time="2026-03-01T11:00:00Z"))[0]["overrides"] == []


def test_who_waits_and_comes_while_all_places_are_given_makes_it_full(registration: Registration) -> None:
    registration.tell(activity(capacity=2), signup("s1", partySize=2), signup("s2"), signup("v1", role="volunteer"))
    results = registration.tell(
        attendance(signupId="s1"),
        attendance(signupId="s2"),
        attendance(signupId="s2", outcome="absent", time="2026-03-01T12:00:01Z"),
        attendance(signupId="v1", partySize=9),
    )
    assert [result["overrides"] for result in results] == [[], ["activity-full"], [], []]


def test_a_party_that_brings_more_than_it_signed_up_for_makes_it_full(registration: Registration) -> None:
    registration.tell(activity(capacity=4), signup("s1", partySize=2), signup("s2"))
    results = registration.tell(
        attendance(signupId="s1", partySize=3),
        attendance(signupId="s1", partySize=4, time="2026-03-01T12:00:01Z"),
        attendance(signupId="s1", partySize=1, time="2026-03-01T12:00:02Z"),
    )
    assert [result["overrides"] for result in results] == [[], ["activity-full"], []]


def test_who_has_a_place_is_not_odd_when_the_capacity_was_lowered_since(registration: Registration) -> None:
    registration.tell(
        activity(capacity=3), signup("s1", partySize=2), activity(capacity=1, time="2026-03-01T12:00:01Z")
    )
    assert registration.tell(attendance(signupId="s1"))[0]["overrides"] == []


def test_everything_that_is_odd_is_said_at_once(registration: Registration) -> None:
    registration.tell(activity(capacity=0), cancellation(time="2026-03-01T12:00:01Z"))
    registration.clock.forward(hours=1)
    newer, older = registration.tell(
        attendance(ref="111222333", time="2026-03-01T12:30:00Z"), attendance(ref="111222333", time=AN_HOUR_AGO)
    )
    odd = ["looks-like-bsn", "not-signed-up", "activity-cancelled", "activity-full"]
    assert (newer["overrides"], older["overrides"]) == (odd, [*odd, "superseded"])
    again = registration.tell(attendance(ref="111222333", time=AN_HOUR_AGO))
    assert (again[0]["outcome"], again[0]["overrides"]) == ("duplicate", [*odd, "superseded"])


def test_a_sign_up_at_the_closing_time_or_the_start_itself_is_in_time(registration: Registration) -> None:
    closes = activity("closes", signupClosesAt="2026-03-01T10:00:00+01:00")
    starts = activity("starts", startsAt="2026-03-01T10:00:00+01:00")
    registration.tell(closes, starts)
    for where in ("closes", "starts"):
        assert registration.code(signup(f"{where}-1", where, time="2026-03-01T09:00:00Z")) is None
        assert registration.code(signup(f"{where}-2", where, time="2026-03-01T09:00:01Z")) == "signup-closed"


def test_taking_an_attendance_back_is_not_odd(registration: Registration) -> None:
    registration.tell(activity(capacity=0))
    assert registration.tell(attendance(outcome="void"))[0]["overrides"] == []


def test_a_withdrawn_person_who_comes_anyway_is_not_signed_up(registration: Registration) -> None:
    registration.tell(activity(), signup("s1"), withdrawal("s1"))
    assert registration.tell(attendance(signupId="s1"))[0]["overrides"] == ["not-signed-up"]


def test_a_reference_that_passes_as_a_bsn_is_said_aloud_again_at_a_repeat(registration: Registration) -> None:
    registration.tell(activity())
    for outcome in ("accepted", "duplicate"):
        (result,) = registration.tell(signup("s1", ref="111222333"))
        assert (result["outcome"], result["overrides"]) == (outcome, ["looks-like-bsn"])
