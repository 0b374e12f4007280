"""Dates and times on the clock in Amsterdam, the two odd nights included."""

from datetime import UTC, date, datetime, time

import pytest

from cli.spreadsheets.times import clock, day, days, local, moment
from cli.spreadsheets.values import CellFault


@pytest.mark.parametrize("cell", ["31-12-2026", "2026-12-31", "31-12-2026 0:00", "31-12-2026 00:00:00"])
def test_a_day_is_written_in_dutch_or_iso(cell: str) -> None:
    assert day(cell) == date(2026, 12, 31)


def test_a_day_needs_no_leading_zeros() -> None:
    assert day("1-2-2026") == date(2026, 2, 1)


@pytest.mark.parametrize(
    "cell", ["31/12/2026", "12-31-2026", "30-02-2026", "1-2-26", "31 december", "31-12-2026 10:00", "46387"]
)
def test_what_could_be_another_day_is_a_fault(cell: str) -> None:
    with pytest.raises(CellFault):
        day(cell)


@pytest.mark.parametrize("cell", ["19:30", "19.30", "19:30:00", "19.30 uur", "19:30u"])
def test_a_time_has_a_colon_or_a_point(cell: str) -> None:
    assert clock(cell) == time(19, 30)


@pytest.mark.parametrize("cell", ["24:00", "19", "7pm", "19:60", ""])
def test_what_is_no_time_of_the_day_is_a_fault(cell: str) -> None:
    with pytest.raises(CellFault):
        clock(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "31-12-2026 19:30",
        "31-12-2026 19.30",
        "31-12-2026 om 19.30 uur",
        "2026-12-31T19:30",
        "2026-12-31 19:30:00",
        "2026-12-31T19:30:00+01:00",
        "2026-12-31T18:30:00Z",
    ],
)
def test_a_moment_is_a_day_and_a_time_in_amsterdam_unless_it_says_otherwise(cell: str) -> None:
    assert moment(cell) == datetime(2026, 12, 31, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize("cell", ["31-12-2026", "19:30", "morgen 19:30", "2026-13-31T19:30:00Z", "x y z"])
def test_half_a_moment_is_a_fault(cell: str) -> None:
    with pytest.raises(CellFault):
        moment(cell)


def test_summer_and_winter_have_their_own_offset() -> None:
    assert local(date(2026, 10, 24), time(10)) == datetime(2026, 10, 24, 8, tzinfo=UTC)
    assert local(date(2026, 10, 31), time(10)) == datetime(2026, 10, 31, 9, tzinfo=UTC)


@pytest.mark.parametrize("cell", ["29-3-2026 2:00", "29-3-2026 2:30", "29-3-2026 2:59"])
def test_the_hour_that_the_spring_night_skips_is_a_fault(cell: str) -> None:
    with pytest.raises(CellFault, match=r"29-03-2026 .* does not exist"):
        moment(cell)


def test_the_moments_around_the_skipped_hour_exist() -> None:
    assert moment("29-3-2026 1:59") == datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    assert moment("29-3-2026 3:00") == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_of_the_hour_that_comes_twice_in_autumn_the_first_is_meant() -> None:
    assert moment("25-10-2026 2:30") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "cell", ["1-5-2026, 8-5-2026", "1-5-2026; 8-5-2026", "1-5-2026 8-5-2026", "1-5-2026 en 8-5-2026"]
)
def test_several_days_in_one_cell(cell: str) -> None:
    assert days(cell) == (date(2026, 5, 1), date(2026, 5, 8))
