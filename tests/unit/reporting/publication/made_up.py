"""A year of made-up facts of every kind, some of other years and of nobody's partner among them."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from services.reporting.domain.facts import (
    Activity,
    Assignment,
    Attendance,
    HeadCount,
    Joining,
    Member,
    Outreach,
    Partner,
    Signup,
)
from services.reporting.domain.periods import calendar_period
from services.reporting.usecases.published_rows import PublishedRows

YEAR = calendar_period("2024")
PARTNERS = (
    Partner("avedan", "Avedan", "partner", "GM0141", date(2019, 1, 1)),
    Partner("scoop", "Scoop", "chain-partner", "GM0141", date(2024, 4, 1), date(2024, 9, 1)),
    Partner("unknown"),
)
HOMES, BANDS = ("Centrum", "Noord", None), ("65-74", "85+", None)


class MadeUp:
    """Facts by source, as they are loaded for a year."""

    def __init__(self, seed: int, activities: int = 14, people: int = 40, guests: int = 16) -> None:
        self._random = random.Random(seed)  # noqa: S311  -- made-up people, no secret
        self._people = people
        held = [self._activity(number) for number in range(activities)]
        came = [fact for activity in held for fact in self._came(activity, guests)]
        self.facts: dict[str, Sequence[Any]] = {
            "activities": held,
            "attendances": came,
            "first-attendances": came,
            "signups": [self._signup(fact) for fact in came if self._often(0.7)],
            "head-counts": [HeadCount(one, self._random.choice((None, 0, 7, 30))) for one in held if self._often(0.5)],
            "conversions": [*came, *(Joining(one) for one in held for _ in range(self._random.randint(0, 2)))],
            "outreach": [self._outreach() for _ in range(8)],
            "assignments": [self._assignment(number) for number in range(15)],
            "members": [self._member() for _ in range(9)],
            "partners": PARTNERS,
        }
        self.rows = PublishedRows(self.read, {partner.partner_id: partner for partner in PARTNERS[:2]}, ["Zuid"])

    def read(self, source: str) -> Sequence[Any]:
        """The facts of a source."""
        return self.facts[source]

    def _often(self, share: float) -> bool:
        return self._random.random() < share

    def _day(self) -> date:
        return YEAR.first + timedelta(days=self._random.randrange(366))

    def _activity(self, number: int) -> Activity:
        pick, partner = self._random.choice, self._random.choice(PARTNERS)
        series = pick((None, f"{partner.partner_id}/s1"))
        ref, kind, goal = f"{partner.partner_id}/a{number}", pick(("bingo", "walk")), pick(("awareness", "initiative"))
        place, capacity = pick(HOMES), pick((None, 0, 20))
        return Activity(
            ref, partner, self._day(), kind, goal, ref, series, place, capacity, cancelled=self._often(0.15)
        )

    def _came(self, activity: Activity, guests: int) -> list[Attendance]:
        return [self._attendance(activity, number) for number in self._random.sample(range(self._people), guests)]

    def _attendance(self, activity: Activity, number: int) -> Attendance:
        role = self._random.choice(("participant", "participant", "professional", "volunteer"))
        outcome = self._random.choice(("present", "present", "present", "absent", "excused", "void"))
        first = YEAR.first + timedelta(days=number * 11 - 60)
        home, band = HOMES[number % 3], BANDS[number % 2]
        size = self._random.randint(1, 2)
        return Attendance(activity, f"pid-{number}", role, outcome, size, band, home, first)

    def _signup(self, fact: Attendance) -> Signup:
        status = self._random.choice(("confirmed", "confirmed", "waitlisted", "withdrawn"))
        return Signup(
            fact.activity, fact.role, status, fact.pid, fact.party_size, fact.age_band, fact.neighbourhood, fact.outcome
        )

    def _outreach(self) -> Outreach:
        pick = self._random.choice
        given, personal = pick((None, 40)), pick((None, 10))
        return Outreach(pick(PARTNERS), pick(("cards", "stand")), "awareness", self._day(), None, given, personal)

    def _assignment(self, number: int) -> Assignment:
        first = self._day()
        last = self._random.choice((None, first + timedelta(days=60), first - timedelta(days=1)))
        return Assignment(PARTNERS[number % 3], f"pid-{number % 12}", first, last, None, "65-74", HOMES[number % 3])

    def _member(self) -> Member:
        joined = YEAR.first + timedelta(days=self._random.randrange(-90, 366))
        return Member(self._random.choice(PARTNERS), "professional", joined, self._random.choice((None, YEAR.last)))
