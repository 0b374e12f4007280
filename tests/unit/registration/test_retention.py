"""When contact data is due to go (contract section 7)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.registration.domain.forgetting import hashed_person, late_person_id, new_mark, new_token
from services.registration.domain.order import stamp
from services.registration.domain.persons import person_id
from services.registration.domain.retention import Traces, overdue_since

KEY = b"k" * 32
KEEP = timedelta(days=90)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOLD = stamp(NOW - timedelta(days=100), "event-1", "urn:nld:test")


def traces(**members: Any) -> Traces:
    return Traces("pid", **{"told": TOLD, **members})


def test_whoever_was_never_anywhere_counts_from_the_moment_the_contact_data_was_given() -> None:
    assert overdue_since(traces(), NOW, KEEP) == NOW - timedelta(days=10)


def test_the_latest_activity_counts_and_not_the_moment_it_was_told() -> None:
    assert overdue_since(traces(last_end=NOW - timedelta(days=89)), NOW, KEEP) is None
    assert overdue_since(traces(last_end=NOW - timedelta(days=400)), NOW, KEEP) == NOW - timedelta(days=310)


def test_it_goes_after_exactly_so_many_days_and_no_moment_earlier() -> None:
    just = traces(last_end=NOW - KEEP)
    assert overdue_since(just, NOW, KEEP) == NOW
    assert overdue_since(just, NOW - timedelta(microseconds=1), KEEP) is None


def test_an_open_assignment_keeps_it_however_long_ago_the_rest_was() -> None:
    assert overdue_since(traces(last_end=NOW - timedelta(days=4000), assigned=True), NOW, KEEP) is None


@pytest.mark.parametrize(
    ("last_day", "due"),
    [
        (date(2026, 1, 1), None),
        (date(2025, 12, 1), None),
        (date(2025, 11, 30), datetime(2026, 2, 28, 22, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_a_released_assignment_counts_until_the_end_of_its_last_day_in_amsterdam(
    last_day: date, due: datetime | None
) -> None:
    assert overdue_since(traces(last_day=last_day), NOW, KEEP) == due


def test_what_lies_far_ahead_keeps_it() -> None:
    assert overdue_since(traces(last_end=datetime(9999, 12, 31, tzinfo=UTC)), NOW, KEEP) is None
    assert overdue_since(traces(last_day=date(9999, 12, 31)), NOW, KEEP) is None


def test_a_mark_keeps_neither_the_pid_nor_what_the_person_key_alone_would_make_of_it() -> None:
    pid = person_id(KEY, "avedan", "client-1", None)
    hashed = hashed_person(KEY, pid)
    assert hashed == hashed_person(KEY, pid)
    assert hashed not in (hashed_person(b"o" * 32, pid), hashed_person(KEY, pid + "x"))
    assert pid not in hashed


def test_tokens_and_marks_are_never_the_same_twice() -> None:
    assert len({new_token() for _ in range(100)} | {new_mark() for _ in range(100)}) == 200


def test_who_comes_by_a_forgotten_sign_up_is_always_the_same_and_nobody_else() -> None:
    late = late_person_id(KEY, "avedan/s1")
    assert late == late_person_id(KEY, "avedan/s1")
    others = {
        late_person_id(KEY, "avedan/s2"),
        person_id(KEY, "avedan", "s1", None),
        person_id(KEY, "avedan", "avedan/s1", None),
        person_id(KEY, "avedan", "s1", "avedan/s1"),
    }
    assert late not in others
    assert len(late) == len(person_id(KEY, "avedan", "s1", None)), "it looks like everybody else's"
