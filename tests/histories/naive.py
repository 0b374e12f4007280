"""Every indicator counted one by one: the words of contract section 5 over the events of a log, and nothing clever.

It shares no code with reporting. A row of a table is not grouped but counted anew, as a question about its keys alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Final, NamedTuple

from tests.histories.naive_world import Key, Thing, World, labels

Filters = Mapping[str, Sequence[str]]
UNKNOWN = "onbekend"
TIMES = ("month", "quarter", "year")
_WEAKER = ("exact", "more-than", "over", "about")
_ORDER: Final[Mapping[str, str]] = {
    "kind": "bingo walk visit meal meeting-place congress course sport "
    "cards flowers easter-eggs lights stand campaign other organisation professional",
    "goal": "awareness initiative local-approach",
    "ageBand": "0-17 18-34 35-49 50-64 65-74 75-84 85+",
    "partnerKind": "partner chain-partner",
}
"""Code lists in the contract's order; no indicator mixes two of the lists of kinds."""


class Counted(NamedTuple):
    """A figure; `found`: is there anything that is data for it, so that its key appears?"""

    found: bool
    value: int | float | None
    precision: str = "exact"


class Line(NamedTuple):
    """A row of a table, or its total, which has no keys."""

    keys: tuple[Key, ...]
    value: int | float | None
    status: str
    precision: str


@dataclass(frozen=True)
class Corner:
    """The part of the world that a figure is about: days, both included, and keys that things must have."""

    world: World
    first: date
    last: date
    filters: Filters
    keys: Mapping[str, Key]

    def on(self, noun: str) -> list[Thing]:
        """What falls on these days."""
        return [t for t in self.world.things.get(noun, ()) if self.first <= t.first <= self.last and self._wanted(t)]

    def standing(self, noun: str) -> list[Thing]:
        """What holds on the last of these days."""
        return [t for t in self.world.things.get(noun, ()) if t.first <= self.last <= t.last and self._wanted(t)]

    def came(self, *roles: str) -> list[Thing]:
        """Recorded presences."""
        return [t for t in self.on("attendance") if t.said["outcome"] == "present" and t.said["role"] in roles]

    def asked_for(self, *statuses: str) -> list[Thing]:
        """Sign-ups of participants."""
        return [t for t in self.on("signup") if t.said["role"] == "participant" and t.said["status"] in statuses]

    def _wanted(self, thing: Thing) -> bool:
        if any(thing.keys[name] != key for name, key in self.keys.items()):
            return False
        return all((thing.keys[name] or UNKNOWN) in allowed for name, allowed in self.filters.items())


def _takes_place(thing: Thing) -> bool:
    return bool(thing.said["plan"]["status"] != "cancelled")


def _people(things: Sequence[Thing]) -> set[str]:
    return {thing.said["pid"] for thing in things}


def _number(things: Sequence[Thing]) -> Counted:
    return Counted(bool(things), len(things))


def _persons(things: Sequence[Thing]) -> Counted:
    return Counted(bool(things), len(_people(things)))


def _sizes(things: Sequence[Thing]) -> Counted:
    return Counted(bool(things), sum(thing.said["partySize"] for thing in things))


def _newcomers(corner: Corner) -> set[str]:
    people = _people(corner.came("participant"))
    return {who for who in people if corner.first <= corner.world.first_visits[who] <= corner.last}


def _new(corner: Corner) -> Counted:
    return Counted(bool(corner.came("participant")), len(_newcomers(corner)))


def _returning(corner: Corner) -> Counted:
    people = _people(corner.came("participant"))
    return Counted(bool(people), len(people - _newcomers(corner)))


def _sum(things: Sequence[Thing], name: str, precision: str = "") -> Counted:
    """Null where nobody counted."""
    counted = [thing.said for thing in things if thing.said[name] is not None]
    if not counted:
        return Counted(False, None)
    weakest = max((said[precision] if precision else "exact" for said in counted), key=_WEAKER.index)
    return Counted(True, sum(said[name] for said in counted), weakest)


def _percent(found: bool, part: int, whole: int) -> Counted:
    """One decimal, half up: the largest number of tenths that is no more than half a tenth too much."""
    if whole == 0:
        return Counted(found, None)
    tenths = 0
    while (2 * tenths + 1) * whole <= 2000 * part:
        tenths += 1
    return Counted(found, tenths / 10)


def _no_show(corner: Corner) -> Counted:
    told = [
        corner.world.outcomes.get((thing.said["activity"], thing.said["pid"], "participant"))
        for thing in corner.asked_for("confirmed")
        if _takes_place(thing)
    ]
    absent, present = told.count("absent"), told.count("present")
    return _percent(absent + present > 0, absent, absent + present)


