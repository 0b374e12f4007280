"""What the public and each partner know of every cell before they calculate.

A limit counts while it is true of the value as it is now: what was published of an open year says little of its end.
"""

from collections.abc import Mapping

from services.reporting.domain.disclosure.bounds import FAR, Intervals
from services.reporting.domain.disclosure.cells import HIDDEN, NOT_APPLICABLE, CellId, Shown
from services.reporting.domain.disclosure.rules import THRESHOLD, bounds_of, too_few
from services.reporting.domain.disclosure.web import Part, Web

ShownCells = Mapping[CellId, Shown]


def public_view(web: Web, shown: ShownCells, earlier: ShownCells) -> Intervals:
    """Everything that is printed, now and before, and what follows from it."""
    starts = [start(web, at, shown, earlier) for at in range(len(web.names))]
    return Intervals(web.net, [low for low, _ in starts], [high for _, high in starts])


def start(web: Web, at: int, shown: ShownCells, earlier: ShownCells) -> tuple[int, int]:
    """What is printed of one figure, under all its names, or what its being hidden says."""
    worth, now = web.worth[at], [shown[name] for name in web.names[at]]
    if web.empty[at] or NOT_APPLICABLE in now:
        return worth, worth
    before = [earlier[name] for name in web.names[at] if name in earlier]
    limits = [bounds for said in (*now, *before) if (bounds := bounds_of(said))]
    if HIDDEN in now and too_few(web.cells[at]):
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
    for part in web.known_to(partner):
        low, high = _limits(web, part, shown, public)
        if low <= web.worth[part.at] <= high:
            view.at_least(part.at, low)
            view.at_most(part.at, high)
    for number, twice in web.overlaps(partner).items():
        view.overlap(number, twice)
    view.settle()
    return view


def _limits(web: Web, part: Part, shown: ShownCells, public: Intervals) -> tuple[int, int]:
    if part.alone:
        return part.own, part.own
    if all(shown[name] == HIDDEN for name in web.names[part.at]):
        return _limits_of_hidden(web, part)
    # Shown, so the others are nobody, or 10 and more.
    next_above = part.own + THRESHOLD
    if web.worth[part.at] == part.own:
        return part.own, part.own if public.high[part.at] < next_above else FAR
    return (next_above if public.low[part.at] > part.own else part.own), FAR


def _limits_of_hidden(web: Web, part: Part) -> tuple[int, int]:
    cell = web.cells[part.at]
    if too_few(cell) or not 0 < part.others < THRESHOLD:
        return part.own, FAR
    enough_alone = cell.persons - part.others >= THRESHOLD  # with nobody else in it, it would have been shown
    most = part.own + THRESHOLD - 1
    return part.own + enough_alone, most if most >= web.worth[part.at] else FAR
