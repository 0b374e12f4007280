"""The rules against programs of others: a linear program of what can be calculated, a statistics office's 10-5 rule.

`KOMERBIJ_TEST_EXAMPLES` sets the number of tables for the linear program: 1500 take some minutes.
"""

import os
import random
import warnings
from collections.abc import Mapping, Sequence
from math import ceil, floor

import numpy as np
import pandas as pd
from cell_key_perturbation.create_perturbed_table import create_perturbed_table
from cell_key_perturbation.utils.generate_test_ptable import generate_ptable_10_5_rule
from scipy.optimize import linprog

from services.reporting.domain.disclosure.audit import ENOUGH, audit
from services.reporting.domain.disclosure.cells import HIDDEN, Cell, CellId, Shown
from services.reporting.domain.disclosure.rules import bounds_of, by_itself
from tests.unit.reporting.disclosure.tables import cell, closed, protect, still_open

TABLES = int(os.environ.get("KOMERBIJ_TEST_EXAMPLES", "6"))
RANDOM_TABLES = 1000
QUARTERS = tuple(f"2024-Q{number}" for number in range(1, 5))
KINDS = ("bingo", "walk", "visit", "meal", "sport")
HIGHEST = 10**4
HARD = (709,)
"""A table in which only several relations together tell too much: relation by relation 9 cells were missed."""


def random_table(seed: int) -> dict[CellId, Cell]:
    """Four quarters by five kinds, with margins and a total."""
    chance = random.Random(seed)  # noqa: S311  -- made-up people, no secret
    inner = {
        (quarter, kind): chance.choice((0, chance.randint(1, 9), chance.randint(10, 60)))
        for quarter in QUARTERS
        for kind in KINDS
    }
    values = {CellId("attendances", "2024"): sum(inner.values())}
    for quarter in QUARTERS:
        values[CellId("attendances", quarter)] = sum(inner[quarter, kind] for kind in KINDS)
    for kind in KINDS:
        values[CellId("attendances", "2024", "kind", kind)] = sum(inner[quarter, kind] for quarter in QUARTERS)
    values |= {CellId("attendances", quarter, "kind", kind): value for (quarter, kind), value in inner.items()}
    return {name: cell(value, at=name) for name, value in values.items()}


def equalities(names: Sequence[CellId]) -> tuple["np.ndarray[tuple[int, int], np.dtype[np.float64]]", int]:
    """One row for every whole: its parts minus itself is 0; written down here, not taken from the product."""
    wholes: dict[CellId, list[CellId]] = {name: [] for name in names}
    for name in names:
        if name.by and name.period != "2024":
            wholes[name._replace(period="2024")].append(name)
            wholes[CellId(name.indicator, name.period)].append(name)
    rows = [(whole, parts) for whole, parts in wholes.items() if parts]
    rows += [(names[0], [name for name in names if name.by and name.period == "2024"])]
    rows += [(names[0], [name for name in names if not name.by and name.period != "2024"])]
    matrix = np.zeros((len(rows), len(names)))
    for at, (whole, parts) in enumerate(rows):
        matrix[at, names.index(whole)] = -1
        matrix[at, [names.index(part) for part in parts]] = 1
    return matrix, len(rows)


def narrow_by_linear_program(cells: Mapping[CellId, Cell], shown: Mapping[CellId, Shown]) -> set[CellId]:
    """Hidden cells of which a linear program leaves fewer than 5 whole numbers."""
    names = list(cells)
    limits = [bounds_of(shown[name]) or (0, 9 if at.persons < 10 else HIGHEST) for name, at in cells.items()]
    matrix, count = equalities(names)
    found = set()
    for at, name in enumerate(names):
        if shown[name] == HIDDEN:
            goal = np.zeros(len(names))
            goal[at] = 1
            ends = [
                linprog(sign * goal, A_eq=matrix, b_eq=np.zeros(count), bounds=limits, method="highs")
                for sign in (1, -1)
            ]
            assert [end.status for end in ends] == [0, 0]
            low, high = ceil(ends[0].fun - 1e-6), floor(-ends[1].fun + 1e-6)
            if high - low + 1 < ENOUGH:
                found.add(name)
    return found


def test_the_auditor_refuses_every_table_that_a_linear_program_refuses_and_hiding_leaves_none() -> None:
    narrow = 0
    for seed in (*HARD, *range(TABLES)):
        cells = random_table(seed)
        alone = {name: by_itself(at, None, closed) for name, at in cells.items()}
        by_program = narrow_by_linear_program(cells, alone)
        narrow += len(by_program)
        found = {finding.cell for finding in audit(alone, cells, {})}
        assert found or not by_program, seed
        assert seed in HARD or by_program <= found, (seed, by_program - found)
        shown = protect(cells, {}, closed)
        assert audit(shown, cells, {}) == [], seed
        assert narrow_by_linear_program(cells, shown) == set(), seed
    assert narrow, "no table was hard: the oracle had nothing to say"


def test_d18_threshold_and_rounding_equal_the_10_5_rule_of_a_statistics_office() -> None:
    chance = random.Random(18)  # noqa: S311  -- made-up people, no secret
    counts = {
        (number, kind): chance.choice((0, chance.randint(1, 30), chance.randint(1, 30), chance.randint(1, 200)))
        for number in range(RANDOM_TABLES)
        for kind in KINDS
    }
    people = [key for key, count in counts.items() for _ in range(count)]
    data = pd.DataFrame(people, columns=["table", "kind"]).assign(record_key=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rule = generate_ptable_10_5_rule(key_range=0)
        theirs = create_perturbed_table(data, rule, ["table"], ["kind"], "record_key").rename(columns={"count": "told"})
    printed = {(int(row.table), row.kind): None if pd.isna(row.told) else int(row.told) for row in theirs.itertuples()}
    ours = {
        key: by_itself(cell(count, at=CellId("attendances", "2024-03", "kind", key[1])), None, still_open).value
        for key, count in counts.items()
    }
    assert len(ours) == RANDOM_TABLES * len(KINDS)
    assert {key: (counts[key], value) for key, value in ours.items() if value != printed.get(key)} == {}