def _occupancy(corner: Corner) -> Counted:
    """A fact that was taken back is no recorded attendance; any other is, of whoever."""
    capacities, taken = {}, 0
    for thing in corner.on("attendance"):
        capacity = thing.said["plan"]["capacity"]
        if capacity is None or thing.said["outcome"] == "void" or not _takes_place(thing):
            continue
        capacities[thing.said["activity"]] = capacity
        if thing.said["outcome"] == "present" and thing.said["role"] in ("participant", "professional"):
            taken += thing.said["partySize"]
    return _percent(bool(capacities), taken, sum(capacities.values()))


def _conversion(corner: Corner) -> Counted:
    joined, people = corner.on("joining"), corner.came("participant", "professional")
    return _percent(bool(joined or people), len(joined), len(_people(people)))


class Definition(NamedTuple):
    """`nouns`: whose keys a table may have rows for."""

    nouns: tuple[str, ...]
    counted: Callable[[Corner], Counted]


DEFINITIONS: Final[Mapping[str, Definition]] = {
    "activities": Definition(("activity",), lambda c: _number([t for t in c.on("activity") if _takes_place(t)])),
    "participants": Definition(("attendance",), lambda c: _persons(c.came("participant"))),
    "professionals": Definition(("attendance",), lambda c: _persons(c.came("professional"))),
    "attendances": Definition(("attendance",), lambda c: _sizes(c.came("participant"))),
    "visits": Definition(("visits",), lambda c: _sum(c.on("visits"), "value")),
    "signups": Definition(("signup",), lambda c: _sizes(c.asked_for("confirmed", "waitlisted"))),
    "unmet-demand": Definition(("signup",), lambda c: _sizes(c.asked_for("waitlisted"))),
    "no-show-rate": Definition(("signup",), _no_show),
    "occupancy": Definition(("attendance",), _occupancy),
    "new-participants": Definition(("attendance",), _new),
    "returning-participants": Definition(("attendance",), _returning),
    "volunteers": Definition(("assignment",), lambda c: _persons(c.standing("assignment"))),
    "partners": Definition(("partner",), lambda c: _number(c.standing("partner"))),
    "members": Definition(("member",), lambda c: _number(c.standing("member"))),
    "members-joined": Definition(("member",), lambda c: _number([t for t in c.on("member") if t.first <= t.last])),
    "conversion": Definition(("attendance", "joining"), _conversion),
    "outreach-actions": Definition(("outreach",), lambda c: _number(c.on("outreach"))),
    "outreach-items": Definition(("outreach",), lambda c: _sum(c.on("outreach"), "quantity", "precision")),
    "outreach-personalised": Definition(
        ("outreach",), lambda c: _sum(c.on("outreach"), "personalised", "personalisedPrecision")
    ),
}


def table(
    world: World, code: str, days: tuple[date, date], filters: Filters, group_by: Sequence[str]
) -> tuple[Line, list[Line]]:
    """The total and the rows of an indicator, in code-list order, else by key, what is unknown last."""
    definition = DEFINITIONS[code]
    total = _line((), definition.counted(Corner(world, *days, filters, {})))
    units = tuple(name for name in TIMES if name in group_by)
    names = [name for name in group_by if name not in TIMES]
    things = [thing for noun in definition.nouns for thing in world.things.get(noun, ())]
    combinations = {tuple(thing.keys[name] for name in names) for thing in things}
    lines = []
    for (first, last), values in product(_stretches(units, *days), combinations if group_by else ()):
        keys = dict(zip(names, values, strict=True))
        counted = definition.counted(Corner(world, first, last, filters, keys))
        if counted.found:
            lines.append(_line(tuple((labels(first) | keys)[name] for name in group_by), counted))
    return total, sorted(lines, key=lambda line: [_place(*pair) for pair in zip(group_by, line.keys, strict=True)])


@cache
def _stretches(units: tuple[str, ...], first: date, last: date) -> Sequence[tuple[date, date]]:
    """The months, quarters or years of the period, whichever is asked for and shortest; without, the period itself."""
    begin, found = first, []
    for day in (first + timedelta(number) for number in range((last - first).days + 1)):
        tomorrow = day + timedelta(1)
        if day == last or (units and labels(day)[units[0]] != labels(tomorrow)[units[0]]):
            found.append((begin, day))
            begin = tomorrow
    return found


def _line(keys: tuple[Key, ...], counted: Counted) -> Line:
    return Line(keys, counted.value, "not-applicable" if counted.value is None else "exact", counted.precision)


def _place(name: str, key: Key) -> tuple[bool, int, str]:
    codes = _ORDER.get(name, "").split()
    return key is None, codes.index(key) if key in codes else 0, key or ""
