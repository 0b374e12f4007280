"""What is shown of all cells of a year: the whole rule of disclosure, and the auditor's word on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.reporting.domain.disclosure.audit import Finding, audit
from services.reporting.domain.disclosure.cells import HIDDEN, Cell, CellId, Shown
from services.reporting.domain.disclosure.complementary import protect
from services.reporting.domain.disclosure.natures import ACROSS, NATURES
from services.reporting.domain.disclosure.relations import Nests
from services.reporting.domain.disclosure.rules import by_itself, rounded
from services.reporting.domain.publication.parts import PARTS

_PLACE: Final = {part.name: place for place, parts in enumerate(PARTS.values()) for part in parts}
_ADD_UP: Final = frozenset(name for across in ACROSS if across.law == "sum" for name in (across.whole, *across.parts))
"""Participants, of whom some are new and the others return."""
_WANTED: Final = ("participants", "attendances", "professionals", "signups", "visits")
"""Totals for whose sake a family is decided once more; the first is wanted most."""
_ACTIVITIES: Final = "activities"
_ELSEWHERE: Final = ("volunteers", "visits")
"""Volunteers need no activity; and a head count of 0 was counted by somebody."""
_HOMES: Final = ("neighbourhood", "ageBand")
"""Where a person is from says nothing of where an activity was."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What is shown, in the order of the cells, and what the auditor finds in it."""

    shown: Mapping[CellId, Shown]
    findings: Sequence[Finding]


def decide_what_is_shown(
    cells: Mapping[CellId, Cell], earlier: Mapping[CellId, Shown], year: str, nests: Nests, *, closed: bool
) -> Decided:
    """The whole rule for a year, which is open or has ended."""
    known = at_stake(cells)
    table = _Year(known, earlier, nests)
    shown = table.closed(year) if closed else table.open(year)
    findings = audit(shown, known, earlier, nests)

    def told(cell: Cell) -> Shown:
        if cell.id.indicator == _ACTIVITIES:
            return by_itself(cell, earlier.get(cell.id), lambda name: closed and is_total(name, year))
        return shown.get(cell.id, HIDDEN)

    return Decided({name: told(cell) for name, cell in cells.items()}, findings)


def at_stake(cells: Mapping[CellId, Cell]) -> dict[CellId, Cell]:
    """The cells that readers reckon with: not the numbers of activities, and none at which nobody can have been.

    Of figures that could as well be hidden the first goes: indicators stand here from the last to the first, so that
    new participants, say, are given up before participants.
    """
    some = (name for name, cell in cells.items() if name.indicator != _ACTIVITIES and not _nobody_there(cell, cells))
    return {name: cells[name] for name in sorted(some, key=lambda name: -_PLACE[name.indicator])}


@dataclass(frozen=True, slots=True)
class _Year:
    cells: Mapping[CellId, Cell]
    earlier: Mapping[CellId, Shown]
    nests: Nests

    def open(self, year: str) -> dict[CellId, Shown]:
        """What is shown now cannot be unsaid when the year has ended and its totals are exact.

        With participants exact, new participants to the nearest 5 may tell who returned. So these totals are decided
        as if they were exact already, and printed rounded.
        """
        totals = [name for name in self.cells if is_total(name, year) and name.indicator in _ADD_UP]
        shown = self._protect(totals)
        return {**shown, **{name: _rounded(shown[name]) for name in totals}}

    def closed(self, year: str) -> dict[CellId, Shown]:
        """Totals are exact."""
        return self._protect([name for name in self.cells if is_total(name, year)])

    def _protect(self, totals: Sequence[CellId]) -> dict[CellId, Shown]:
        """These totals exact; but rounded rather than hidden, where exact ones would tell too much.

        That may cost another total: the one that is wanted more is kept.
        """
        shown = protect(self.cells, self.earlier, set(totals).__contains__, self.nests)
        wanted = [name for code in _WANTED for name in totals if name.indicator == code and not self._alone(name)]
        lost = {name for name in wanted if shown[name] == HIDDEN}
        families = {NATURES[name.indicator].family for name in lost}
        for family in sorted(families):
            cells = {name: cell for name, cell in self.cells.items() if NATURES[name.indicator].family == family}
            again = protect(cells, self.earlier, set(totals).difference(lost).__contains__, self.nests)
            ours = [name for name in wanted if name in cells]
            if [again[name] == HIDDEN for name in ours] < [shown[name] == HIDDEN for name in ours]:
                shown.update(again)
        return shown

    def _alone(self, name: CellId) -> bool:
        """Is it hidden by itself, whatever the others tell?"""
        return by_itself(self.cells[name], self.earlier.get(name), lambda _name: True) == HIDDEN


def is_total(name: CellId, year: str) -> bool:
    """Is it a total of the whole year, without a grouping?"""
    return name.period == year and not name.by


def _rounded(said: Shown) -> Shown:
    return said if said.value is None else Shown("rounded", rounded(said.value))


def _nobody_there(cell: Cell, cells: Mapping[CellId, Cell]) -> bool:
    """No activity of that kind, partner or series was held, or none at all in that time, and nobody came all the same.

    Everybody can look that up: a reader takes such a cell for 0 (decision 0030), so it hides nothing else.
    """
    name = cell.id
    if cell.value != 0 or cell.protection == "exempt" or name.indicator in _ELSEWHERE:
        return False
    total = cells[name._replace(by="", key=None)]
    if not total.value and not _activities(name._replace(by="", key=None), cells):
        return True
    return bool(name.by) and name.by not in _HOMES and not _activities(name, cells)


def _activities(name: CellId, cells: Mapping[CellId, Cell]) -> int | None:
    return cells[name._replace(indicator=_ACTIVITIES)].value
