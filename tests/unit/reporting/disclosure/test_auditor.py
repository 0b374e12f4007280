"""The auditor: what can be calculated of a hidden figure (guide D4, D5, D19 and what partners know)."""

import pytest

from services.reporting.domain.disclosure.audit import Finding, audit
from services.reporting.domain.disclosure.cells import HIDDEN, Cell, CellId, Shown
from services.reporting.domain.disclosure.complementary import protect, remember
from tests.unit.reporting.disclosure.tables import as_hidden, bounds, by_period, cell, closed, still_open, table


def rounded_rows(cells: dict[CellId, Cell], *hidden: str) -> dict[CellId, Shown]:
    """The total exact, every row to the nearest 5, but for those that are hidden."""
    shown = {
        name: Shown("rounded", (at.value or 0) // 5 * 5) if name.by else Shown("exact", at.value)
        for name, at in cells.items()
    }
    return as_hidden(shown, *hidden)


def test_d04_a_hidden_7_beside_three_rounded_figures_may_be_1_to_9() -> None:
    cells = table("attendances", 102, "kind", {"bingo": 40, "walk": 25, "meal": 30, "sport": 7})
    assert audit(rounded_rows(cells, "sport"), cells, {}) == []


def test_d05_a_hidden_7_beside_one_rounded_95_may_be_5_to_9() -> None:
    cells = table("attendances", 102, "kind", {"bingo": 95, "sport": 7})
    assert audit(rounded_rows(cells, "sport"), cells, {}) == []


def test_d05_a_hidden_7_beside_an_exact_95_is_7_and_refused() -> None:
    cells = table("attendances", 102, "kind", {"bingo": 95, "sport": 7})
    bingo = CellId("attendances", "2024", "kind", "bingo")
    found = audit({**rounded_rows(cells, "sport"), bingo: Shown("exact", 95)}, cells, {})
    assert bounds(found) == {("sport", "", 7, 7)}
    assert [relation.law for relation in found[0].relations] == ["sum"]


def test_d19_one_more_month_is_hidden_where_a_quarter_gives_the_third_away() -> None:
    cells = by_period("attendances", {"2024-01": 12, "2024-02": 12, "2024-03": 9, "2024-Q1": 33})
    alone = {
        name: Shown("rounded", {12: 10, 33: 35}[at.value or 0]) if at.value != 9 else HIDDEN
        for name, at in cells.items()
    }
    assert [(found.cell.period, found.low, found.high) for found in audit(alone, cells, {})] == [("2024-03", 9, 9)]
    shown = protect(cells, {}, still_open)
    assert [name.period for name, said in shown.items() if said == HIDDEN] == ["2024-01", "2024-03"]
    assert audit(shown, cells, {}) == []


@pytest.mark.parametrize("indicator", ["participants", "new-participants", "signups", "visits"])
def test_d19_holds_for_every_way_in_which_months_make_a_quarter(indicator: str) -> None:
    cells = by_period(indicator, {"2024-01": 12, "2024-02": 12, "2024-03": 9, "2024-Q1": 33})
    assert [name.period for name, said in protect(cells, {}, still_open).items() if said == HIDDEN] == [
        "2024-01",
        "2024-03",
    ]


def test_what_was_published_cannot_be_hidden_again_so_another_is() -> None:
    months = by_period("attendances", {"2024-01": 12, "2024-02": 12})
    earlier = remember({}, protect(months, {}, still_open))
    cells = {**months, **by_period("attendances", {"2024-03": 9, "2024-Q1": 33})}
    shown = protect(cells, earlier, still_open)
    assert [name.period for name, said in shown.items() if said == HIDDEN] == ["2024-03", "2024-Q1"]
    assert audit(shown, cells, earlier) == []


def test_hiding_in_vain_what_was_published_is_found() -> None:
    months = by_period("attendances", {"2024-01": 12, "2024-02": 12})
    earlier = remember({}, protect(months, {}, still_open))
    cells = {**months, **by_period("attendances", {"2024-03": 9, "2024-Q1": 33})}
    shown = {name: Shown("rounded", 35) if name.period == "2024-Q1" else HIDDEN for name in cells}
    assert [(found.cell.period, found.low, found.high) for found in audit(shown, cells, earlier)] == [("2024-03", 9, 9)]
    assert audit(shown, cells, {}) == []


def test_an_earlier_figure_of_an_open_period_says_only_that_it_grew() -> None:
    cells = by_period("attendances", {"2024-01": 12, "2024-02": 12, "2024-03": 9, "2024-Q1": 33})
    earlier = {CellId("attendances", "2024-Q1"): Shown("rounded", 10)}
    assert protect(cells, earlier, still_open) == protect(cells, {}, still_open)


def test_new_and_returning_add_up_to_participants() -> None:
    cells = {
        CellId(name, "2024-03"): cell(n, at=CellId(name, "2024-03"))
        for name, n in (("participants", 19), ("new-participants", 12), ("returning-participants", 7))
    }
    new, returning = CellId("new-participants", "2024-03"), CellId("returning-participants", "2024-03")
    shown = protect(cells, {}, still_open)
    assert shown[new] == shown[returning] == HIDDEN


def test_distinct_persons_of_a_kind_may_be_met_at_another_but_live_in_one_place() -> None:
    rows = {"a": 12, "b": 12, "c": 9}
    for by, hidden in (("kind", 1), ("neighbourhood", 2)):
        cells = table("participants", 28 if by == "kind" else 33, by, rows, "2024-03")
        shown = protect(cells, {}, still_open)
        assert sum(said == HIDDEN for said in shown.values()) == hidden, by


def test_somebody_who_moved_does_not_make_the_auditor_blind() -> None:
    cells = table("participants", 32, "neighbourhood", {"a": 12, "b": 12, "c": 9})
    assert bounds(audit(rounded_rows(cells, "c"), cells, {})) == {("c", "", 9, 9)}
    assert sum(said == HIDDEN for said in protect(cells, {}, closed).values()) == 2


def test_a_partner_that_knows_its_own_row_finds_another_partners() -> None:
    rows = {"a": 7, "b": 8, "c": 30}
    cells = table("attendances", 45, "partner", rows)
    for name in cells:
        own = {name.key: rows[name.key]} if name.key else rows
        others = {partner: (cells[name].value or 0) - mine for partner, mine in own.items()}
        cells[name] = Cell(name, cells[name].value, cells[name].persons, others, own)
    assert bounds(audit(rounded_rows(cells, "a", "b"), cells, {})) == {
        ("b", "a", 6, 9),
        ("a", "c", 6, 9),
        ("b", "c", 6, 9),
    }
    shown = protect(cells, {}, closed)
    assert audit(shown, cells, {}) == []
    assert shown[CellId("attendances", "2024")] == HIDDEN  # c takes 30 from it, whatever else is hidden


def mixed(period: str, own: int, rest: int) -> Cell:
    at = CellId("attendances", period)
    return cell(own + rest, at=at, others={"a": rest, "b": own}, own={"a": own, "b": rest})


def test_what_a_partner_knows_of_a_cell_by_its_own_list_is_no_finding() -> None:
    cells = {at.id: at for at in (mixed("2024-01", 7, 2), mixed("2024-02", 20, 0), mixed("2024-Q1", 27, 2))}
    assert audit(protect(cells, {}, still_open), cells, {}) == []


def test_what_a_publication_adds_to_a_partners_own_list_is_a_finding() -> None:
    january, february = mixed("2024-01", 7, 2), cell(24, at=CellId("attendances", "2024-02"))
    cells = {at.id: at for at in (january, february, cell(33, at=CellId("attendances", "2024-Q1")))}
    shown = {
        january.id: HIDDEN,
        february.id: Shown("exact", 24),
        CellId("attendances", "2024-Q1"): Shown("rounded", 35),
    }
    assert ("a", 9, 9) in {(found.view or "a", found.low, found.high) for found in audit(shown, cells, {})}


def test_a_kind_of_which_there_was_no_activity_hides_nothing() -> None:
    cells = table("attendances", 102, "kind", {"bingo": 95, "sport": 7, "meal": 0, "walk": 0})
    shown = {name: Shown("exact", at.value) if at.persons > 9 else HIDDEN for name, at in cells.items()}
    assert audit(shown, cells, {}) == []
    nothing = {
        name._replace(indicator="activities"): Cell(
            name._replace(indicator="activities"), int(at.persons > 0), 0, {}, {}, "exempt"
        )
        for name, at in cells.items()
    }
    told = {**shown, **{name: Shown("exact", at.value) for name, at in nothing.items()}}
    assert bounds(audit(told, {**cells, **nothing}, {})) == {("sport", "", 7, 7)}


def test_an_activity_is_in_its_partner_and_in_what_everybody_can_look_up() -> None:
    rows = {"a/1": 20, "a/2": 8, "b/1": 40}
    cells = table("attendances", 68, "activity", rows, "2024-03")
    for by, keys in (("partner", {"a": 28, "b": 40}), ("kind", {"bingo": 20, "walk": 48})):
        cells |= table("attendances", 68, by, keys, "2024-03")
    nests = {
        ("activity", "a/1"): {"kind": "bingo"},
        ("activity", "a/2"): {"kind": "walk"},
        ("activity", "b/1"): {"kind": "walk"},
    }
    shown = {
        name: HIDDEN
        if at.persons < 10
        else Shown("exact", at.value)
        if name.by != "activity"
        else Shown("rounded", at.value)
        for name, at in cells.items()
    }
    total = CellId("attendances", "2024-03")
    shown[total] = Shown("rounded", 70)
    found = audit(shown, cells, {}, nests)
    laws = {(relation.whole.by, relation.whole.key) for finding in found for relation in finding.relations}
    assert ("partner", "a") in laws
    assert audit(protect(cells, {}, still_open, nests), cells, {}, nests) == []


def test_a_month_by_name_and_the_same_month_as_a_row_are_one_figure() -> None:
    cells = by_period("attendances", {"2024-01": 12, "2024-02": 12, "2024-03": 9, "2024-Q1": 33})
    rows = {name: CellId("attendances", "2024-Q1", "month", name.period) for name in cells if "Q" not in name.period}
    both = {**cells, **{row: cell(cells[name].value, at=row) for name, row in rows.items()}}
    shown = protect(both, {}, still_open)
    assert {name: shown[row] for name, row in rows.items()} == {name: shown[name] for name in rows}
    assert list(shown) == list(both)


def test_a_finding_tells_who_can_calculate_what_and_by_which_relation() -> None:
    cells = table("attendances", 102, "kind", {"bingo": 95, "sport": 7})
    shown = {name: Shown("exact", at.value) if at.persons > 9 else HIDDEN for name, at in cells.items()}
    (finding,) = audit(shown, cells, {})
    assert isinstance(finding, Finding)
    assert finding.cell == CellId("attendances", "2024", "kind", "sport")
    assert (finding.view, finding.low, finding.high) == ("", 7, 7)
    assert finding.relations[0].whole == CellId("attendances", "2024")


def test_a_closed_years_total_that_stays_is_calculated_with_as_it_is_printed() -> None:
    cells = table("attendances", 103, "kind", {"bingo": 95, "sport": 8})
    earlier = {CellId("attendances", "2024"): Shown("exact", 102)}
    shown = protect(cells, earlier, closed)
    assert shown[CellId("attendances", "2024")] == Shown("exact", 102)
    assert audit(shown, cells, earlier) == []


def test_a_partner_left_with_few_values_by_a_relation_is_found_though_the_threshold_says_the_same() -> None:
    cells = table("attendances", 102, "kind", {"bingo": 95, "sport": 7})
    sport = CellId("attendances", "2024", "kind", "sport")
    cells[sport] = cell(7, at=sport, others={"a": 1, "b": 6}, own={"a": 6, "b": 1})
    assert bounds(audit(rounded_rows(cells, "sport"), cells, {})) == {("sport", "a", 6, 9)}


def test_many_people_that_are_hidden_to_guard_few_are_no_secret_from_a_partner() -> None:
    cells = table("attendances", 103, "kind", {"walk": 95, "sport": 8})
    walk, sport = (CellId("attendances", "2024", "kind", kind) for kind in ("walk", "sport"))
    cells[walk] = cell(95, at=walk, others={"a": 15, "b": 80}, own={"a": 80, "b": 15})
    cells[sport] = cell(8, at=sport, others={"a": 0}, own={"a": 8})
    assert audit(rounded_rows(cells, "walk", "sport"), cells, {}) == []
    cells[walk] = cell(95, at=walk, others={"a": 9, "b": 86}, own={"a": 86, "b": 9})
    assert bounds(audit(rounded_rows(cells, "walk", "sport"), cells, {})) == {("walk", "a", 94, 95)}


@pytest.mark.parametrize(("places", "found"), [(0, set()), (17, {("a/1", "", 17, 17)})])
def test_places_taken_say_nothing_of_who_came_where_there_was_no_capacity(
    places: int, found: set[tuple[str, str, int, int]]
) -> None:
    """Where places were counted no more came than took one; nobody reckons that 17 came on 0 places."""
    came, taken, people = (
        CellId(indicator, "2024-01", "activity", "a/1")
        for indicator in ("attendances", "occupancy#present", "participants")
    )
    cells = {name: cell(17, at=name) for name in (came, people)} | {taken: cell(places, persons=17, at=taken)}
    shown = {came: HIDDEN, people: Shown("exact", 17), taken: Shown("exact", places)}
    assert bounds(audit(shown, cells, {})) == found


def test_a_closed_year_as_a_row_is_as_exact_as_its_total() -> None:
    total, row = CellId("attendances", "2024"), CellId("attendances", "2024", "year", "2024")
    shown = protect({total: cell(518, at=total), row: cell(518, at=row)}, {}, closed)
    assert shown == {total: Shown("exact", 518), row: Shown("exact", 518)}


@pytest.mark.parametrize(("indicator", "hidden"), [("new-participants", 2), ("attendances", 2), ("participants", 1)])
def test_who_is_new_is_new_in_one_month_and_who_came_may_have_come_in_two(indicator: str, hidden: int) -> None:
    cells = by_period(indicator, {"2024-01": 11, "2024-02": 11, "2024-03": 0, "2024-Q1": 22})
    assert sum(said == HIDDEN for said in protect(cells, {}, still_open).values()) == hidden


def test_an_earlier_figure_that_was_corrected_downwards_says_nothing_of_how_low_it_is_now() -> None:
    cells = by_period("attendances", {"2024-01": 9, "2024-02": 12, "2024-03": 12, "2024-Q1": 33})
    earlier = {CellId("attendances", "2024-01"): Shown("rounded", 20)}
    assert protect(cells, earlier, still_open) == protect(cells, {}, still_open)
