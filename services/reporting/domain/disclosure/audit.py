"""The auditor: hidden figures that the public, or a partner with its own list, can calculate too well."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.reporting.domain.disclosure.bounds import Intervals
from services.reporting.domain.disclosure.cells import HIDDEN, Cell, CellId, figures, once
from services.reporting.domain.disclosure.relations import Nests, Relation
from services.reporting.domain.disclosure.rules import THRESHOLD, hidden_by_itself, too_few
from services.reporting.domain.disclosure.views import ShownCells, partner_view, public_view, start, told_before
from services.reporting.domain.disclosure.web import Web, webs

ENOUGH: Final = 5
"""So many values are left to a hidden figure, for whoever calculates."""

NEARLY_NARROW: Final = 7
"""Only what intervals leave so few values is tried out: a figure of 0 to 9 that no relation touched is far from it."""

_FARTHEST_FIRST: Final = range(ENOUGH - 1, 0, -1)

_NOTHING: Final[Mapping[int, int]] = {}

PUBLIC: Final = ""
"""The view of who has no list."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A hidden cell of which a reader knows too much: it is `low` to `high`, by these relations.

    `view` is the partner whose list is used, or PUBLIC.
    """

    cell: CellId
    view: str
    low: int
    high: int
    relations: tuple[Relation, ...]


def audit(
    shown: ShownCells, cells: Mapping[CellId, Cell], earlier: ShownCells, nests: Nests | None = None
) -> Sequence[Finding]:
    """What can be calculated from the cells of a year and all that was published of them; empty means safe."""
    known, told, before = figures(cells), once(shown), once(earlier)
    found: list[Finding] = []
    for web in webs(known, told, nests or {}):
        auditor = Auditor(web, told, before)
        found.extend(auditor.of_public_by_trial())
        for partner in web.partners():
            found.extend(auditor.of_partner(partner))
    return found


class Auditor:
    """Looks at one family of indicators. Who hides more of `shown` says so, and asks again.

    What a reader would know if nothing of people were shown now (by earlier publications, by its own list, by the rules
    themselves) cannot be mended by hiding; a finding is what is told beyond that.
    """

    def __init__(self, web: Web, shown: ShownCells, earlier: ShownCells) -> None:
        self._web, self._shown, self._earlier = web, shown, earlier
        self._public = public_view(web, shown, earlier)
        self._secret = [at for at in range(len(web.names)) if self._is_secret(at)]
        persons = [cell.protection == "persons" for cell in web.cells]
        self._nothing: ShownCells = {
            name: HIDDEN if persons[at] else shown[name] for at, names in enumerate(web.names) for name in names
        }
        self._least: dict[str, Intervals] = {}

    def hidden(self, cells: Iterable[CellId]) -> None:
        """These are not shown any more."""
        numbers = dict.fromkeys(self._web.number[cell] for cell in cells)
        self._public.loosen({at: start(self._web, at, self._shown, self._earlier) for at in numbers})
        self._secret = sorted({*self._secret, *(at for at in numbers if self._is_secret(at))})

    def of_public(self) -> Sequence[Finding]:
        """What everybody can calculate, relation by relation."""
        return self._of_everybody(self._public)

    def of_public_by_trial(self) -> Sequence[Finding]:
        """The same and more: trying a value contradicts itself where several relations together exclude it. Dearer."""
        view = self._public.copy()
        for at in self._secret:
            if _values(view, at) <= NEARLY_NARROW:
                self._try_out(view, at)
        return self._of_everybody(view)

    def _of_everybody(self, view: Intervals) -> Sequence[Finding]:
        return [self._finding(view, at, PUBLIC) for at in self._told(view, PUBLIC, self._too_near(view))]

    def _try_out(self, view: Intervals, at: int) -> None:
        """Is less possible than the interval says? Near the true value alone: what is far from it harms nobody."""
        worth, low, high = self._web.worth[at], view.low[at], view.high[at]
        below = next((n for n in _FARTHEST_FIRST if view.possible(at, low, worth - n)), 0)
        above = next((n for n in _FARTHEST_FIRST if view.possible(at, worth + n, high)), 0)
        if below < ENOUGH - 1:
            view.at_least(at, worth - below)
        if above < ENOUGH - 1:
            view.at_most(at, worth + above)
        view.settle()

    def of_partner(self, partner: str) -> Sequence[Finding]:
        """What a partner can calculate and the public cannot of few people, where there are others than its own.

        Hundreds that are hidden only so that others are safe are no secret from a partner that counts nearly all of
        them: whom they guard is looked at here as well.
        """
        own, cells = self._web.known_to(partner), self._web.cells
        view = partner_view(self._web, self._public, self._shown, partner)
        others = [
            at
            for at in self._too_near(view)
            if hidden_by_itself(cells[at])
            and _values(self._public, at) >= ENOUGH
            and self._web.worth[at] != own.get(at, 0)
        ]
        return [self._finding(view, at, partner) for at in self._told(view, partner, others, own)]

    def _is_secret(self, at: int) -> bool:
        """Hidden under some name, and not told before."""
        web, shown = self._web, self._shown
        hidden = any(shown[name].status == "hidden" for name in web.names[at])
        return hidden and not web.empty[at] and not told_before(web, at, self._earlier)

    def _too_near(self, view: Intervals) -> Sequence[int]:
        """Secrets of which the reader has few values left, in the order of the cells."""
        low, high = view.low, view.high
        return [at for at in self._secret if high[at] - low[at] < ENOUGH - 1]

    def _told(
        self, view: Intervals, reader: str, cells: Iterable[int], own: Mapping[int, int] = _NOTHING
    ) -> Iterator[int]:
        """Those of which the reader would know less if nothing were shown."""
        for at in cells:
            left = self._left(view, at, own.get(at, 0))
            if left < ENOUGH and left < self._left(self._known_anyway(reader), at, own.get(at, 0)):
                yield at

    def _left(self, view: Intervals, at: int, own: int) -> int:
        """How many values are possible.

        A partner with 7 in a cell of fewer than 10 cannot tell that rule from the one on subtraction, which hides 1 to
        9 of others whatever the whole: 0 to 9 others are possible, as long as no relation says more.
        """
        if not own:
            return _values(view, at)
        low, high = view.implied(at)
        most = own + THRESHOLD - 1 if too_few(self._web.cells[at]) else view.high[at]
        return min(high, most) - max(low, own) + 1

    def _known_anyway(self, name: str) -> Intervals:
        if PUBLIC not in self._least:
            self._least[PUBLIC] = public_view(self._web, self._nothing, self._earlier)
        if name not in self._least:
            self._least[name] = partner_view(self._web, self._least[PUBLIC], self._nothing, name)
        return self._least[name]

    def _finding(self, view: Intervals, at: int, name: str) -> Finding:
        near = view.pinning(at) or (*self._web.net.as_part[at], *self._web.net.as_whole[at])
        pinning = tuple(self._web.relations[number] for number in near)
        cell = next(cell for cell in self._web.names[at] if self._shown[cell] == HIDDEN)
        return Finding(cell, name, view.low[at], view.high[at], pinning)


def _values(view: Intervals, at: int) -> int:
    return view.high[at] - view.low[at] + 1
