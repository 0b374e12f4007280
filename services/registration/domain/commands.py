"""What partners can tell, one frozen value per posted type; and the post that carries it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from services.registration.domain.order import Stamp, stamp
from services.registration.domain.persons import Participant


@dataclass(frozen=True, slots=True)
class Plan:
    """All members of an activity that a partner sets; flat, as the store keeps them."""

    title: str
    kind: str
    goal: str
    starts_at: datetime
    ends_at: datetime
    location_name: str
    location_address: str | None = None
    location_neighbourhood: str | None = None
    capacity: int | None = None
    volunteer_capacity: int | None = None
    waiting_list: bool = True
    participation: str = "both"
    series: str | None = None
    description: str | None = None
    contact_phone: str | None = None
    signup_closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScheduleActivity:
    """`activity-scheduled`."""

    activity: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class CancelActivity:
    """`activity-cancelled`."""

    activity: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class PlaceSignup:
    """`signup-placed`; the activity may be another partner's (a referral)."""

    signup: str
    activity: str
    participant: Participant
    role: str
    party_size: int
    reminders: bool


@dataclass(frozen=True, slots=True)
class WithdrawSignup:
    """`signup-withdrawn`; its free-text reason is not kept ("ziek" is nobody's business)."""

    signup: str


@dataclass(frozen=True, slots=True)
class RecordAttendance:
    """`attendance-recorded`: of a sign-up or of a person."""

    activity: str
    signup: str | None
    participant: Participant | None
    outcome: str
    role: str | None
    party_size: int | None


@dataclass(frozen=True, slots=True)
class CountVisitors:
    """`visitors-counted`; value None takes the count back."""

    activity: str
    count_key: str
    value: int | None
    method: str | None


@dataclass(frozen=True, slots=True)
class RecordOutreach:
    """`outreach-recorded`."""

    outreach: str
    kind: str
    label: str
    date: date
    goal: str
    series: str | None
    quantity: int | None
    personalised: int | None
    precision: str
    personalised_precision: str
    void: bool


@dataclass(frozen=True, slots=True)
class AssignVolunteer:
    """`volunteer-assigned`."""

    assignment: str
    participant: Participant
    series: str | None
    from_date: date


@dataclass(frozen=True, slots=True)
class ReleaseVolunteer:
    """`volunteer-released`; `until` is the last day."""

    assignment: str
    until: date


@dataclass(frozen=True, slots=True)
class JoinMember:
    """`member-joined`."""

    member: str
    kind: str
    joined_on: date
    via_activity: str | None


@dataclass(frozen=True, slots=True)
class LeaveMember:
    """`member-left`; `left_on` is the last day."""

    member: str
    left_on: date


@dataclass(frozen=True, slots=True)
class EraseParticipant:
    """`participant-erased`: the right to be forgotten."""

    participant: Participant


Command = (
    ScheduleActivity
    | CancelActivity
    | PlaceSignup
    | WithdrawSignup
    | RecordAttendance
    | CountVisitors
    | RecordOutreach
    | AssignVolunteer
    | ReleaseVolunteer
    | JoinMember
    | LeaveMember
    | EraseParticipant
)


@dataclass(frozen=True, slots=True)
class Post:
    """One event as a partner posted it, shape checked. `fingerprint` tells whether a repeat says the same."""

    partner_id: str
    source: str
    event_id: str
    time: datetime
    fingerprint: str
    command: Command
    extensions: Mapping[str, object] = field(default_factory=dict)
    overrides: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What is unique for good."""
        return self.partner_id, self.source, self.event_id

    @property
    def stamp(self) -> Stamp:
        """The rank of this fact among facts about the same thing."""
        return stamp(self.time, self.event_id, self.source)
