"""A reader with patience: averages every breakdown that is published to guess what was rounded (guide D15)."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from services.reporting.domain.disclosure.cells import HIDDEN, Cell, CellId, Shown
from services.reporting.domain.disclosure.rules import bounds_of, by_itself
from tests.unit.reporting.disclosure.tables import cell, protect, still_open

SEEDS: Final = 2000
MOST_GUESSED: Final = 0.50
BREAKDOWNS: Final[Mapping[str, int]] = {
    "kind": 9,
    "goal": 3,
    "partner": 8,
    "partnerKind": 2,
    "municipality": 1,
    "series": 6,
    "neighbourhood": 13,
    "ageBand": 7,
}
"""The additive breakdowns of attendances that the contract allows, and how many rows each has."""

TOTAL: Final = CellId("attendances", "2024-03")


def month(seed: int) -> dict[CellId, Cell]:
    """A month of 100 to 600 attendances, each with a row in every breakdown; nobody comes twice."""
    chance = random.Random(seed)  # noqa: S311  -- made-up people, no secret
    count = chance.randint(100, 600)
    cells = {TOTAL: cell(count, at=TOTAL)}
    for by, rows in BREAKDOWNS.items():
        weights = [chance.random() ** 2 + 0.02 for _ in range(rows)]
        values = Counter(chance.choices(range(rows), weights, k=count))
        names = {row: TOTAL._replace(by=by, key=f"{by}{row}") for row in range(rows)}
        cells.update({name: cell(values[row], at=name) for row, name in names.items()})
    return cells


def guess(shown: Mapping[CellId, Shown]) -> int:
    """The most likely total, by what it was rounded to and the sums of the breakdowns; more rounding weighs less.

    A breakdown of one row is the total once more and says nothing new.
    """
    said = bounds_of(shown[TOTAL])
    assert said is not None
    low, high = said
    tables = ([printed for name, printed in shown.items() if name.by == by] for by in BREAKDOWNS)
    heard = [_estimate(rows) for rows in tables if len(rows) > 1]
    weight = sum(weight for _, weight in heard)
    return min(high, max(low, round(sum(value * weight for value, weight in heard) / weight)))


def _estimate(rows: Sequence[Shown]) -> tuple[float, float]:
    """The sum of the middles of what each row can be, and its weight: one by the variance, in roundings to 5."""
    limits = [bounds_of(row) or (0, 9) for row in rows]
    variance = sum(((high - low + 1) ** 2 - 1) / 12 for low, high in limits)
    return sum((low + high) / 2 for low, high in limits), 1 / max(variance, 1)


def each_alone(cells: Mapping[CellId, Cell]) -> dict[CellId, Shown]:
    """Nothing is hidden for the sake of another: what is published never shows more."""
    return {name: by_itself(at, None, still_open) for name, at in cells.items()}


def test_d15_averaging_over_all_that_may_be_asked_guesses_at_most_half_of_the_rounded_totals() -> None:
    months = [month(seed) for seed in range(SEEDS)]
    hits = sum(guess(each_alone(cells)) == cells[TOTAL].value for cells in months)
    assert 0.20 <= hits / SEEDS <= MOST_GUESSED


def test_d15_what_is_hidden_for_the_sake_of_others_helps_no_guess() -> None:
    months = [month(seed) for seed in range(SEEDS // 20)]
    printed = [protect(cells, {}, still_open) for cells in months]
    assert all(shown[TOTAL] != HIDDEN for shown in printed)
    hits = sum(guess(shown) == cells[TOTAL].value for cells, shown in zip(months, printed, strict=True))
    assert hits / len(months) <= MOST_GUESSED


def test_d15_asking_again_after_each_arrival_tells_nothing_as_publications_stay() -> None:
    cells = month(1)
    assert protect(cells, {}, still_open) == protect(dict(cells), {}, still_open)
