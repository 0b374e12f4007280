"""A figure with what is known of it, and what is shown of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple, TypeVar

Status = Literal["exact", "rounded", "hidden", "not-applicable"]
Protection = Literal["persons", "exempt"]

Said = TypeVar("Said")

TIME: Final = ("month", "quarter", "year")
"""Groupings whose keys are periods."""


class CellId(NamedTuple):
    """Where a figure stands. `by` is the one grouping, "" for a total; `key` None is "onbekend", or no series.

    `period` is a label: 2024, 2024-Q3, 2024-11. A side of a rate is an indicator of its own: `no-show-rate#absent`.
    """

    indicator: str
    period: str
    by: str = ""
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure before anything is hidden.

    `value` is a whole number, or None where nothing was measured. `persons` stand behind it; for a rate both sides
    carry the smaller side's. `others` and `own` are by partner: the persons left when that partner takes its own list
    away, and what it contributed to `value` itself.
    """

    id: CellId
    value: int | None
    persons: int
    others: Mapping[str, int]
    own: Mapping[str, int]
    protection: Protection = "persons"


@dataclass(frozen=True, slots=True)
class Shown:
    """What is printed; `value` is None unless there is one."""

    status: Status
    value: int | None = None


HIDDEN: Final = Shown("hidden")
NOT_APPLICABLE: Final = Shown("not-applicable")


def canonical(cell: CellId) -> CellId:
    """The same figure without a grouping over time: 2024 by month, key 2024-11, is the total of 2024-11."""
    if cell.by not in TIME or cell.key is None:
        return cell
    return CellId(cell.indicator, _narrower(cell.period, cell.key))


def once(by_name: Mapping[CellId, Said]) -> dict[CellId, Said]:
    """Every figure under its canonical name alone; where both names are there, they stand for the same."""
    return {canonical(cell): found for cell, found in by_name.items()}


def figures(cells: Mapping[CellId, Cell]) -> dict[CellId, Cell]:
    """The same for cells, which carry their name."""
    return {name: cell if cell.id == name else replace(cell, id=name) for name, cell in once(cells).items()}


def _narrower(first: str, second: str) -> str:
    """Of two periods of which one lies in the other, the shorter: a quarter inside a month is that month."""
    return max(first, second, key=lambda label: (len(label), "Q" not in label))


def parent_periods(period: str) -> tuple[str, ...]:
    """The periods that a period lies in, shortest first: 2024-11 is in 2024-Q4 and 2024."""
    year, _, part = period.partition("-")
    if not part:
        return ()
    return (year,) if part.startswith("Q") else (f"{year}-Q{(int(part) + 2) // 3}", year)
