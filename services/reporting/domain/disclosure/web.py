"""The figures of one family of indicators, numbered, with their relations and what they are truly worth."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from services.reporting.domain.disclosure.cells import Cell, CellId, Shown
from services.reporting.domain.disclosure.natures import NATURES
from services.reporting.domain.disclosure.net import FREE, Link, Net
from services.reporting.domain.disclosure.relations import Nests, Relation, relations

Cells = Mapping[CellId, Cell]
_Place = tuple[str, str, str | None]
"""Period, grouping, key."""

_OWN_KEYS: Final = ("partner", "series", "activity")


class Web:
    """What stays the same from round to round and from reader to reader.

    A figure may stand in several cells: an activity in its month, quarter and year. `names` has them all, `cells` one.
    `worth` is the true value, or what is shown where a closed year's total stays as it was: readers are taken to
    know every gap between a whole and its parts, so that no correction makes a relation false. `empty`: everybody can
    see that there was no such activity; that nobody came to it is no secret and hides nothing else.
    """

    def __init__(self, cells: Cells, shown: Mapping[CellId, Shown], nests: Nests, quiet: Collection[_Place]) -> None:
        worth = {name: _worth(cell, shown[name]) for name, cell in cells.items()}
        said = tuple(relations(cells, nests))
        self.names = _figures(cells, said, worth)
        self.number = {name: at for at, names in enumerate(self.names) for name in names}
        self.cells = [cells[names[0]] for names in self.names]
        self.worth = [worth[names[0]] for names in self.names]
        self.empty = [not worth[names[0]] and _place(names[0]) in quiet for names in self.names]
        links = {relation: link for relation in said if (link := self._link(relation))}
        first = {link: relation for relation, link in reversed(links.items())}
        self.relations = tuple(first.values())
        self.links = tuple(first)
        self.net = Net(len(self.names), self.links)
        self._known, self._alone = self._look_up()
        self._overlaps: dict[str, Mapping[int, int]] = {}

    def partners(self) -> Sequence[str]:
        """Everybody who has a list of its own, in an order that does not hang on the order of facts."""
        return sorted(self._known)

    def known_to(self, partner: str) -> Mapping[int, int]:
        """Figure -> what the partner contributed to it by its own list; 0 where only others can be in it."""
        return self._known.get(partner, {})

    def alone_in(self, partner: str) -> Collection[int]:
        """The figures of the partner's own activities, to which no other contributed."""
        return self._alone.get(partner, ())

    def overlaps(self, partner: str) -> Mapping[int, int]:
        """Relation -> how often its parts count the partner's own persons more than the whole does."""
        if partner not in self._overlaps:
            own = self.known_to(partner)
            numbers = {number for at in own for number in self.net.as_part[at] if self.relations[number].law == "union"}
            found = {number: self._twice(self.links[number], own) for number in sorted(numbers)}
            self._overlaps[partner] = {number: twice for number, twice in found.items() if twice > 0}
        return self._overlaps[partner]

    def _twice(self, link: Link, own: Mapping[int, int]) -> int:
        twice = sum(own.get(part, 0) for part in link.parts) - own.get(link.whole, 0)
        return twice if twice <= sum(self.worth[part] for part in link.parts) - self.worth[link.whole] else 0

    def _look_up(self) -> tuple[Mapping[str, Mapping[int, int]], Mapping[str, Collection[int]]]:
        known: dict[str, dict[int, int]] = defaultdict(dict)
        alone: dict[str, set[int]] = defaultdict(set)
        for at, cell in enumerate(self.cells):
            if cell.protection == "exempt":
                continue
            for partner, own in cell.own.items():
                known[partner][at] = own
            for partner in cell.others:
                known[partner].setdefault(at, 0)
            for partner in _owners(self.names[at]):
                own = known[partner][at] = cell.own.get(partner, 0)
                if own == self.worth[at]:
                    alone[partner].add(at)
        return dict(known), dict(alone)

    def _link(self, relation: Relation) -> Link | None:
        """None where whole and part are one figure, or a part is not within the whole at all.

        Occupancy leaves out activities without a capacity: who came there is not among those who took a place.
        """
        whole = self.number[relation.whole]
        parts = tuple([self.number[part] for part in relation.parts])
        if parts == (whole,):
            return None
        worth = [self.worth[part] for part in parts]
        gap = sum(worth) - self.worth[whole]
        if relation.law == "sum":
            return Link(whole, parts, most=gap, least=gap)
        if relation.law == "at-most":
            return Link(whole, parts, most=max(0, gap))
        least = min(0, gap) if relation.law in ("union", "covers") else -FREE
        each = max(0, max(worth) - self.worth[whole])
        if relation.law == "within" and each:
            return None
        return Link(whole, parts, least=least, each=each if relation.law in ("union", "within") else FREE)


def webs(cells: Cells, shown: Mapping[CellId, Shown], nests: Nests) -> Iterator[Web]:
    """The families in which somebody can be found; what is told of things alone needs no look."""
    quiet = {_place(cell.id) for cell in cells.values() if cell.id.indicator == "activities" and cell.value == 0}
    families: dict[str, dict[CellId, Cell]] = defaultdict(dict)
    for cell in cells.values():
        families[NATURES[cell.id.indicator].family][cell.id] = cell
    for family in families.values():
        if any(cell.protection == "persons" for cell in family.values()):
            yield Web(family, shown, nests, quiet)


def _figures(cells: Cells, said: Iterable[Relation], worth: Mapping[CellId, int]) -> Sequence[Sequence[CellId]]:
    """Cells that are one figure, together: a whole of one part. In the order of the cells."""
    same = {name: [name] for name in cells}
    for relation in said:
        one, other = same[relation.whole], same[relation.parts[0]]
        equal = len(relation.parts) == 1 and relation.law in ("sum", "union")
        if equal and one is not other and worth[relation.whole] == worth[relation.parts[0]]:
            one.extend(other)
            same.update((name, one) for name in other)
    order = {name: at for at, name in enumerate(cells)}
    groups = {id(names): sorted(names, key=order.__getitem__) for names in same.values()}
    return tuple(groups.values())


def _place(cell: CellId) -> _Place:
    """Where a figure stands. An activity's neighbourhood is the place's, not that of those who came: never the same."""
    by = f"{cell.by} of {cell.indicator}" if cell.by == "neighbourhood" else cell.by
    return cell.period, by, cell.key


def _worth(cell: Cell, shown: Shown) -> int:
    if shown.status == "exact" and shown.value is not None:
        return shown.value
    return cell.value or 0


def _owners(names: Iterable[CellId]) -> Iterator[str]:
    """The partner that alone can contribute to a figure, by one of its keys; as often as it is named."""
    for name in names:
        if name.key and name.by in _OWN_KEYS:
            yield name.key.partition("/")[0]
