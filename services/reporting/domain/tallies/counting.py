"""What the facts of one activity add up to, by the definitions of the registry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Generic, NamedTuple

from services.reporting.domain.facts import Activity, Attendance, HeadCount, Joining, Signup
from services.reporting.domain.indicators import places, presence
from services.reporting.domain.periods import bucket
from services.reporting.domain.subjects import ATTENDANCES, SIGNUPS, Key
from services.reporting.domain.tally import P, Tally

_NOTHING: Final[Tally[frozenset[str]]] = Tally(frozenset(), frozenset())
OF_PERSONS: Final[tuple[str, ...]] = ("ageBand", "neighbourhood")
"""Dimensions of the persons: the facts of one activity fall apart by them."""


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """An activity with all that is known of it."""

    activity: Activity
    attendances: list[Attendance] = field(default_factory=list)
    signups: list[Signup] = field(default_factory=list)
    head_counts: list[HeadCount] = field(default_factory=list)
    joinings: list[Joining] = field(default_factory=list)


class Properties(NamedTuple):
    """What an activity is counted under, as it was when it was counted."""

    activity: str
    day: date
    kind: str
    goal: str
    partner_id: str
    series: str | None
    neighbourhood: str | None

    def keys(self) -> dict[str, Key]:
        """Dimension -> its key; `place` is the activity's neighbourhood."""
        return {
            "kind": self.kind,
            "goal": self.goal,
            "partner": self.partner_id,
            "series": self.series,
            "place": self.neighbourhood,
        }


class Cell(NamedTuple):
    """Where a tally counts in a month: for all (dimension ""), or under one key of a dimension.

    `neighbourhood` is the person's, `place` the activity's.
    """

    month: date
    dimension: str
    key: Key


@dataclass(frozen=True, slots=True)
class Counted(Generic[P]):
    """An activity's tally, and its parts by (dimension of the persons, key)."""

    properties: Properties
    whole: Tally[P]
    audiences: Mapping[tuple[str, Key], Tally[P]]

    def cells(self) -> Iterable[tuple[Cell, Tally[P]]]:
        """Every cell of its month in which it counts."""
        month, keys = bucket("month", self.properties.day).first, {"": None, **self.properties.keys()}
        yield from ((Cell(month, dimension, key), self.whole) for dimension, key in keys.items())
        yield from ((Cell(month, *part), tally) for part, tally in self.audiences.items())


def counted(facts: ActivityFacts) -> Counted[frozenset[str]]:
    """The tallies of an activity, with pids."""
    audiences = {
        (dimension, key): tally
        for dimension in OF_PERSONS
        for key, (attendances, signups) in _parted(facts, dimension).items()
        if (tally := _audience(attendances, signups)) != _NOTHING
    }
    measured = [fact for fact in facts.attendances if places.OCCUPANCY.keep(fact)]
    heads = [fact.value for fact in facts.head_counts if presence.VISITS.keep(fact)]
    whole = replace(
        _audience(facts.attendances, facts.signups),
        activities=int(places.ACTIVITIES_COUNT.keep(facts.activity)),
        taken=places.places_taken(measured),
        capacity=places.places_offered(measured),
        measured=int(bool(measured)),
        visits=sum(value or 0 for value in heads),
        counted=len(heads),
        joined=len(facts.joinings),
    )
    return Counted(_properties(facts.activity), whole, audiences)


def _properties(activity: Activity) -> Properties:
    return Properties(
        activity=activity.ref,
        day=activity.day,
        kind=activity.kind,
        goal=activity.goal,
        partner_id=activity.partner.partner_id,
        series=activity.series,
        neighbourhood=activity.neighbourhood,
    )


def _parted(facts: ActivityFacts, dimension: str) -> dict[Key, tuple[list[Attendance], list[Signup]]]:
    found: dict[Key, tuple[list[Attendance], list[Signup]]] = {}
    for attendance in facts.attendances:
        found.setdefault(ATTENDANCES.dimensions[dimension](attendance), ([], []))[0].append(attendance)
    for signup in facts.signups:
        found.setdefault(SIGNUPS.dimensions[dimension](signup), ([], []))[1].append(signup)
    return found


def _audience(attendances: Sequence[Attendance], signups: Sequence[Signup]) -> Tally[frozenset[str]]:
    known = [fact for fact in signups if places.NO_SHOW.keep(fact)]
    absent = places.absences(known)
    return Tally(
        participants=frozenset([fact.pid for fact in attendances if presence.PARTICIPANTS.keep(fact)]),
        professionals=frozenset([fact.pid for fact in attendances if presence.PROFESSIONALS.keep(fact)]),
        attendances=sum([fact.party_size for fact in attendances if presence.ATTENDANCES_SUM.keep(fact)]),
        signups=sum([fact.party_size for fact in signups if places.SIGNUPS_SUM.keep(fact)]),
        unmet=sum([fact.party_size for fact in signups if places.UNMET.keep(fact)]),
        absent=absent,
        came=len(known) - absent,
    )
