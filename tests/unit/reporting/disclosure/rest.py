"""What else is published of a made-up year: professionals, conversion, capacity, head counts, volunteers."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence

from services.reporting.domain.disclosure.cells import Cell, CellId
from tests.unit.reporting.disclosure.years import OF_PERSONS, Place, Tally, Year, every_period, periods

DISTINCT = ("professionals", "conversion#present")


def whole_year(year: Year) -> dict[CellId, Cell]:
    """The tables of people at activities and the rest of them."""
    cells = {**year.cells(), **dict(rest(year))}
    return dict(sorted(cells.items(), key=lambda item: item[0].indicator))


def rest(year: Year) -> Iterator[tuple[CellId, Cell]]:
    """Name and cell."""
    tallies = year.tallies()
    for where in year.names():
        for indicator in DISTINCT:
            name = CellId(indicator, *where)
            if indicator == "professionals" or name.by in ("", "activity"):
                yield name, tallies[name].distinct(name)
        yield from _of_places(year, CellId("visits", *where))
    yield from _volunteers(year)


def _of_places(year: Year, name: CellId) -> Iterator[tuple[CellId, Cell]]:
    """Heads, of nobody in particular; places and those who joined, which are things."""
    if name.by in OF_PERSONS:
        return
    here = [
        place for place in year.places if name.period in periods(place.month) and name.key == place.keys.get(name.by)
    ]
    heads = _heads(here)
    value = sum(heads.values()) if heads else None
    others = {partner: (value or 0) - mine for partner, mine in heads.items()}
    yield name, Cell(name, value, value or 0, others, heads)
    things = {"occupancy#capacity": 20} | ({"conversion#joined": 1} if name.by in ("", "activity") else {})
    for indicator, each in things.items():
        at = name._replace(indicator=indicator)
        yield at, Cell(at, each * len(here), 0, {}, {}, "exempt")


def _heads(places: Sequence[Place]) -> dict[str, int]:
    """Partner -> heads at its meeting places; 0 to 40 each."""
    heads: dict[str, int] = defaultdict(int)
    for place in places:
        if place.keys["kind"] in ("meeting-place", "visit"):
            heads[str(place.keys["partner"])] += random.Random(place.ref).randint(0, 40)  # noqa: S311  -- made up, no secret
    return dict(heads)


def _volunteers(year: Year) -> Iterator[tuple[CellId, Cell]]:
    """Organisation data, but for who they are."""
    tallies = _assigned(year)
    for where in year.names():
        name = CellId("volunteers", *where)
        if name.by in ("", "partner", "partnerKind", "municipality"):
            yield name, Cell(name, len(tallies[name].seen), 0, {}, {}, "exempt")
        elif name.by in OF_PERSONS:
            yield name, tallies[name].distinct(name)


def _assigned(year: Year) -> dict[CellId, Tally]:
    """A third of the persons, from some month on, at one or two partners."""
    tallies: dict[CellId, Tally] = defaultdict(Tally)
    for person in range(0, year.town.persons, 3):
        for partner in sorted({year.partners[person % len(year.partners)], year.partners[person % 2]}):
            for period in every_period():
                if person % 12 < _last_month(period):
                    for by, key in _keys(year, person, partner):
                        tallies[CellId("volunteers", period, by, key)].add(person, partner, 1)
    return tallies


def _keys(year: Year, person: int, partner: str) -> Iterator[tuple[str, str | None]]:
    yield from (("", None), ("partner", partner), *year.of_partner(partner).items(), *year.homes[person].items())


def _last_month(period: str) -> int:
    _, _, part = period.partition("-")
    if part.startswith("Q"):
        return 3 * int(part[1:])
    return int(part) if part else 12
