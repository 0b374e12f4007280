"""Each figure by itself: threshold, partner subtraction, rounding, exact totals, rates (guide D1, D2, D3, D7, D9)."""

import pytest

from services.reporting.domain.disclosure.cells import HIDDEN, Cell, CellId, Shown
from services.reporting.domain.disclosure.complementary import protect, remember
from services.reporting.domain.disclosure.rules import published_rate
from tests.unit.reporting.disclosure.tables import cell, closed, shown_alone, still_open

TOTAL = CellId("participants", "2024")


@pytest.mark.parametrize(
    ("persons", "printed"),
    [(0, None), (1, None), (9, None), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (22, 20), (23, 25)],
)
def test_d01_fewer_than_10_are_hidden_and_others_to_the_nearest_5(persons: int, printed: int | None) -> None:
    assert shown_alone(cell(persons)) == (Shown("rounded", printed) if printed else HIDDEN)


def test_d01_nobody_looks_like_few() -> None:
    shown = [shown_alone(cell(persons)) for persons in range(10)]
    assert len({repr(said) for said in shown}) == 1


def test_d02_persons_count_for_the_threshold_not_what_they_did() -> None:
    attendances = cell(10, persons=3, at=CellId("attendances", "2024-03"))
    assert shown_alone(attendances) == HIDDEN
    assert shown_alone(cell(40, persons=10, at=attendances.id)) == Shown("rounded", 40)


@pytest.mark.parametrize(
    ("others", "shown"),
    [
        ({"a": 6, "b": 14}, HIDDEN),
        ({"a": 11, "b": 14}, Shown("rounded", 25)),
        ({"a": 0}, Shown("rounded", 20)),
        ({"a": 1, "b": 19}, HIDDEN),
        ({"a": 10, "b": 10}, Shown("rounded", 20)),
    ],
)
def test_d03_no_partner_can_take_its_own_list_away_and_be_left_with_few(others: dict[str, int], shown: Shown) -> None:
    total = {"a": 20, "b": 25}[max(others)] if shown.value == 25 else 20
    assert shown_alone(cell(total, others=others)) == shown


@pytest.mark.parametrize(("value", "printed"), [(518, 520), (523, 525)])
def test_d07_totals_of_an_open_year_are_rounded_and_of_a_closed_year_exact(value: int, printed: int) -> None:
    assert shown_alone(cell(value), still_open) == Shown("rounded", printed)
    assert shown_alone(cell(value), closed) == Shown("exact", value)


def test_d07_a_closed_year_does_not_lift_the_threshold_or_the_subtraction() -> None:
    assert shown_alone(cell(9), closed) == HIDDEN
    assert shown_alone(cell(20, others={"a": 6, "b": 14}), closed) == HIDDEN


@pytest.mark.parametrize(
    ("before", "value", "now"),
    [(530, 531, 530), (530, 534, 530), (530, 526, 530), (530, 535, 535), (530, 537, 537), (530, 525, 525), (12, 9, 12)],
)
def test_a_published_total_of_a_closed_year_moves_by_5_or_not_at_all(before: int, value: int, now: int) -> None:
    cells = {TOTAL: cell(value)}
    assert protect(cells, {TOTAL: Shown("exact", before)}, closed) == {TOTAL: Shown("exact", now)}


def test_small_corrections_do_not_add_up_unseen() -> None:
    earlier: dict[CellId, Shown] = {}
    printed = []
    for value in (530, 533, 536, 538):
        shown = protect({TOTAL: cell(value)}, earlier, closed)
        earlier = remember(earlier, shown)
        printed.append(shown[TOTAL].value)
    assert printed == [530, 530, 536, 536]


def test_a_total_that_was_rounded_while_its_year_was_open_becomes_exact() -> None:
    assert protect({TOTAL: cell(531)}, {TOTAL: Shown("rounded", 530)}, closed) == {TOTAL: Shown("exact", 531)}


def test_a_figure_that_was_shown_and_fell_under_10_is_hidden() -> None:
    month = CellId("participants", "2024-03")
    assert protect({month: cell(9, at=month)}, {month: Shown("rounded", 10)}, closed) == {month: HIDDEN}


def test_things_and_the_coalition_itself_are_exact_however_few() -> None:
    name = CellId("activities", "2024-03", "kind", "bingo")
    assert shown_alone(Cell(name, 2, 0, {}, {}, "exempt")) == Shown("exact", 2)


def test_what_nobody_measured_is_not_applicable_and_not_hidden() -> None:
    assert shown_alone(cell(None, at=CellId("visits", "2024-03"))).status == "not-applicable"


def test_d09_a_rate_comes_from_printed_sides_alone() -> None:
    sides = {
        name: cell(value, persons=14, at=CellId(f"no-show-rate#{name}", "2024"))
        for name, value in (("absent", 14), ("known", 43))
    }
    shown = protect({side.id: side for side in sides.values()}, {}, still_open)
    figure, status = published_rate(shown[sides["absent"].id], shown[sides["known"].id])
    assert (figure.value, status) == (33.3, "rounded")


def test_d09_a_rate_is_hidden_where_one_side_is() -> None:
    absent, known = (CellId(f"no-show-rate#{side}", "2024") for side in ("absent", "known"))
    shown = protect({absent: cell(5, at=absent), known: cell(15, at=known)}, {}, still_open)
    assert shown == {absent: HIDDEN, known: HIDDEN}
    figure, status = published_rate(shown[absent], shown[known])
    assert (figure.value, status) == (None, "hidden")


def test_d09_the_congress_of_the_guide() -> None:
    assert published_rate(Shown("exact", 26), Shown("rounded", 105))[0].value == 24.8
    assert published_rate(Shown("exact", 26), Shown("exact", 104))[1] == "exact"
    assert published_rate(Shown("exact", 0), Shown("not-applicable"))[1] == "not-applicable"
