"""Which figure is given up so that another is safe (guide 4.1, 6, and decision 0030)."""

from collections.abc import Mapping

from services.reporting.domain.disclosure.cells import HIDDEN, Cell, CellId, Shown
from tests.unit.reporting.disclosure.tables import by_period, cell, closed, protect, still_open, table

TOTAL = CellId("attendances", "2024")


def hidden(shown: Mapping[CellId, Shown]) -> list[tuple[str, str | None]]:
    return [(name.period, name.key) for name, said in shown.items() if said == HIDDEN]


def bingo_and_sport(bingo: int) -> dict[CellId, Cell]:
    """9 sports people who came to bingo as well: as many persons stand behind bingo as behind the total."""
    cells = table("attendances", bingo + 9, "kind", {"bingo": bingo, "sport": 9})
    return cells | {TOTAL: cell(bingo + 9, persons=bingo, at=TOTAL)}


def test_an_exact_total_is_given_up_last() -> None:
    shown = protect(bingo_and_sport(95), {}, closed)
    assert hidden(shown) == [("2024", "bingo"), ("2024", "sport")]
    assert shown[TOTAL] == Shown("exact", 104)


def test_an_exact_total_is_given_up_last_though_fewer_persons_stand_behind_it() -> None:
    cells = bingo_and_sport(95) | {TOTAL: cell(104, persons=60, at=TOTAL)}
    assert hidden(protect(cells, {}, closed)) == [("2024", "bingo"), ("2024", "sport")]


def test_an_exact_total_is_given_up_where_nothing_else_helps() -> None:
    names = [CellId(name, "2024") for name in ("participants", "new-participants", "returning-participants")]
    cells = {name: cell(value, at=name) for name, value in zip(names, (21, 14, 7), strict=True)}
    assert [name.indicator for name, said in protect(cells, {}, closed).items() if said == HIDDEN] == [
        "new-participants",
        "returning-participants",
    ]


def test_a_total_that_is_rounded_is_a_figure_as_any_other() -> None:
    quarter = TOTAL._replace(period="2024-Q1")
    cells = table("attendances", 34, "kind", {"bingo": 26, "sport": 8}, "2024-Q1")
    cells[quarter] = cell(34, persons=25, at=quarter)
    assert hidden(protect(cells, {}, still_open)) == [("2024-Q1", None), ("2024-Q1", "sport")]


def test_what_stands_in_fewer_tables_goes_first_though_more_persons_stand_behind_it() -> None:
    cells = table("attendances", 33, "kind", {"bingo": 12, "walk": 12, "sport": 9}, "2024-Q1")
    bingo, in_january = (CellId("attendances", period, "kind", "bingo") for period in ("2024-Q1", "2024-01"))
    cells[bingo] = cell(12, persons=11, at=bingo)
    assert hidden(protect(cells, {}, still_open)) == [("2024-Q1", "bingo"), ("2024-Q1", "sport")]
    shown = protect(cells | {in_january: cell(12, persons=11, at=in_january)}, {}, still_open)
    assert hidden(shown) == [("2024-Q1", "walk"), ("2024-Q1", "sport")]


def test_of_figures_in_as_many_tables_the_one_with_fewest_persons_goes_first() -> None:
    cells = by_period("attendances", {"2024-01": 12, "2024-02": 12, "2024-03": 9, "2024-Q1": 33})
    february = TOTAL._replace(period="2024-02")
    cells[february] = cell(12, persons=11, at=february)
    assert hidden(protect(cells, {}, still_open)) == [("2024-02", None), ("2024-03", None)]


def test_of_equals_the_first_in_the_order_of_the_cells_goes_first() -> None:
    cells = by_period("attendances", {"2024-02": 12, "2024-01": 12, "2024-03": 9, "2024-Q1": 33})
    assert hidden(protect(cells, {}, still_open)) == [("2024-02", None), ("2024-03", None)]
