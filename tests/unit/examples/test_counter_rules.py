"""The counter's own rules, each on a handful of lines."""

import json
from typing import Any

from examples.almelo.count_rules import Ledger

START = "2024-05-01T14:00:00+02:00"


def told(name: str, event_id: str, time: str, **data: Any) -> str:
    """One line of partner `a`."""
    event = {"partnerid": "a", "source": "urn:nld:a", "id": event_id, "type": f"nl.meedoen.{name}.v1", "time": time}
    return json.dumps(event | {"data": data})


def activity(capacity: int | None = None) -> str:
    """An activity called x."""
    plan = {"activityId": "x", "startsAt": START} | ({"capacity": capacity} if capacity is not None else {})
    return told("activity-scheduled", "1", "2024-04-01T09:00:00+02:00", **plan)


def signup(ref: str, size: int = 1, time: str = "2024-04-02T09:00:00+02:00") -> str:
    """Somebody signs up for x."""
    return told("signup-placed", ref, time, signupId=ref, activityId="x", participant={"ref": ref}, partySize=size)


def presence(event_id: str, time: str, outcome: str) -> str:
    """What is told about k1 at x."""
    return told("attendance-recorded", event_id, time, activityId="x", participant={"ref": "k1"}, outcome=outcome)


def statuses(*lines: str) -> dict[str, str]:
    """Status of every sign-up that was let in."""
    return {key[1]: signup.status for key, signup in Ledger().read(lines).signups.items()}


def outcome_of(*lines: str) -> str:
    """The only recorded outcome."""
    (fact,) = (fact for key, fact in Ledger().read(lines).facts.items() if key[0] == "attendance")
    return str(fact.data["outcome"])


def test_latest_time_wins_whatever_arrives_last() -> None:
    newer = presence("a1", "2024-05-02T10:00:00+02:00", "absent")
    older = presence("a2", "2024-05-01T17:00:00+02:00", "present")
    assert outcome_of(activity(), newer, older) == "absent"
    assert Ledger().read([activity(), newer, older]).outcomes["superseded"] == 1


def test_greater_id_wins_a_tie() -> None:
    greater = presence("a2", "2024-05-01T17:00:00+02:00", "present")
    smaller = presence("a1", "2024-05-01T15:00:00+00:00", "absent")
    assert outcome_of(activity(), greater, smaller) == "present"


def test_who_finds_no_place_waits_and_moves_up_after_a_withdrawal() -> None:
    lines = [activity(1), signup("k1"), signup("k2"), signup("k3")]
    assert statuses(*lines) == {"k1": "confirmed", "k2": "waitlisted", "k3": "waitlisted"}
    left = told("signup-withdrawn", "w", "2024-04-20T09:00:00+02:00", signupId="k1")
    assert statuses(*lines, left) == {"k1": "withdrawn", "k2": "confirmed", "k3": "waitlisted"}


def test_a_party_that_does_not_fit_is_passed_and_keeps_waiting() -> None:
    lines = [activity(2), signup("k1"), signup("k2", 2), signup("k3")]
    assert statuses(*lines) == {"k1": "confirmed", "k2": "waitlisted", "k3": "confirmed"}


def test_after_the_start_sign_up_is_closed() -> None:
    late = signup("k1", time="2024-05-01T14:00:01+02:00")
    assert Ledger().read([activity(), late]).outcomes["signup-closed"] == 1


def test_a_refused_event_leaves_no_trace() -> None:
    lines = [activity(), signup("k1", time="2024-05-01T15:00:00+02:00"), signup("k1")]
    ledger = Ledger().read(lines)
    assert ledger.outcomes["accepted"] == 2
    assert "duplicate" not in ledger.outcomes


def test_other_content_under_the_same_id_is_refused() -> None:
    lines = [activity(), presence("a1", START, "present"), presence("a1", START, "absent")]
    assert Ledger().read(lines).outcomes["id-reused"] == 1
    assert outcome_of(*lines) == "present"
