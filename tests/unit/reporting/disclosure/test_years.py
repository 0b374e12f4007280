"""Whole made-up years: nothing that is hidden can be calculated, from one publication or from all of them together.

From `KOMERBIJ_TEST_EXAMPLES=1000` on there is a municipality of 72,000 inhabitants too, which takes a minute.
"""

import hashlib
import os
import random
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from services.reporting.domain.disclosure.audit import audit
from services.reporting.domain.disclosure.cells import HIDDEN, Cell, CellId, Shown
from services.reporting.domain.disclosure.complementary import remember
from services.reporting.domain.disclosure.natures import NATURES
from services.reporting.domain.disclosure.rules import by_itself
from tests.unit.reporting.disclosure.rest import whole_year
from tests.unit.reporting.disclosure.tables import closed, protect, still_open
from tests.unit.reporting.disclosure.years import Town, Year

HAMLET = Town(12, partners=3, series=3, neighbourhoods=2, persons=90, guests=22, sums=("attendances",))
ALMELO = Town(1300, partners=40, series=30, neighbourhoods=13, persons=6000, guests=20)
TOWNS = [HAMLET, ALMELO] if int(os.environ.get("KOMERBIJ_TEST_EXAMPLES", "0")) >= 1000 else [HAMLET]


def counts(shown: Mapping[CellId, Shown]) -> int:
    return sum(said == HIDDEN for said in shown.values())


@pytest.mark.parametrize("town", TOWNS, ids=lambda town: f"{town.activities} activities")
def test_nothing_hidden_can_be_calculated_from_all_tables_of_a_year(town: Town) -> None:
    year = Year(1, town)
    cells, nests = whole_year(year), year.nests()
    assert {name.indicator for name in cells} <= set(NATURES)
    alone = {name: by_itself(cell, None, closed) for name, cell in cells.items()}
    shown = protect(cells, {}, closed, nests)
    assert audit(shown, cells, {}, nests) == []
    assert counts(alone) < counts(shown) < len(shown)
    assert [name for name, said in alone.items() if said == HIDDEN != shown[name]] == []


def test_each_figure_by_itself_would_give_many_away() -> None:
    year = Year(1, HAMLET)
    cells, nests = year.cells(), year.nests()
    found = audit({name: by_itself(cell, None, closed) for name, cell in cells.items()}, cells, {}, nests)
    assert {"", "p0", "p1"} <= {finding.view for finding in found}


def test_the_same_facts_in_another_order_give_the_same_tables() -> None:
    year, chance = Year(3, HAMLET), random.Random(1)  # noqa: S311  -- made-up people, no secret

    def shuffled(by_partner: Mapping[str, int]) -> dict[str, int]:
        return dict(chance.sample(list(by_partner.items()), len(by_partner)))

    cells = year.cells()
    again = {name: replace(cell, own=shuffled(cell.own), others=shuffled(cell.others)) for name, cell in cells.items()}
    assert list(protect(again, {}, closed, year.nests()).items()) == list(
        protect(cells, {}, closed, year.nests()).items()
    )


def digest(told: Iterable[object]) -> str:
    return hashlib.sha256("".join(map(repr, told)).encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("seed", "published", "found"),
    [(1, "9b88c60fcf86a7fd", "0027bcbdb830e5d8"), (4, "122fc325851a406b", "284f59913cf39b7e")],
)
def test_what_is_shown_and_found_changes_only_when_somebody_means_it_to(seed: int, published: str, found: str) -> None:
    """What is found is what the first and slow program found, that looked at every relation for every reader."""
    year = Year(seed, HAMLET)
    cells, nests = whole_year(year), year.nests()
    alone = {name: by_itself(cell, None, closed) for name, cell in cells.items()}
    findings = (
        (at.cell, at.view, at.low, at.high, [each.whole for each in at.relations])
        for at in audit(alone, cells, {}, nests)
    )
    assert (digest(protect(cells, {}, closed, nests).items()), digest(findings)) == (published, found)


def begun(cells: Mapping[CellId, Cell], month: int) -> dict[CellId, Cell]:
    """The tables of periods that have ended when a month has; the year's are published as it goes."""
    ended = {"2024", *(f"2024-{m:02}" for m in range(1, month + 1)), *(f"2024-Q{q}" for q in range(1, month // 3 + 1))}
    return {name: cell for name, cell in cells.items() if name.period in ended}


def test_nothing_hidden_can_be_calculated_from_all_publications_of_a_year_together() -> None:
    year = Year(3, HAMLET)
    earlier: dict[CellId, Shown] = {}
    for month in (4, 9, 12):
        cells, nests = begun(year.until(month).cells(), month), year.nests()
        shown = protect(cells, earlier, closed if month == 12 else still_open, nests)
        assert audit(shown, cells, earlier, nests) == [], month
        earlier = remember(earlier, shown)
    assert counts(protect(cells, {}, closed, nests)) != len(cells)
