"""Small tables for tests of disclosure: cells by name, and the two questions that are asked of them."""

from collections.abc import Callable, Mapping, Sequence

from services.reporting.domain.disclosure.audit import Finding, audit
from services.reporting.domain.disclosure.cells import HIDDEN, Cell, CellId, Shown
from services.reporting.domain.disclosure.complementary import protect

Cells = dict[CellId, Cell]


def closed(cell: CellId) -> bool:
    """2024 has ended: its totals are exact."""
    return cell.period == "2024" and not cell.by


def still_open(_cell: CellId) -> bool:
    """No year has ended."""
    return False


def cell(
    value: int | None,
    persons: int | None = None,
    at: CellId = CellId("participants", "2024"),  # noqa: B008  -- a name, made once, never changed
    others: Mapping[str, int] | None = None,
    own: Mapping[str, int] | None = None,
) -> Cell:
    """A cell of people; as many persons as its value says, unless told otherwise."""
    return Cell(at, value, value or 0 if persons is None else persons, others or {}, own or {})


def table(indicator: str, total: int, by: str, rows: Mapping[str, int], period: str = "2024") -> Cells:
    """A total and its rows."""
    names = {CellId(indicator, period): total, **{CellId(indicator, period, by, key): n for key, n in rows.items()}}
    return {name: cell(value, at=name) for name, value in names.items()}


def by_period(indicator: str, values: Mapping[str, int]) -> Cells:
    """Totals by period."""
    return {name: cell(value, at=name) for label, value in values.items() for name in (CellId(indicator, label),)}


def shown_alone(at: Cell, exact: Callable[[CellId], bool] = still_open) -> Shown:
    """What is shown of one cell when there is no other."""
    return protect({at.id: at}, {}, exact)[at.id]


def as_hidden(shown: Mapping[CellId, Shown], *keys: str) -> dict[CellId, Shown]:
    """The same, with these rows hidden."""
    return {name: HIDDEN if name.key in keys else said for name, said in shown.items()}


def bounds(found: Sequence[Finding]) -> set[tuple[str | None, str, int, int]]:
    """Key, view and limits of every finding."""
    return {(finding.cell.key, finding.view, finding.low, finding.high) for finding in found}


__all__ = [
    "HIDDEN",
    "as_hidden",
    "audit",
    "bounds",
    "by_period",
    "cell",
    "closed",
    "protect",
    "shown_alone",
    "still_open",
    "table",
]
