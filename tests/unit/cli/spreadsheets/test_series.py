"""A rule becomes one activity a day: weekly or monthly, with exceptions, the same time on the clock all year."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.spreadsheets.layouts import SERIES
from cli.spreadsheets.reading import Row, Sheet
from cli.spreadsheets.rows import Findings, read_rows
from cli.spreadsheets.secret import Secret
from shared.clock import AMSTERDAM

PLAN = {
    "reeks": "aa",
    "titel": "Wandeling",
    "soort": "Wandeling",
    "doel": "Bewustwording",
    "locatie": "Markt",
    "begintijd": "10:00",
    "eindtijd": "11:30",
}


def findings(**rule: str) -> Findings:
    cells = {**PLAN, **{name.replace("_", " "): value for name, value in rule.items()}}
    return read_rows(SERIES, Sheet(tuple(cells), (Row(2, tuple(cells.values())),)), Secret(bytes(32)))


def activities(**rule: str) -> list[Any]:
    found = findings(**rule)
    assert not found.faults
    return [entry.facts[0].data for entry in found.entries]


def days(**rule: str) -> list[str]:
    return [activity["activityId"].removeprefix("aa-") for activity in activities(**rule)]


def fault(**rule: str) -> tuple[str, str]:
    (found,) = findings(**rule).faults
    assert found.row == 2
    return found.column, found.text


def test_ten_o_clock_stays_ten_o_clock_over_both_clock_changes() -> None:
    autumn = activities(herhaling="wekelijks", dag="za", vanaf="24-10-2026", tot_en_met="31-10-2026")
    assert [activity["startsAt"] for activity in autumn] == ["2026-10-24T08:00:00Z", "2026-10-31T09:00:00Z"]
    spring = activities(herhaling="wekelijks", dag="za", vanaf="27-3-2027", tot_en_met="3-4-2027")
    assert [activity["startsAt"] for activity in spring] == ["2027-03-27T09:00:00Z", "2027-04-03T08:00:00Z"]


def test_every_day_is_an_activity_of_the_series_with_an_id_by_its_date() -> None:
    first, _ = activities(herhaling="wekelijks", dag="za", vanaf="24-10-2026", tot_en_met="31-10-2026")
    assert first == {
        "activityId": "aa-2026-10-24",
        "seriesId": "aa",
        "title": "Wandeling",
        "kind": "walk",
        "goal": "awareness",
        "location": {"name": "Markt"},
        "startsAt": "2026-10-24T08:00:00Z",
        "endsAt": "2026-10-24T09:30:00Z",
    }


def test_a_weekly_rule_without_a_day_takes_that_of_the_first_date() -> None:
    assert days(herhaling="week", vanaf="2-3-2026", tot_en_met="16-3-2026") == [
        "2026-03-02",
        "2026-03-09",
        "2026-03-16",
    ]


def test_every_other_week_on_several_days() -> None:
    assert days(herhaling="weekly", elke="2", weekdagen="di en do", vanaf="3-3-2026", tot_en_met="20-3-2026") == [
        "2026-03-03",
        "2026-03-05",
        "2026-03-17",
        "2026-03-19",
    ]


def test_the_last_friday_of_every_month() -> None:
    rule = {"herhaling": "maandelijks", "hoeveelste": "laatste", "weekdag": "vrijdag"}
    assert days(**rule, vanaf="1-1-2026", tot_en_met="31-3-2026") == ["2026-01-30", "2026-02-27", "2026-03-27"]


def test_a_day_of_the_month_skips_months_without_it() -> None:
    rule = {"herhaling": "maand", "dag_van_de_maand": "31"}
    assert days(**rule, vanaf="1-1-2026", tot_en_met="31-5-2026") == ["2026-01-31", "2026-03-31", "2026-05-31"]


def test_exceptions_are_left_out_and_extra_dates_added() -> None:
    rule = {"herhaling": "wekelijks", "dag": "za", "vanaf": "4-4-2026", "tot_en_met": "18-4-2026"}
    assert days(**rule, behalve_op="11-4-2026", extra_datums="15-4-2026, 4-4-2026") == [
        "2026-04-04",
        "2026-04-15",
        "2026-04-18",
    ]


def test_an_exception_that_is_no_day_of_the_rule_is_a_fault() -> None:
    rule = {"herhaling": "wekelijks", "dag": "za", "vanaf": "4-4-2026", "tot_en_met": "18-4-2026"}
    assert fault(**rule, behalve_op="12-4-2026") == ("behalve op", "12-04-2026 is no day of this rule")


def test_a_night_in_which_the_time_does_not_exist_is_a_fault() -> None:
    rule = {"herhaling": "wekelijks", "dag": "zo", "vanaf": "22-3-2026", "tot_en_met": "5-4-2026"}
    column, text = fault(**rule, begintijd="2:30", eindtijd="4:00")
    assert column == "begintijd"
    assert text.startswith("29-03-2026 02:30 does not exist")


@pytest.mark.parametrize(
    ("rule", "column"),
    [
        ({"herhaling": "wekelijks", "hoeveelste": "eerste"}, "hoeveelste"),
        ({"herhaling": "maandelijks", "weekdag": "ma"}, "hoeveelste"),
        ({"herhaling": "maandelijks"}, "hoeveelste"),
        ({"herhaling": "maandelijks", "dag van de maand": "3", "weekdag": "ma"}, "weekdag"),
        ({"herhaling": "dagelijks"}, "herhaling"),
        ({"herhaling": "wekelijks", "dag": "zaterdags"}, "dag"),
        ({"herhaling": "wekelijks", "elke": "0"}, "elke"),
        ({"herhaling": "wekelijks", "tot_en_met": "1-1-2025"}, "tot en met"),
        ({"herhaling": "wekelijks", "tot_en_met": "1-1-2100"}, "tot en met"),
        ({"herhaling": "wekelijks", "eindtijd": "9:00"}, "eindtijd"),
        ({"herhaling": "wekelijks", "reeks": "x" * 54}, "reeks"),
    ],
)
def test_a_rule_that_does_not_hold_together_is_a_fault_of_the_column_to_look_at(
    rule: dict[str, str], column: str
) -> None:
    assert fault(**{"vanaf": "1-1-2026", "tot_en_met": "31-3-2026", **rule})[0] == column


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.integers(0, 200), st.integers(1, 6))
def test_whatever_the_rule_its_days_lie_within_it_at_the_same_time_on_the_clock(
    first: date, length: int, every: int
) -> None:
    last = date.fromordinal(first.toordinal() + length)
    rule = {"herhaling": "wekelijks", "vanaf": first.isoformat(), "tot en met": last.isoformat(), "elke": str(every)}
    starts = [datetime.fromisoformat(activity["startsAt"]).astimezone(AMSTERDAM) for activity in activities(**rule)]
    assert [start.toordinal() for start in starts] == list(range(first.toordinal(), last.toordinal() + 1, 7 * every))
    assert {start.strftime("%H:%M") for start in starts} == {"10:00"}
