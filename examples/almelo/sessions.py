"""Who is at which session, and as what: plans, not yet events."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from examples.almelo.envelope import Data, local
from examples.almelo.people import Crowd, Person, Population
from examples.almelo.programme import CALLED_OFF, MOVED_FROM, MOVED_TO, NEW_YEAR, PLACES, ROWS, CalledOff, Kind, Row

HOSTS_PER_PARTNER = 4


@dataclass
class Session:
    """One activity and its people. `signed` are those who signed up and came; `guests` are the parties of two."""

    partner: str
    activity_id: str
    starts: datetime
    ends: datetime
    activity: Data
    role: str = "participant"
    signed: list[Person] = field(default_factory=list)
    guests: list[Person] = field(default_factory=list)
    walk_ins: list[Person] = field(default_factory=list)
    absent: list[Person] = field(default_factory=list)
    excused: list[Person] = field(default_factory=list)
    unrecorded: list[Person] = field(default_factory=list)
    withdrawn: list[Person] = field(default_factory=list)
    waiting: list[Person] = field(default_factory=list)
    hosts: list[Person] = field(default_factory=list)
    moved_from: Data | None = None
    called_off: str | None = None

    def everybody(self) -> list[Person]:
        """All whom the partner gets to know here."""
        signed_up = self.signed + self.absent + self.excused + self.unrecorded + self.withdrawn + self.waiting
        return signed_up + self.walk_ins + self.hosts


def activity_data(kind: Kind, partner: str, activity_id: str, day: date, capacity: int | None) -> Data:
    """The data of `activity-scheduled`, at the kind's hours."""
    place, neighbourhood = PLACES[partner]
    location = {"name": place} | ({"neighbourhood": neighbourhood} if neighbourhood else {})
    data: Data = {
        "activityId": activity_id,
        "title": kind.title,
        "kind": kind.code,
        "goal": "initiative",
        "startsAt": local(day, kind.hours[0]).isoformat(),
        "endsAt": local(day, kind.hours[1]).isoformat(),
        "location": location,
        "participation": kind.participation,
    }
    if capacity is not None:
        data["capacity"] = capacity
    if kind.closes:
        data["signupClosesAt"] = local(day - timedelta(days=1), "12:00").isoformat()
    return data


class Planner:
    """Deals a year's people over its sessions, block by block, going round."""

    def __init__(self, rng: random.Random, crowd: Crowd, people: Population) -> None:
        self._rng = rng
        self._people = people
        partners = sorted({partner for row in ROWS if row.kind.hosts for partner in row.kind.partners})
        self._hosts = {partner: crowd.by_weight(HOSTS_PER_PARTNER, "v") for partner in partners}

    def sessions(self) -> list[Session]:
        """All sessions that took place, in order of their days, then those that were called off."""
        held = [(row, turn) for row in ROWS for turn in range(len(row.days))]
        held.sort(key=lambda pair: (pair[0].year, pair[0].days[pair[1]]))
        never_came = {year: iter(people) for year, people in self._people.never_came.items()}
        planned = [self._held(row, turn, never_came[row.year]) for row, turn in held]
        return planned + [self._called_off(session) for session in CALLED_OFF]

    def _held(self, row: Row, turn: int, never_came: Iterator[Person]) -> Session:
        session = _empty(row, turn)
        block, turnout = self._block(row.year, row.block), row.turnout
        here = [block[(turn * turnout.present + n) % len(block)] for n in range(turnout.present)]
        cut = turnout.present - turnout.walk_in
        session.signed, session.walk_ins = here[:cut], here[cut:]
        session.guests = self._rng.sample(session.signed, turnout.parties)
        spare = self._spare(block, here)
        stay_away = list(islice(never_came, turnout.absent if len(block) > len(here) else 0))
        session.absent = stay_away + spare[: turnout.absent - len(stay_away)]
        rest = iter(spare[turnout.absent - len(stay_away) :])
        for group, count in (
            (session.excused, turnout.excused),
            (session.unrecorded, turnout.unrecorded),
            (session.withdrawn, turnout.withdrawn),
            (session.waiting, turnout.waiting),
        ):
            group.extend(next(rest) for _ in range(count))
        session.hosts = self._rng.sample(self._hosts.get(session.partner, []), row.kind.hosts)
        return session

    def _spare(self, block: list[Person], here: list[Person]) -> list[Person]:
        """Those of the block who are not at this session, shuffled; the block of six has two people of its own."""
        others = [person for person in block if person not in here] or list(self._people.two_of_heracles)
        self._rng.shuffle(others)
        return others

    def _called_off(self, plan: CalledOff) -> Session:
        activity_id = f"{plan.kind.code}-{plan.day}"
        data = activity_data(plan.kind, plan.partner, activity_id, plan.day, plan.capacity)
        starts, ends = (local(plan.day, clock) for clock in plan.kind.hours)
        session = Session(plan.partner, activity_id, starts, ends, data, called_off=plan.reason)
        session.unrecorded = self._rng.sample(self._block(plan.day.year, plan.block), plan.signups)
        return session

    def _block(self, year: int, block: tuple[int, int]) -> list[Person]:
        return self._people.participants[year][block[0] - 1 : block[1]]


def _empty(row: Row, turn: int) -> Session:
    """The session's activity; two walks of 2024 are special."""
    partner, day = row.kind.partners[turn % len(row.kind.partners)], row.days[turn]
    activity_id = f"{row.kind.code}-{day}"
    data = activity_data(row.kind, partner, activity_id, day, row.capacity)
    starts, ends = (local(day, clock) for clock in row.kind.hours)
    if day == NEW_YEAR:
        starts, ends = local(day, "00:15"), local(day, "01:30")
        data |= {"title": "Nieuwjaarswandeling", "startsAt": starts.isoformat(), "endsAt": ends.isoformat()}
    if day != MOVED_FROM:
        return Session(partner, activity_id, starts, ends, data)
    starts, ends = (local(MOVED_TO, clock) for clock in row.kind.hours)
    moved = data | {"startsAt": starts.isoformat(), "endsAt": ends.isoformat()}
    return Session(partner, activity_id, starts, ends, moved, moved_from=data)
