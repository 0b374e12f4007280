"""Every posted type in all four forms of the door gets one and the same decision, whatever the event says."""

import itertools
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.registration.schemas.posted import POSTED_TYPES
from tests.factories import (
    Json,
    activity,
    assignment,
    attendance,
    cancellation,
    departure,
    erasure,
    head_count,
    membership,
    outreach,
    participant,
    release,
    signup,
    withdrawal,
)
from tests.servers import System
from tests.standards.visitors import BATCH, NDJSON, STRUCTURED, Visitor, binary

FORMS = ("structured", "binary", "batch", "ndjson")
_count = itertools.count(1)
texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=40).filter(str.strip)
refs = st.text("abcXYZ019._-", min_size=1, max_size=64)
whole = st.integers(0, 1_000_000)
sizes = st.integers(1, 4)
people = st.builds(
    participant, refs, name=texts | st.none(), ageBand=st.sampled_from(["65-74", "85+"]), neighbourhood=texts
)
times = st.sampled_from(["2026-03-01T11:00:00Z", "2026-03-01T13:00:00+01:00", "2026-03-01T12:00:00.000001Z"])


def told(make: Any, **members: Any) -> st.SearchStrategy[Json]:
    """An event of a factory, with an id that only this example has."""
    return st.builds(
        make, event_id=st.builds(lambda n, t: f"{t[:20]}-{n}", st.builds(lambda: next(_count)), texts), **members
    )


EVENTS: dict[str, st.SearchStrategy[Json]] = {
    "activity-scheduled": told(
        activity,
        activity_id=refs,
        title=texts,
        capacity=st.none() | whole,
        description=st.none() | texts,
        waitingList=st.booleans(),
        time=times,
    ),
    "activity-cancelled": told(cancellation, activity_id=st.just("full") | refs, reason=texts, time=times),
    "signup-placed": told(
        signup, signup_id=refs, activity_id=st.sampled_from(["full", "open"]), participant=people, partySize=sizes
    ),
    "signup-withdrawn": told(withdrawal, signup_id=st.just("s1") | refs, reason=texts),
    "attendance-recorded": told(
        attendance,
        activity_id=st.sampled_from(["full", "open", "unknown"]),
        participant=people,
        partySize=sizes,
        outcome=st.sampled_from(["present", "absent", "excused", "void"]),
    ),
    "visitors-counted": told(head_count, activity_id=st.just("open"), value=st.none() | whole, count_key=refs),
    "outreach-recorded": told(outreach, outreach_id=refs, label=texts, quantity=st.none() | whole, void=st.booleans()),
    "volunteer-assigned": told(assignment, assignment_id=refs, participant=people),
    "volunteer-released": told(release, assignment_id=st.just("shift") | refs),
    "member-joined": told(membership, member_id=refs, viaActivityId=st.sampled_from(["open", "unknown"])),
    "member-left": told(departure, member_id=st.just("member") | refs),
    "participant-erased": told(erasure, ref=st.just("client") | refs),
}
extras = st.fixed_dictionaries({}, optional={"extension": texts, "traceparent": refs, "subject": texts})


@pytest.fixture(scope="module")
def four(registration_process: System, own_redis: str) -> Any:
    """Four partners, one a form, who stand at the same point: each has an open and a full activity and people."""
    with registration_process.client("registration") as http:
        partners = {form: Visitor.arrive(http, f"round-trip-{form}", own_redis) for form in FORMS}
        for visitor in partners.values():
            before = [
                activity("open"),
                activity("full", capacity=3),
                signup("s1", "full", partySize=2),
                assignment("shift"),
                membership("member"),
            ]
            answer = visitor.post(before, BATCH).json()
            assert answer["summary"]["accepted"] == len(before)
        yield partners


def decision(form: str, visitor: Visitor, event: Json) -> Json:
    """What was decided about an event that was sent in a form, in one shape."""
    if form == "structured":
        return single(visitor.post(event, STRUCTURED))
    if form == "binary":
        headers, body = binary(event)
        return single(visitor.send(body, headers))
    if form == "batch":
        result = visitor.post([event], BATCH).json()["results"][0]
    else:
        answer = visitor.send(orjson.dumps(event) + b"\n", {"Content-Type": NDJSON})
        result = orjson.loads(answer.content.splitlines()[0])
    return compared(result, result["problem"])


def single(answer: httpx.Response) -> Json:
    body: Json = answer.json()
    return compared(body, body if answer.status_code >= 400 else None)


def compared(result: Json, problem: Json | None) -> Json:
    members = ("id", "outcome", "status", "retryable", "decision", "overrides")
    faults = (problem or {}).get("errors", [])
    return {
        **{name: result[name] for name in members},
        "code": (problem or {}).get("code"),
        "faults": [(fault["pointer"], fault["code"]) for fault in faults],
    }


def test_every_posted_type_is_tried() -> None:
    assert {f"nl.meedoen.{name}.v1" for name in EVENTS} == set(POSTED_TYPES)


@pytest.mark.parametrize("name", EVENTS)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_an_event_gets_one_decision_in_all_four_forms(four: dict[str, Visitor], name: str, data: st.DataObject) -> None:
    event = {**data.draw(EVENTS[name]), **data.draw(extras)}
    first = {form: decision(form, visitor, event) for form, visitor in four.items()}
    assert [first[form] for form in FORMS] == [first["structured"]] * len(FORMS)
    if first["structured"]["outcome"] == "accepted":
        turned = zip(FORMS[1:] + FORMS[:1], four.values(), strict=True)
        again = [decision(form, visitor, event) for form, visitor in turned]
        assert [one["outcome"] for one in again] == ["duplicate"] * len(FORMS), "in another form still the same event"
        assert [one["decision"] for one in again] == [first["structured"]["decision"]] * len(FORMS)
