"""What is shown of all cells of a year: the whole rule of disclosure, and the auditor's word on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.reporting.domain.disclosure.audit import Finding, audit
from services.reporting.domain.disclosure.cells import HIDDEN, Cell, CellId, Shown
from services.reporting.domain.disclosure.complementary import protect
from services.reporting.domain.disclosure.relations import Nests
from services.reporting.domain.publication.parts import PARTS

_PLACE: Final = {part.name: place for place, parts in enumerate(PARTS.values()) for part in parts}
_HOMES: Final = ("neighbourhood", "ageBand")
"""Where a person is from says nothing of where an activity was."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What is shown, in the order of the cells, and what the auditor finds in it."""

    shown: Mapping[CellId, Shown]
    findings: Sequence[Finding]


def decide_what_is_shown(
    cells: Mapping[CellId, Cell],
    earlier: Mapping[CellId, Shown],
    exact: Callable[[CellId], bool],
    nests: Nests,
) -> Decided:
    """Cells at which nobody can have been, as everybody can look up, are hidden and not reckoned with.

    Of figures that could as well be hidden the first goes: indicators stand here from the last to the first, so that
    new participants, say, are given up before participants.
    """
    some = (name for name, cell in cells.items() if not _nobody_there(cell, cells))
    at_stake = {name: cells[name] for name in sorted(some, key=lambda name: -_PLACE[name.indicator])}
    shown = protect(at_stake, earlier, exact, nests)
    findings = audit(shown, at_stake, earlier, nests)
    return Decided({name: shown.get(name, HIDDEN) for name in cells}, findings)


def _nobody_there(cell: Cell, cells: Mapping[CellId, Cell]) -> bool:
    """No activity of that kind, partner or series was held, or none at all in that time, and nobody came all the same.

    A reader takes such a cell for 0 (decision 0030), so it hides nothing and nothing follows from it.
    """
    name = cell.id
    if cell.value != 0 or cell.protection == "exempt" or name.indicator == "volunteers":
        return False
    total = cells[name._replace(by="", key=None)]
    if not total.value and not _activities(name._replace(by="", key=None), cells):
        return True
    return bool(name.by) and name.by not in _HOMES and not _activities(name, cells)


def _activities(name: CellId, cells: Mapping[CellId, Cell]) -> int | None:
    return cells[name._replace(indicator="activities")].value
