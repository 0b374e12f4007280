"""What is shown of a year: nothing hidden can be calculated, and an exact total is given up last."""

import pytest

from services.reporting.domain.disclosure.audit import audit
from services.reporting.domain.disclosure.cells import HIDDEN, Cell, CellId, Shown
from services.reporting.domain.publication.counting import cells_of
from services.reporting.domain.publication.showing import decide_what_is_shown
from tests.unit.reporting.publication.made_up import YEAR, MadeUp

PEOPLE = ("participants", "new-participants", "returning-participants")


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_the_auditor_finds_nothing_in_all_cells_of_a_year(closed: bool) -> None:
    """Also with the cells at which nobody can have been, which the decision leaves aside; and head counts of 0 pass."""
    town = MadeUp(5, activities=10)
    cells, nests = cells_of(YEAR, town.read, town.rows), town.rows.nests()
    decided = decide_what_is_shown(cells, {}, "2024", nests, closed=closed)
    assert decided.findings == []
    whole = {name: cell for name, cell in cells.items() if name.indicator != "visits"}
    assert audit({name: decided.shown[name] for name in whole}, whole, {}, nests) == []
    assert list(decided.shown) == list(cells)
    assert sum(said.status == "rounded" for said in decided.shown.values()) > 0


def totals(participants: int, new: int) -> dict[CellId, Cell]:
    """A year without any grouping; there was an activity."""
    worth = dict(zip(PEOPLE, (participants, new, participants - new), strict=True))
    names = {CellId(code, "2024"): n for code, n in worth.items()}
    held = CellId("activities", "2024")
    cells = {name: Cell(name, n, n, {}, {}) for name, n in names.items()}
    return {**cells, held: Cell(held, 1, 0, {}, {}, "exempt")}


def shown_of(cells: dict[CellId, Cell], earlier: dict[str, int], closed: bool) -> list[Shown]:
    told = {CellId(code, "2024"): Shown("rounded", value) for code, value in earlier.items()}
    decided = decide_what_is_shown(cells, told, "2024", {}, closed=closed)
    assert decided.findings == []
    return [decided.shown[CellId(code, "2024")] for code in PEOPLE]


def test_an_open_year_does_not_tell_what_an_exact_total_would_make_too_much() -> None:
    """523 exact beside 525 new, from an earlier publication, would tell that nobody returned."""
    assert shown_of(totals(523, 523), {}, closed=False) == [Shown("rounded", 525), HIDDEN, HIDDEN]
    assert shown_of(totals(523, 523), {}, closed=True) == [Shown("exact", 523), HIDDEN, HIDDEN]


def test_a_total_that_would_tell_too_much_is_rounded_rather_than_hidden() -> None:
    earlier = {"participants": 525, "new-participants": 525}
    found = shown_of(totals(523, 523), earlier, closed=True)
    assert found[0] == Shown("rounded", 525)
    assert found[2] == HIDDEN


def test_things_of_an_open_year_are_exact_and_move_by_one() -> None:
    held = CellId("activities", "2024")
    cells = {held: Cell(held, 8, 0, {}, {}, "exempt")}
    for closed, wanted in ((False, 8), (True, 7)):
        decided = decide_what_is_shown(cells, {held: Shown("exact", 7)}, "2024", {}, closed=closed)
        assert decided.shown[held] == Shown("exact", wanted)
