"""Made-up years: who was where, told as the cells of all tables that are published of it."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import NamedTuple

from services.reporting.domain.disclosure.cells import Cell, CellId
from services.reporting.domain.disclosure.relations import Nests

YEAR = "2024"
KINDS = ("bingo", "walk", "visit", "meal", "meeting-place", "congress", "course", "sport", "other")
GOALS = ("awareness", "initiative", "local-approach")
AGE_BANDS = ("0-17", "18-34", "35-49", "50-64", "65-74", "75-84", "85+")
PARTNER_KINDS = ("partner", "chain-partner")
MUNICIPALITIES = ("GM0141", "GM0164")
OF_PERSONS = ("ageBand", "neighbourhood")
SUMS = ("attendances", "signups", "no-show-rate#absent", "no-show-rate#known", "occupancy#present", "unmet-demand")


class Place(NamedTuple):
    """An activity."""

    ref: str
    month: int
    keys: Mapping[str, str | None]


class Visit(NamedTuple):
    """One person at one activity."""

    place: Place
    person: int
    size: int
    outcome: str
    role: str

    def shares(self) -> Mapping[str, int]:
        """What it adds to each number."""
        there = {"occupancy#present": self.size, "conversion#present": 1} if self.outcome == "present" else {}
        if self.role == "professional":
            return {**there, "professionals": 1} if there else {}
        came = {**there, "attendances": self.size} if there else {"no-show-rate#absent": 1}
        return {**came, "signups": self.size, "no-show-rate#known": 1}


@dataclass(slots=True)
class Tally:
    """One cell while it is counted: person -> partners at which that person is in it, partner -> its share of a sum."""

    seen: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    shares: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, person: int, partner: str, worth: int) -> None:
        self.seen[person].add(partner)
        self.shares[partner] += worth

    def distinct(self, name: CellId) -> Cell:
        own = {q: sum(q in at for at in self.seen.values()) for q in self.shares}
        count = len(self.seen)
        return Cell(name, count, count, {q: count - mine for q, mine in own.items()}, own)

    def summed(self, name: CellId) -> Cell:
        others = {q: sum(len(at) > (q in at) for at in self.seen.values()) for q in self.shares}
        return Cell(name, sum(self.shares.values()), len(self.seen), others, dict(self.shares))


@dataclass(frozen=True, slots=True)
class Town:
    """How big the made-up municipality is."""

    activities: int = 60
    partners: int = 5
    series: int = 6
    neighbourhoods: int = 4
    persons: int = 150
    guests: int = 14
    sums: Sequence[str] = SUMS


def periods(month: int) -> tuple[str, str, str]:
    return f"{YEAR}-{month:02}", f"{YEAR}-Q{(month + 2) // 3}", YEAR


def every_period() -> tuple[str, ...]:
    return (YEAR, *(f"{YEAR}-Q{q}" for q in range(1, 5)), *(f"{YEAR}-{m:02}" for m in range(1, 13)))


class Year:
    """A year of visits, and its cells."""

    def __init__(self, seed: int, town: Town) -> None:
        self.random, self.town = random.Random(seed), town  # noqa: S311  -- made-up people, no secret
        self.partners = tuple(f"p{number}" for number in range(town.partners))
        self.series = {f"{self.partners[n % town.partners]}/s{n}": self._plan() for n in range(town.series)}
        self.places = tuple(self._place(number) for number in range(town.activities))
        self.homes = [self._home() for _ in range(town.persons)]
        self.visits = tuple(self._visits())
        self.first = self._first()

    def _plan(self) -> tuple[str, str]:
        return self.random.choice(KINDS), self.random.choice(GOALS)

    def _place(self, number: int) -> Place:
        series = self.random.choice((None, *self.series))
        partner = series.partition("/")[0] if series else self.random.choice(self.partners)
        kind, goal = self.series[series] if series else self._plan()
        ref = f"{partner}/a{number}"
        keys = {"kind": kind, "goal": goal, "partner": partner, "series": series, "activity": ref}
        return Place(ref, self.random.randint(1, 12), {**keys, **self.of_partner(partner)})

    def of_partner(self, partner: str) -> Mapping[str, str]:
        """Every second partner is of the other municipality, every third is a chain partner."""
        number = self.partners.index(partner)
        return {"partnerKind": PARTNER_KINDS[number % 3 == 2], "municipality": MUNICIPALITIES[number % 2]}

    def _home(self) -> Mapping[str, str]:
        near = self.random.choices(range(self.town.neighbourhoods), weights=range(self.town.neighbourhoods, 0, -1))[0]
        band = self.random.choices(AGE_BANDS, weights=(1, 2, 2, 4, 9, 9, 3))[0]
        return {"neighbourhood": f"BU{near:02}", "ageBand": band}

    def _visits(self) -> Iterator[Visit]:
        regulars = {
            partner: self.random.sample(range(self.town.persons), self.town.persons // 3) for partner in self.partners
        }
        for place in self.places:
            count = min(int(self.random.expovariate(1 / self.town.guests)) + 1, self.town.persons // 3)
            for person in self.random.sample(regulars[str(place.keys["partner"])], count):
                outcome = "absent" if self.random.random() < 0.1 else "present"
                role = "professional" if place.keys["kind"] == "congress" and person % 2 else "participant"
                yield Visit(place, person, 1 + (self.random.random() < 0.1), outcome, role)

    def _first(self) -> Mapping[int, int]:
        """Person -> month of the first visit ever; 0: before the year."""
        first: dict[int, int] = {}
        for visit in self.visits:
            if "attendances" in visit.shares():
                first[visit.person] = min(first.get(visit.person, 12), visit.place.month)
        return {person: 0 if person % 3 == 0 else month for person, month in first.items()}

    def until(self, month: int) -> "Year":
        """The same year as it is known at the end of a month."""
        sooner = copy(self)
        sooner.places = tuple(place for place in self.places if place.month <= month)
        sooner.visits = tuple(visit for visit in self.visits if visit.place.month <= month)
        return sooner

    def nests(self) -> Nests:
        """What everybody can look up of activities and partners."""
        coarse = ("kind", "goal", "series", "partnerKind", "municipality")
        of_activities = {("activity", place.ref): {by: place.keys[by] for by in coarse} for place in self.places}
        of_partners = {("partner", partner): self.of_partner(partner) for partner in self.partners}
        return {**of_activities, **of_partners}

    def cells(self) -> dict[CellId, Cell]:
        """Every cell of the tables of people at activities, rows without anybody included."""
        tallies = self.tallies()
        cells: dict[CellId, Cell] = {}
        for name in self.names():
            base = CellId("attendances", *name)
            cells.update(self._of_persons(tallies, base))
            for indicator in self.town.sums:
                at = base._replace(indicator=indicator)
                if base.by not in OF_PERSONS or not indicator.startswith("occupancy"):
                    cells[at] = tallies[at].summed(at)
            cells.update(self._things(base))
        return dict(sorted(cells.items(), key=lambda item: item[0].indicator))

    def _of_persons(self, tallies: Mapping[CellId, Tally], base: CellId) -> Iterator[tuple[CellId, Cell]]:
        everybody = tallies[base]
        for indicator in ("participants", "new-participants", "returning-participants"):
            name, tally = base._replace(indicator=indicator), Tally()
            for person, at in everybody.seen.items():
                new = self.first[person] and base.period in periods(self.first[person])
                if indicator == "participants" or bool(new) == (indicator == "new-participants"):
                    for partner in at:
                        tally.add(person, partner, 1)
            yield name, tally.distinct(name)

    def _things(self, base: CellId) -> Iterator[tuple[CellId, Cell]]:
        if base.by in OF_PERSONS:
            return
        name = base._replace(indicator="activities")
        found = [
            p for p in self.places if base.period in periods(p.month) and (not base.by or p.keys[base.by] == base.key)
        ]
        yield name, Cell(name, len(found), 0, {}, {}, "exempt")

    def tallies(self) -> Mapping[CellId, Tally]:
        tallies: dict[CellId, Tally] = defaultdict(Tally)
        for visit in self.visits:
            for period in periods(visit.place.month):
                for by, key in (("", None), *visit.place.keys.items(), *self.homes[visit.person].items()):
                    for indicator, worth in visit.shares().items():
                        tallies[CellId(indicator, period, by, key)].add(
                            visit.person, str(visit.place.keys["partner"]), worth
                        )
        return tallies

    def names(self) -> Iterator[tuple[str, str, str | None]]:
        homes = tuple(f"BU{near:02}" for near in range(self.town.neighbourhoods))
        lists: Sequence[tuple[str, Sequence[str | None]]] = (
            *(
                ("kind", KINDS),
                ("goal", GOALS),
                ("partner", self.partners),
                ("partnerKind", PARTNER_KINDS),
            ),
            *(("municipality", MUNICIPALITIES), ("series", (*self.series, None))),
            *(("neighbourhood", (*homes, None)), ("ageBand", (*AGE_BANDS, None))),
        )
        for period in every_period():
            yield period, "", None
            for by, keys in lists:
                yield from ((period, by, key) for key in keys)
            yield from ((period, "activity", place.ref) for place in self.places if period in periods(place.month))
