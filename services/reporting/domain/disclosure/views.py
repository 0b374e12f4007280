"""What the public and each partner know of every cell before they calculate.

A limit counts while it is true of the value as it is now: what was published of an open year says little of its end.
"""

from collections.abc import Iterable, Iterator, Mapping

from services.reporting.domain.disclosure.bounds import Intervals
from services.reporting.domain.disclosure.cells import CellId, Shown
from services.reporting.domain.disclosure.net import FAR
from services.reporting.domain.disclosure.rules import THRESHOLD, bounds_of, too_few
from services.reporting.domain.disclosure.web import Web

ShownCells = Mapping[CellId, Shown]


def public_view(web: Web, shown: ShownCells, earlier: ShownCells) -> Intervals:
    """Everything that is printed, now and before, and what follows from it."""
    starts = [start(web, at, shown, earlier) for at in range(len(web.names))]
    return Intervals(web.net, [low for low, _ in starts], [high for _, high in starts])


def start(web: Web, at: int, shown: ShownCells, earlier: ShownCells) -> tuple[int, int]:
    """What is printed of one figure, under all its names, or what its being hidden says."""
    worth, low, high = web.worth[at], 0, FAR
    if web.empty[at]:
        return worth, worth
    for name in web.names[at]:
        said = shown[name]
        if said.status == "not-applicable":
            return worth, worth
        for least, most in _told(said, earlier.get(name), few=too_few(web.cells[at])):
            low = least if low < least <= worth else low
            high = most if worth <= most < high else high
    return low, high


def _told(said: Shown, before: Shown | None, *, few: bool) -> Iterator[tuple[int, int]]:
    """The limits that a figure's being shown or hidden tells, and those of an earlier publication."""
    if said.status == "hidden" and few:
        yield 0, THRESHOLD - 1
    for each in (said, before):
        if each is not None and (limits := bounds_of(each)):
            yield limits


def told_before(web: Web, at: int, earlier: ShownCells) -> bool:
    """An earlier publication says of it, still truly, all that a shown figure says: it is no secret any more."""
    limits = [bounds for name in web.names[at] if name in earlier and (bounds := bounds_of(earlier[name]))]
    return any(low <= web.worth[at] <= high for low, high in limits)


def partner_view(web: Web, public: Intervals, shown: ShownCells, partner: str) -> Intervals:
    """The same, for a partner that takes its own list away and knows by which rules others' cells are hidden."""
    view = public.copy()
    alone, worth = web.alone_in(partner), web.worth
    for at, own in web.known_to(partner).items():
        low, high = (own, own) if at in alone else _limits(web, at, own, partner, shown, public)
        if low <= worth[at] <= high:
            view.at_least(at, low)
            view.at_most(at, high)
    for number, twice in web.overlaps(partner).items():
        view.overlap(number, twice)
    view.settle()
    return view


def _limits(web: Web, at: int, own: int, partner: str, shown: ShownCells, public: Intervals) -> tuple[int, int]:
    if _hidden_everywhere(web.names[at], shown):
        return _limits_of_hidden(web, at, own, partner)
    # Shown, so the others are nobody, or 10 and more.
    next_above = own + THRESHOLD
    if web.worth[at] == own:
        return own, own if public.high[at] < next_above else FAR
    return (next_above if public.low[at] > own else own), FAR


def _hidden_everywhere(names: Iterable[CellId], shown: ShownCells) -> bool:
    return not [name for name in names if shown[name].status != "hidden"]


def _limits_of_hidden(web: Web, at: int, own: int, partner: str) -> tuple[int, int]:
    cell = web.cells[at]
    others = cell.others.get(partner, cell.persons)
    if not 0 < others < THRESHOLD or too_few(cell):
        return own, FAR
    enough_alone = cell.persons - others >= THRESHOLD  # with nobody else in it, it would have been shown
    most = own + THRESHOLD - 1
    return own + enough_alone, most if most >= web.worth[at] else FAR
