"""Cells of a year: the same numbers as live answers, and who stands behind them (reporting guide 4.1, 1 and 3)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from services.reporting.domain.disclosure.cells import Cell, CellId, canonical
from services.reporting.domain.disclosure.natures import NATURES
from services.reporting.domain.evaluation import evaluate
from services.reporting.domain.facts import Activity, Assignment, Attendance, HeadCount, Partner, Signup
from services.reporting.domain.figures import rate
from services.reporting.domain.indicators import INDICATORS
from services.reporting.domain.publication.counting import cells_of, groupings, periods_of
from services.reporting.domain.publication.parts import PARTS
from services.reporting.usecases.published_rows import PublishedRows
from tests.unit.reporting.publication.made_up import YEAR, MadeUp

A, B = Partner("a", "A", "partner", "GM0141"), Partner("b", "B", "partner", "GM0141")


def test_every_indicator_is_published_as_numbers_whose_nature_is_known() -> None:
    assert list(PARTS) == list(INDICATORS)
    assert {part.name for parts in PARTS.values() for part in parts} == set(NATURES)
    assert [code for code, parts in PARTS.items() if {part.indicator.code for part in parts} != {code}] == []


@pytest.mark.parametrize("seed", [1, 2])
def test_every_cell_is_what_the_same_facts_give_live(seed: int) -> None:
    town = MadeUp(seed)
    cells = cells_of(YEAR, town.read, town.rows)
    seen = 0
    assert len(cells) > 8000
    for code, parts in PARTS.items():
        facts = town.read(parts[0].indicator.subject.source)
        for period in periods_of(YEAR):
            for by in ("", *groupings(parts[0].indicator)):
                table = evaluate(parts[0].indicator, facts, period, {}, (by,) if by else ())
                live: dict[Any, Any] = (
                    {row.keys[0]: row.figure.value for row in table.rows} if by else {None: table.total.value}
                )
                keys = town.rows(parts[0].indicator, by, period) if by else (None,)
                ours = {key: [cells[CellId(part.name, period.label, by, key)] for part in parts] for key in keys}
                assert live.keys() <= ours.keys(), (code, period.label, by)
                for key, found in ours.items():
                    nothing = parts[0].of_nothing if len(parts) == 1 else None
                    assert worth(found) == live.get(key, nothing), (code, period.label, by, key)
                    seen += key in live
    assert seen > 2000


def worth(found: Sequence[Cell]) -> Any:
    """The number, or the rate of two."""
    if len(found) == 1:
        return found[0].value
    part, whole = found
    return rate(part.value or 0, whole.value or 0).value


def test_months_quarters_and_years_are_periods_and_no_rows() -> None:
    town = MadeUp(3)
    cells = cells_of(YEAR, town.read, town.rows)
    assert [name for name in cells if canonical(name) != name] == []


def cells_from(**facts: Sequence[Any]) -> Mapping[CellId, Cell]:
    def read(source: str) -> Sequence[Any]:
        return facts.get(source.replace("-", "_"), ())

    return cells_of(YEAR, read, PublishedRows(read, {}, ()))


def held(ref: str, partner: Partner = A) -> Activity:
    return Activity(ref, partner, date(2024, 3, 5), "bingo", "initiative", ref, capacity=50)


def there(activity: Activity, *pids: str, size: int = 1, outcome: str = "present") -> list[Attendance]:
    return [Attendance(activity, pid, "participant", outcome, size, first_day=activity.day) for pid in pids]


def test_party_guests_are_counted_and_stand_behind_nothing() -> None:
    one = held("a/1")
    cells = cells_from(activities=[one], attendances=there(one, "x", "y", "z", size=4))
    for code in ("attendances", "occupancy#present"):
        cell = cells[CellId(code, "2024")]
        assert (cell.value, cell.persons, dict(cell.own), dict(cell.others)) == (12, 3, {"a": 12}, {"a": 0})


def test_of_people_who_are_on_two_lists_none_is_left_to_a_partner_and_all_are_to_a_sum() -> None:
    """`participants`: persons not on its list. `attendances`: persons with a contribution at another partner."""
    ours, theirs = held("a/1", A), held("b/1", B)
    cells = cells_from(activities=[ours, theirs], attendances=[*there(ours, "x", "y"), *there(theirs, "y", "z")])
    distinct, total = cells[CellId("participants", "2024")], cells[CellId("attendances", "2024")]
    assert (distinct.persons, dict(distinct.own), dict(distinct.others)) == (3, {"a": 2, "b": 2}, {"a": 1, "b": 1})
    assert (total.persons, dict(total.own), dict(total.others)) == (3, {"a": 2, "b": 2}, {"a": 2, "b": 2})


def test_d09_both_sides_of_a_no_show_rate_must_be_many() -> None:
    ours, theirs = held("a/1", A), held("b/1", B)
    known = [
        *(("a", ours, "absent", number) for number in range(5)),
        *(("a", ours, "present", number) for number in range(5, 25)),
        *(("b", theirs, "present", number) for number in range(30, 37)),
    ]
    signups = [
        Signup(activity, "participant", "confirmed", f"{q}{number}", outcome=came)
        for q, activity, came, number in known
    ]
    cells = cells_from(activities=[ours, theirs], signups=signups)
    absent, whole = (cells[CellId(f"no-show-rate#{side}", "2024")] for side in ("absent", "known"))
    assert (absent.value, absent.persons, whole.value, whole.persons) == (5, 5, 32, 5)
    assert (dict(absent.others), dict(whole.others)) == ({"a": 0, "b": 5}, {"a": 7, "b": 20})


def test_heads_are_of_nobody_and_count_as_many_persons() -> None:
    ours, theirs = held("a/1", A), held("b/1", B)
    cells = cells_from(activities=[ours, theirs], head_counts=[HeadCount(ours, 12), HeadCount(theirs, 4)])
    cell = cells[CellId("visits", "2024")]
    assert (cell.value, cell.persons, dict(cell.others)) == (16, 16, {"a": 4, "b": 12})


def test_volunteers_are_the_coalitions_own_but_not_by_age_or_neighbourhood() -> None:
    assigned = [Assignment(A, f"pid-{number}", date(2024, 1, 1), age_band="85+") for number in range(3)]
    cells = cells_from(assignments=assigned)
    assert cells[CellId("volunteers", "2024")].protection == "exempt"
    old = cells[CellId("volunteers", "2024", "ageBand", "85+")]
    assert (old.protection, old.value, old.persons) == ("persons", 3, 3)
