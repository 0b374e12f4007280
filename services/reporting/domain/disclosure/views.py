"""What the public and each partner know of every cell before they calculate.

A limit counts while it is true of the value as it is now: what was published of an open year says little of its end.
"""

from collections.abc import Mapping

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
    worth, now = web.worth[at], [shown[name] for name in web.names[at]]
    statuses = [said.status for said in now]
    if web.empty[at] or "not-applicable" in statuses:
        return worth, worth
    before = [earlier[name] for name in web.names[at] if name in earlier]
    limits = [bounds for said in (*now, *before) if (bounds := bounds_of(said))]
    if "hidden" in statuses and too_few(web.cells[at]):
        limits.append((0, THRESHOLD - 1))
    low = max((low for low, _ in limits if low <= worth), default=0)
    high = min((high for _, high in limits if high >= worth), default=FAR)
    return low, high


def told_before(web: Web, at: int, earlier: ShownCells) -> bool:
    """An earlier publication says of it, still truly, all that a shown figure says: it is no secret any more."""
    limits = [bounds for name in web.names[at] if name in earlier and (bounds := bounds_of(earlier[name]))]
    return any(low <= web.worth[at] <= high for low, high in limits)


def partner_view(web: Web, public: Intervals, shown: ShownCells, partner: str) -> Intervals:
    """The same, for a partner that takes its own list away and knows by which rules others' cells are hidden."""
    view = public.copy()
    for at, own in web.known_to(partner).items():
        low, high = _limits(web, at, own, partner, shown, public)
        if low <= web.worth[at] <= high:
            view.at_least(at, low)
            view.at_most(at, high)
    for number, twice in web.overlaps(partner).items():
        view.overlap(number, twice)
    view.settle()
    return view


def _limits(web: Web, at: int, own: int, partner: str, shown: ShownCells, public: Intervals) -> tuple[int, int]:
    if at in web.alone_in(partner):
        return own, own
    if all(shown[name].status == "hidden" for name in web.names[at]):
        return _limits_of_hidden(web, at, own, partner)
    # Shown, so the others are nobody, or 10 and more.
    next_above = own + THRESHOLD
    if web.worth[at] == own:
        return own, own if public.high[at] < next_above else FAR
    return (next_above if public.low[at] > own else own), FAR


def _limits_of_hidden(web: Web, at: int, own: int, partner: str) -> tuple[int, int]:
    cell = web.cells[at]
    others = cell.others.get(partner, cell.persons)
    if not 0 < others < THRESHOLD or too_few(cell):
        return own, FAR
    enough_alone = cell.persons - others >= THRESHOLD  # with nobody else in it, it would have been shown
    most = own + THRESHOLD - 1
    return own + enough_alone, most if most >= web.worth[at] else FAR
