"""What can be asked of each kind of fact: the days on which it counts, and its dimensions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, Protocol, TypeVar

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
from services.reporting.domain.periods import UNITS, Period

Fact = TypeVar("Fact")
Key = str | None
"""Null: the fact does not say ("onbekend")."""


@dataclass(frozen=True, slots=True)
class Subject(Generic[Fact]):
    """A kind of fact as indicators see it.

    `source` names the facts that are loaded. A flow counts in the period in which its day falls; a stock counts
    where its days hold the last day of the period. `kinds` is the code list behind `kind`.
    """

    source: str
    days: Callable[[Fact], Period]
    dimensions: Mapping[str, Callable[[Fact], Key]]
    kinds: str = "kind"
    stock: bool = field(default=False)

    def counts_in(self, fact: Fact, period: Period) -> bool:
        """Does the fact count in the period?"""
        days = self.days(fact)
        return days.holds(period.last) if self.stock else period.holds(days.first)

    @property
    def names(self) -> tuple[str, ...]:
        """Every grouping that is possible: time first."""
        return (*UNITS, *self.dimensions)


class _AtActivity(Protocol):
    @property
    def activity(self) -> Activity: ...


class _OfPartner(Protocol):
    @property
    def partner(self) -> Partner: ...


class _OfPerson(Protocol):
    @property
    def age_band(self) -> str | None: ...
    @property
    def neighbourhood(self) -> str | None: ...


def _on(day: date) -> Period:
    return Period("", day, day)


def _until(first: date, last: date | None) -> Period:
    return Period("", first, last or date.max)


def _activity_day(fact: _AtActivity) -> Period:
    return _on(fact.activity.day)


def _via(of: Callable[[Activity], Key]) -> Callable[[_AtActivity], Key]:
    return lambda fact: of(fact.activity)


_PARTNER: Mapping[str, Callable[[_OfPartner], Key]] = {
    "partner": lambda fact: fact.partner.partner_id,
    "partnerKind": lambda fact: fact.partner.kind,
    "municipality": lambda fact: fact.partner.municipality,
}
_PERSON: Mapping[str, Callable[[_OfPerson], Key]] = {
    "neighbourhood": lambda fact: fact.neighbourhood,
    "ageBand": lambda fact: fact.age_band,
}
_ACTIVITY: Mapping[str, Callable[[Activity], Key]] = {
    "kind": lambda activity: activity.kind,
    "goal": lambda activity: activity.goal,
    **_PARTNER,
    "series": lambda activity: activity.series,
    "activity": lambda activity: activity.ref,
}
_PLACE: Mapping[str, Callable[[Activity], Key]] = {
    **_ACTIVITY,
    "neighbourhood": lambda activity: activity.neighbourhood,
}
_AT_ACTIVITY: Mapping[str, Callable[[_AtActivity], Key]] = {name: _via(of) for name, of in _ACTIVITY.items()}
_AT_PLACE: Mapping[str, Callable[[_AtActivity], Key]] = {name: _via(of) for name, of in _PLACE.items()}

ACTIVITIES: Subject[Activity] = Subject("activities", lambda activity: _on(activity.day), _PLACE)
ATTENDANCES: Subject[Attendance] = Subject("attendances", _activity_day, {**_AT_ACTIVITY, **_PERSON})
FIRST_ATTENDANCES: Subject[Attendance] = Subject("first-attendances", _activity_day, {**_AT_ACTIVITY, **_PERSON})
PLACES: Subject[Attendance] = Subject("attendances", _activity_day, _AT_ACTIVITY)
"""Attendances against capacity: a capacity has no age band and no neighbourhood of persons."""
SIGNUPS: Subject[Signup] = Subject("signups", _activity_day, {**_AT_ACTIVITY, **_PERSON})
HEAD_COUNTS: Subject[HeadCount] = Subject("head-counts", _activity_day, _AT_PLACE)
CONVERSIONS: Subject[Attendance | Joining] = Subject("conversions", _activity_day, _AT_ACTIVITY)
OUTREACH: Subject[Outreach] = Subject(
    "outreach",
    lambda action: _on(action.day),
    {
        "kind": lambda action: action.kind,
        "goal": lambda action: action.goal,
        **_PARTNER,
        "series": lambda action: action.series,
    },
    kinds="outreachKind",
)
ASSIGNMENTS: Subject[Assignment] = Subject(
    "assignments",
    lambda assignment: _until(assignment.first, assignment.last),
    {**_PARTNER, "series": lambda assignment: assignment.series, **_PERSON},
    stock=True,
)
_MEMBER: Mapping[str, Callable[[Member], Key]] = {"kind": lambda member: member.kind, **_PARTNER}
MEMBERS: Subject[Member] = Subject(
    "members", lambda member: _until(member.joined_on, member.left_on), _MEMBER, kinds="memberKind", stock=True
)
MEMBERS_JOINED: Subject[Member] = Subject("members", lambda member: _on(member.joined_on), _MEMBER, kinds="memberKind")
PARTNERS: Subject[Partner] = Subject(
    "partners",
    lambda partner: _until(partner.joined_on, partner.left_on),
    {
        "partner": lambda partner: partner.partner_id,
        "partnerKind": lambda partner: partner.kind,
        "municipality": lambda partner: partner.municipality,
    },
    stock=True,
)
