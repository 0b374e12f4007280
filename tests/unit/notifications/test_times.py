"""Reminder moments and quiet hours, case by case; every minute against the law is in test_clock_change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.times import QuietHours, moment_before, offset, quiet_hours

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NIGHT = QuietHours(time(21), time(8))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "moment"),
    [
        ("2026-10-25T13:00Z", "2026-10-24T12:00Z"),  # the clock goes back: 25 hours
        ("2027-03-28T12:00Z", "2027-03-27T13:00Z"),  # the clock goes forward: 23 hours
        ("2026-10-26T01:30Z", "2026-10-25T00:30Z"),  # 02:30 twice: the first
        ("2027-03-29T00:30Z", "2027-03-28T01:30Z"),  # 02:30 never: 03:30
        ("2028-03-01T13:00Z", "2028-02-29T13:00Z"),
        ("2027-03-01T13:00Z", "2027-02-28T13:00Z"),
        ("2028-02-29T13:00Z", "2028-02-28T13:00Z"),
        ("2027-12-31T22:59Z", "2027-12-30T22:59Z"),
        ("2027-12-31T23:30Z", "2027-12-30T23:30Z"),  # 1 January on Dutch clocks
        ("2028-01-02T13:00Z", "2028-01-01T13:00Z"),
        ("2027-01-01T13:00Z", "2026-12-31T13:00Z"),
    ],
)
def test_f18_the_day_before_is_the_same_wall_time(start: str, moment: str) -> None:
    assert moment_before(utc(start), offset("P1D")) == utc(moment)


def test_hours_before_are_elapsed_time() -> None:
    assert moment_before(utc("2026-10-25T02:00Z"), offset("PT4H")) == utc("2026-10-24T22:00Z")


def test_the_second_of_two_equal_wall_times_is_reminded_of_at_its_own_wall_time() -> None:
    second = datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM, fold=1).astimezone(UTC)
    assert moment_before(second, offset("P1D")) == utc("2026-10-24T00:30Z")


def test_a_reminder_that_falls_on_a_doubled_hour_goes_in_the_first_of_the_two() -> None:
    second = datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM, fold=1).astimezone(UTC)
    assert moment_before(second, offset("P364D")) == utc("2025-10-26T00:30Z")


@pytest.mark.parametrize("text", ["P0D", "PT0H", "PT", "P", "1D", "-P1D", "P1M", "P1DT2H", ""])
def test_what_is_no_moment_before_the_start_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="reminder"):
        offset(text)


@pytest.mark.parametrize(
    ("moment", "start", "goes"),
    [
        ("2026-11-10T15:00Z", "2026-11-10T17:00Z", "2026-11-10T15:00Z"),  # by day: at its moment
        ("2026-10-25T00:30Z", "2026-10-26T01:30Z", "2026-10-25T07:00Z"),  # forward to 08:00
        ("2027-03-28T01:30Z", "2027-03-29T00:30Z", "2027-03-28T06:00Z"),  # the same in summer time
        ("2026-11-10T06:00Z", "2026-11-10T08:00Z", "2026-11-09T19:30Z"),  # PT2H for 09:00: backward to 20:30
        ("2026-11-10T06:00Z", "2026-11-10T09:00Z", "2026-11-10T07:00Z"),  # two hours are enough
        ("2026-11-09T20:00Z", "2026-11-11T09:00Z", "2026-11-10T07:00Z"),  # 21:00 itself is quiet
        ("2026-11-10T07:00Z", "2026-11-11T09:00Z", "2026-11-10T07:00Z"),  # 08:00 itself is not
    ],
)
def test_f20_quiet_hours_hold_until_they_end_or_send_before_they_begin(moment: str, start: str, goes: str) -> None:
    assert NIGHT.release(utc(moment), utc(start)) == utc(goes)


def test_f20_quiet_hours_may_lie_within_a_day() -> None:
    noon = QuietHours(time(12), time(13, 30))
    assert noon.release(utc("2026-11-10T11:10Z"), utc("2026-11-10T18:00Z")) == utc("2026-11-10T12:30Z")


@given(st.integers(min_value=0, max_value=366 * 24 * 60), st.integers(min_value=1, max_value=72 * 60))
def test_what_leaves_quiet_hours_is_outside_of_them(minute: int, ahead: int) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    released = NIGHT.release(moment, moment + timedelta(minutes=ahead))
    local = released.astimezone(AMSTERDAM).time()
    assert time(8) <= local < time(21)


def test_f20_empty_quiet_hours_are_none() -> None:
    assert quiet_hours(" ") is None


@pytest.mark.parametrize("text", ["21-08", "21:00", "25:00-08:00", "08:00-08:00"])
def test_quiet_hours_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"quiet|hour"):
        quiet_hours(text)


@pytest.mark.parametrize(
    ("text", "minutes"), [("P1D", 120), ("P7D", 120), ("PT2H", 30), ("PT45M", 30), ("PT31M", 30), ("PT30M", 15)]
)
def test_a_reminder_has_the_last_moment_that_the_contract_names(text: str, minutes: int) -> None:
    """One of 45 minutes went until 22 and a half before the start."""
    assert offset(text).latest == timedelta(minutes=minutes)
