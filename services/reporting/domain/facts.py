"""What reporting knows: activities, attendances, sign-ups, head counts, outreach and the coalition, as they stand now.

A person is a `pid`, or after an erasure a token; never more than that, an age band and a neighbourhood.
References of activities and series are `partnerId/id`.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation of the coalition. One that was not seen yet has an id only."""

    partner_id: str
    name: str | None = None
    kind: str | None = None
    municipality: str | None = None
    joined_on: date = date.max
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity; `day` is its local start date, `neighbourhood` the place's."""

    ref: str
    partner: Partner
    day: date
    kind: str
    goal: str
    title: str
    series: str | None = None
    neighbourhood: str | None = None
    capacity: int | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who came, per activity, person and role; `first_day` is the person's first presence as participant ever."""

    activity: Activity
    pid: str
    role: str
    outcome: str
    party_size: int = 1
    age_band: str | None = None
    neighbourhood: str | None = None
    first_day: date | None = None


@dataclass(frozen=True, slots=True)
class Signup:
    """A sign-up; `outcome` is what was recorded for that person, there and in that role, if anything."""

    activity: Activity
    role: str
    status: str
    pid: str
    party_size: int = 1
    age_band: str | None = None
    neighbourhood: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class HeadCount:
    """The latest count under one count key; null was taken back, 0 is a count."""

    activity: Activity
    value: int | None


@dataclass(frozen=True, slots=True)
class Joining:
    """A member that joined via an activity, counted at the activity whenever it joined."""

    activity: Activity


@dataclass(frozen=True, slots=True)
class Outreach:
    """Cards, flowers, stands, campaigns; `day` is the day of the fact."""

    partner: Partner
    kind: str
    goal: str
    day: date
    series: str | None = None
    quantity: int | None = None
    personalised: int | None = None
    precision: str = "exact"
    personalised_precision: str = "exact"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A volunteer's assignment, active from `first` up to and including `last`; `last` before `first`: never."""

    partner: Partner
    pid: str
    first: date
    last: date | None = None
    series: str | None = None
    age_band: str | None = None
    neighbourhood: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the network; `left_on` is the last day on which it still was."""

    partner: Partner
    kind: str
    joined_on: date
    left_on: date | None = None
