"""The whole rule: each figure by itself, then more is hidden until the auditor is content (reporting guide 4.1, 6)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import cycle

from services.reporting.domain.disclosure.audit import PUBLIC, Auditor, Finding
from services.reporting.domain.disclosure.cells import HIDDEN, Cell, CellId, Shown, canonical, figures, once
from services.reporting.domain.disclosure.natures import PUBLISHED_TOGETHER
from services.reporting.domain.disclosure.relations import Nests, Relation
from services.reporting.domain.disclosure.rules import bounds_of, by_itself
from services.reporting.domain.disclosure.views import ShownCells
from services.reporting.domain.disclosure.web import Web, webs


def protect(
    cells: Mapping[CellId, Cell],
    earlier: ShownCells,
    exact: Callable[[CellId], bool],
    nests: Nests | None = None,
) -> dict[CellId, Shown]:
    """What is shown of the cells of a year, in their order; `earlier` is what was shown before (see `remember`).

    The same facts and the same earlier publications give the same result. Where what was published before leaves
    nothing to hide, a finding of the auditor may remain: whoever publishes asks it.
    """
    known, before = figures(cells), once(earlier)
    shown = {name: by_itself(cell, before.get(name), exact) for name, cell in known.items()}
    hidden = [name for name, said in shown.items() if said == HIDDEN]
    shown.update((name, HIDDEN) for name in _with_them(shown, hidden))
    for web in webs(known, shown, nests or {}):
        _until_content(web, shown, before)
    return {name: shown[canonical(name)] for name in cells}


def remember(earlier: ShownCells, shown: ShownCells) -> dict[CellId, Shown]:
    """`earlier` for the next publication: what was printed stays told, also where it is hidden later."""
    return {**earlier, **{name: said for name, said in shown.items() if said.value is not None}}


def _with_them(shown: ShownCells, names: Iterable[CellId]) -> Iterator[CellId]:
    """Names that are hidden, and the other side of the rates they belong to."""
    for name in names:
        yield name
        for together in PUBLISHED_TOGETHER:
            if name.indicator in together:
                sides = (name._replace(indicator=indicator) for indicator in together)
                yield from (side for side in sides if side in shown and side != name)


def _until_content(web: Web, shown: dict[CellId, Shown], before: ShownCells) -> None:
    """The public first, then partner by partner, and again: what is hidden for one may be too little for another."""
    rounds, readers, content = _Rounds(web, shown, before), (PUBLIC, *web.partners()), 0
    turns = cycle(readers)
    while content < len(readers):
        content = 1 if rounds.until_content(next(turns)) else content + 1


class _Rounds:
    """A round hides one figure for every finding, at most one in a relation, and looks again."""

    def __init__(self, web: Web, shown: dict[CellId, Shown], before: ShownCells) -> None:
        self._web, self._shown = web, shown
        self._auditor, self._choice = Auditor(web, shown, before), _Choice(web, shown, before)

    def until_content(self, reader: str) -> bool:
        """Hide until neither the public nor this reader can calculate too much; was anything hidden?"""
        hidden_any = False
        while names := self._choice.of(self._auditor.of_public()) or self._choice.of(self._of(reader)):
            self._shown.update((name, HIDDEN) for name in names)
            self._auditor.hidden(names)
            hidden_any = True
        return hidden_any

    def _of(self, reader: str) -> Sequence[Finding]:
        return self._auditor.of_public_by_trial() if reader == PUBLIC else self._auditor.of_partner(reader)


class _Choice:
    """Which cell is hidden so that another is safe: the smallest shown one of the relations that give it away."""

    def __init__(self, web: Web, shown: ShownCells, before: ShownCells) -> None:
        self._web, self._shown, self._before = web, shown, before

    def of(self, findings: Sequence[Finding]) -> Sequence[CellId]:
        """One figure for each that no other of the round helps already, under all its names."""
        picked: dict[CellId, None] = {}
        helped: set[Relation] = set()
        for finding in findings:
            at = self._smallest(finding) if helped.isdisjoint(finding.relations) else None
            if at is not None:
                names = [name for name in self._web.names[at] if self._can_be_hidden(at, name)]
                for name in _with_them(self._shown, names):
                    picked[name] = None
                    helped.update(self._around(self._web.number[name]))
        return tuple(picked)

    def _smallest(self, finding: Finding) -> int | None:
        """See `_worth_keeping`; relations further away where the near ones have none that can go."""
        members, looked = {self._web.number[finding.cell]}, set(finding.relations)
        near: Iterable[Relation] = finding.relations
        while near or members:
            members.update(self._web.number[name] for each in near for name in (each.whole, *each.parts))
            if can_go := [at for at in members if any(self._can_be_hidden(at, name) for name in self._web.names[at])]:
                return min(can_go, key=self._worth_keeping)
            near = {each for at in members for each in self._around(at)} - looked
            looked.update(near)
            members = members if near else set()
        return None

    def _worth_keeping(self, at: int) -> tuple[bool, int, int, int]:
        """An exact total goes last, as it is what everybody wants; then what stands in most tables.

        Of equals the one with fewest persons goes first, then the first in the order of the cells.
        """
        names = self._web.names[at]
        exact_total = any(not name.by and self._shown[name].status == "exact" for name in names)
        return exact_total, len(names), self._web.cells[at].persons, at

    def _around(self, at: int) -> Iterable[Relation]:
        net = self._web.net
        return [self._web.relations[number] for number in (*net.as_part[at], *net.as_whole[at])]

    def _can_be_hidden(self, at: int, name: CellId) -> bool:
        """Shown now, of persons, and not told as well by an earlier publication."""
        now = bounds_of(self._shown[name])
        if now is None or self._web.cells[at].protection == "exempt":
            return False
        before = bounds_of(self._before[name]) if name in self._before else None
        still_true = before is not None and before[0] <= self._web.worth[at] <= before[1]
        return not (before and still_true and now[0] <= before[0] and before[1] <= now[1])
