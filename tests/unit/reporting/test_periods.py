"""Periods are written in one way, and months, quarters and years cover them without a gap."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.periods import UNITS, Period, bucket, buckets, calendar_day, calendar_period
from shared.errors import Refusal

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-Q4", date(2024, 10, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
    ],
)
def test_a_calendar_period_has_its_first_and_last_day(text: str, first: date, last: date) -> None:
    assert calendar_period(text) == Period(text, first, last)


@pytest.mark.parametrize(
    "text",
    ["", "24", "2024-0", "2024-13", "2024-Q5", "2024-q1", "0000", "9999", "2024-11-30", " 2024", "２０２４", "2024\n"],
)
def test_any_other_text_is_no_period(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        calendar_period(text)
    assert refused.value.code == "invalid"


@given(day=DAYS)
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    assert calendar_day(day.isoformat()) == day


@pytest.mark.parametrize(
    "text", ["", "2024-W01-1", "20240101", "２０２４-01-01", "2024-02-30", "0001-01-01", "2024-01-01 ", "2024-1-1"]
)
def test_any_other_text_is_no_day(text: str) -> None:
    """Python reads weeks of ISO 8601 and the digits of every script as a date."""
    with pytest.raises(Refusal, match="YYYY-MM-DD"):
        calendar_day(text)


@given(day=DAYS, unit=st.sampled_from(UNITS))
def test_the_label_of_a_bucket_names_the_same_bucket(day: date, unit: str) -> None:
    found = bucket(unit, day)
    assert found.holds(day)
    assert calendar_period(found.label) == found


@given(first=DAYS, length=st.integers(0, 1000), unit=st.sampled_from(UNITS))
def test_the_buckets_of_a_period_hold_each_of_its_days_once(first: date, length: int, unit: str) -> None:
    period = Period("", first, min(first + timedelta(days=length), date(2199, 12, 31)))
    parts = list(buckets(unit, period))
    assert (parts[0].first, parts[-1].last) == (period.first, period.last)
    assert all(b.first - a.last == timedelta(days=1) for a, b in itertools.pairwise(parts))


def test_a_period_that_ends_before_it_begins_has_no_days() -> None:
    never = Period("", date(2024, 2, 1), date(2024, 1, 31))
    assert list(buckets("month", never)) == []
    assert not never.holds(date(2024, 1, 31))
