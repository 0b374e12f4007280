"""Reminders around the change of the clock: the guide's instants, and every minute against the law itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.planning import Wanted, wanted
from services.notifications.domain.policy import Policy
from services.notifications.domain.times import QuietHours, moment_before, offset
from tests.unit.notifications.builders import activity, signup
from tests.unit.notifications.dutch_time import MINUTE, after_quiet, ahead, changes, clock, day_before, instants_of

DAY, TWO_HOURS = offset("P1D"), offset("PT2H")
NIGHT = QuietHours(time(21), time(8))
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC)
MINUTES = int((END - BEGIN) / MINUTE)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def reminder(start: datetime, text: str = "P1D", confirmed_at: datetime = BEGIN) -> Wanted:
    """What is planned for an activity that was known long before."""
    what = activity({"starts_at": start, "ends_at": start + timedelta(hours=2), "recorded_at": BEGIN})
    policy = Policy(reminders=(offset(text),))
    found = wanted(signup(confirmed_at=confirmed_at), what, [], BEGIN, policy)
    return next(want for want in found if want.kind == "reminder")


@pytest.mark.parametrize(
    ("start", "local", "moment", "due"),
    [
        ("2026-10-25T13:00Z", "Sat 2026-10-24 14:00", "2026-10-24T12:00Z", "2026-10-24T12:00Z"),
        ("2027-03-28T12:00Z", "Sat 2027-03-27 14:00", "2027-03-27T13:00Z", "2027-03-27T13:00Z"),
        ("2026-10-26T01:30Z", "Sun 2026-10-25 02:30", "2026-10-25T00:30Z", "2026-10-25T07:00Z"),
        ("2027-03-29T00:30Z", "Sun 2027-03-28 03:30", "2027-03-28T01:30Z", "2027-03-28T06:00Z"),
        ("2028-03-01T13:00Z", "Tue 2028-02-29 14:00", "2028-02-29T13:00Z", "2028-02-29T13:00Z"),
    ],
)
def test_f16_the_day_before_a_change_of_the_clock(start: str, local: str, moment: str, due: str) -> None:
    planned = reminder(utc(start))
    assert (planned.moment_at, planned.due_at, planned.closed) == (utc(moment), utc(due), None)
    assert f"{clock(planned.moment_at):%a %Y-%m-%d %H:%M}" == local


def test_f16_f20_two_hours_before_nine_in_the_morning_is_half_past_eight_the_evening_before() -> None:
    planned = reminder(utc("2026-11-10T08:00Z"), "PT2H")
    assert (planned.moment_at, planned.due_at) == (utc("2026-11-10T06:00Z"), utc("2026-11-09T19:30Z"))


@pytest.mark.parametrize(
    ("start", "text", "last"),
    [
        ("2026-11-10T08:00Z", "PT2H", "2026-11-09T19:30Z"),  # shifted backward: the shifted moment counts
        ("2026-10-26T01:30Z", "P1D", "2026-10-25T00:30Z"),  # shifted forward: the nominal one
        ("2027-03-29T00:30Z", "P1D", "2027-03-28T01:30Z"),
        ("2026-10-25T13:00Z", "P1D", "2026-10-24T12:00Z"),
    ],
)
def test_f21_signups_after_the_earlier_of_nominal_and_shifted_moment_get_none(start: str, text: str, last: str) -> None:
    assert reminder(utc(start), text, utc(last)).closed is None
    late = reminder(utc(start), text, utc(last) + timedelta(microseconds=1)).closed
    assert late is not None
    assert late.reason == "after-the-moment"


def around_the_changes() -> Iterator[datetime]:
    """Every minute from three hours before to 27 hours after each change of 2024 to 2032: whatever it may touch."""
    for year in range(BEGIN.year, END.year):
        for change in changes(year):
            for minute in range(-3 * 60, 27 * 60):
                yield change + minute * MINUTE


def all_over() -> Iterator[datetime]:
    """Every 173rd minute of 2024 to 2032, so that every minute of the day has its turn."""
    return (BEGIN + minute * MINUTE for minute in range(0, MINUTES, 173))


@pytest.mark.parametrize("starts", [around_the_changes, all_over])
def test_f16_every_reminder_is_due_at_the_wanted_wall_time_unless_it_does_not_exist(starts: object) -> None:
    assert callable(starts)
    for start in starts():
        moment = moment_before(start, DAY)
        assert moment == day_before(start)
        wanted_clock = clock(start) - timedelta(days=1)
        assert clock(moment) == wanted_clock or not instants_of(wanted_clock)
        assert moment_before(start, TWO_HOURS) == start - timedelta(hours=2)


@pytest.mark.parametrize("moments", [around_the_changes, all_over])
def test_f16_f20_quiet_hours_hold_as_the_law_of_time_says(moments: object) -> None:
    assert callable(moments)
    for moment in moments():
        for start in (moment + timedelta(hours=2), moment + timedelta(days=1)):
            assert NIGHT.release(moment, start) == after_quiet(moment, start)


@settings(max_examples=500)
@given(st.integers(0, MINUTES), st.integers(0, 59), st.sampled_from((1, 2, 7, 30)), st.integers(1, 72 * 60))
def test_f16_any_moment_of_nine_years_agrees_with_the_law(minute: int, second: int, days: int, later: int) -> None:
    start = BEGIN + minute * MINUTE + timedelta(seconds=second)
    shown = clock(start) - timedelta(days=days)
    there = instants_of(shown) or instants_of(shown + timedelta(hours=1))
    assert moment_before(start, offset(f"P{days}D")) == there[0]
    ahead_of_it = start + later * MINUTE
    assert NIGHT.release(start, ahead_of_it) == after_quiet(start, ahead_of_it)


def test_the_measure_itself_knows_both_changes_of_a_year() -> None:
    """Two instants that anybody can look up."""
    assert changes(2026) == (utc("2026-03-29T01:00Z"), utc("2026-10-25T01:00Z"))
    assert (ahead(utc("2026-10-25T00:59Z")), ahead(utc("2026-10-25T01:00Z"))) == (
        timedelta(hours=2),
        timedelta(hours=1),
    )
