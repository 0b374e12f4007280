"""What figures make of a fact about a forgotten person's sign-up: one visitor more, no sign-up kept or missed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.programme import activity, event, signup
from tests.integration.operators.conftest import History, LiveConsumer, live
from tests.integration.reporting.ledger import Ledger

INDICATORS = ("participants", "attendances", "signups", "no-show-rate", "occupancy", "new-participants")


@pytest.fixture(name="reporting")
def only_reporting(
    request: pytest.FixtureRequest, kind: str, history: History, tmp_path: Path
) -> Iterator[LiveConsumer]:
    with live(request, "reporting", kind, history, tmp_path) as found:
        yield found


def figures(reporting: LiveConsumer) -> dict[str, Any]:
    """Of the one day on which our activity was."""
    reporting.follow()
    asked = Ledger(reporting.engine).asked
    return {name: asked(name, **{"from": "2026-02-10", "to": "2026-02-10"}).total.value for name in INDICATORS}


def came(signup_id: str, outcome: str, time: datetime, key: str) -> dict[str, Any]:
    data = {"activityId": "day", "signupId": signup_id, "outcome": outcome}
    return event("attendance-recorded", key, time, data)


def day(history: History) -> datetime:
    """Ten places, four sign-ups; one came, one did not. Returns when it was over."""
    starts = datetime.fromisoformat("2026-02-10T13:00:00Z")
    before, over = starts - timedelta(days=3), starts + timedelta(hours=2)
    history.post([activity("day", starts, before, capacity=10)])
    history.post([signup(name, "day", before, {"ref": f"ref-{name}"}) for name in ("one", "two", "three", "four")])
    history.post([came("one", "present", over, "one-came"), came("two", "absent", over, "two-absent")])
    return over


def test_a_late_presence_is_one_visitor_more_and_changes_no_rate_of_sign_ups(reporting: LiveConsumer) -> None:
    history = reporting.history
    over = day(history)
    before = figures(reporting)
    assert before == {
        "participants": 1,
        "attendances": 1,
        "signups": 4,
        "no-show-rate": 50.0,
        "occupancy": 10.0,
        "new-participants": 1,
    }
    history.erase("ref-three")
    assert figures(reporting) == before
    history.post([came("three", "present", over, "three-late")])
    late = {"participants": 2, "attendances": 2, "occupancy": 20.0, "new-participants": 2}
    assert figures(reporting) == {**before, **late}
    history.post([came("three", "absent", over + timedelta(hours=1), "three-corrected")])
    assert figures(reporting) == before, "a correction takes the late presence back"
    assert reporting.rebuild().done


def test_what_was_told_before_the_erasure_stays_counted_whatever_comes_late(reporting: LiveConsumer) -> None:
    history = reporting.history
    over = day(history)
    before = figures(reporting)
    history.erase("ref-one")
    history.erase("ref-two")
    assert figures(reporting) == before
    history.post([came("two", "excused", over + timedelta(hours=1), "two-late")])
    history.post([came("one", "void", over + timedelta(hours=1), "one-late")])
    assert figures(reporting) == before
    assert reporting.rebuild().done
