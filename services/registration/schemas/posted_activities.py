"""Activities, sign-ups, attendance, head counts and outreach as partners post them (contract section 3)."""

from typing import Annotated, Self

from pydantic import StrictStr, model_validator
from pydantic_core import PydanticCustomError

from services.registration.domain import commands as c
from services.registration.schemas.fields import (
    Date,
    Flag,
    Id,
    Instant,
    Line,
    PartySize,
    PostedModel,
    Text,
    ThingRef,
    Whole,
    full,
    one_of,
)
from services.registration.schemas.participant import PostedParticipant
from services.registration.schemas.posting import Goal, Posted, Precision, Role
from shared.events import code_lists as lists


class PostedLocation(PostedModel):
    """Where it is."""

    name: Line
    address: Line | None = None
    neighbourhood: Line | None = None


class ActivityScheduled(Posted):
    """`activity-scheduled`."""

    activity_id: ThingRef
    title: Line
    kind: Annotated[StrictStr, one_of(*lists.ACTIVITY_KINDS)]
    goal: Goal
    starts_at: Instant
    ends_at: Instant
    location: PostedLocation
    capacity: Whole | None = None
    volunteer_capacity: Whole | None = None
    waiting_list: Flag = True
    participation: Annotated[StrictStr, one_of(*lists.PARTICIPATION)] = "both"
    series_id: ThingRef | None = None
    description: Text | None = None
    contact_phone: Line | None = None
    signup_closes_at: Instant | None = None

    @model_validator(mode="after")
    def ends_after_start(self) -> Self:
        """An activity does not end before it starts."""
        if self.ends_at < self.starts_at:
            raise PydanticCustomError("ends_before_start", "endsAt lies before startsAt")
        return self

    def command(self, partner_id: str) -> c.ScheduleActivity:
        """Schedule or change."""
        plan = c.Plan(
            title=self.title,
            kind=self.kind,
            goal=self.goal,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            location_name=self.location.name,
            location_address=self.location.address,
            location_neighbourhood=self.location.neighbourhood,
            capacity=self.capacity,
            volunteer_capacity=self.volunteer_capacity,
            waiting_list=self.waiting_list,
            participation=self.participation,
            series=full(self.series_id, partner_id) if self.series_id else None,
            description=self.description,
            contact_phone=self.contact_phone,
            signup_closes_at=self.signup_closes_at,
        )
        return c.ScheduleActivity(full(self.activity_id, partner_id), plan)


class ActivityCancelled(Posted):
    """`activity-cancelled`."""

    activity_id: ThingRef
    reason: Text | None = None

    def command(self, partner_id: str) -> c.CancelActivity:
        """Cancel."""
        return c.CancelActivity(full(self.activity_id, partner_id), self.reason)


class SignupPlaced(Posted):
    """`signup-placed`."""

    signup_id: ThingRef
    activity_id: ThingRef
    participant: PostedParticipant
    role: Role = "participant"
    party_size: PartySize = 1
    reminders: Flag = True

    def command(self, partner_id: str) -> c.PlaceSignup:
        """Ask for a place."""
        return c.PlaceSignup(
            signup=full(self.signup_id, partner_id),
            activity=full(self.activity_id, partner_id),
            participant=self.participant.person(),
            role=self.role,
            party_size=self.party_size,
            reminders=self.reminders,
        )


class SignupWithdrawn(Posted):
    """`signup-withdrawn`; the reason is read and let go."""

    signup_id: ThingRef
    reason: Text | None = None

    def command(self, partner_id: str) -> c.WithdrawSignup:
        """Give the place back."""
        return c.WithdrawSignup(full(self.signup_id, partner_id))


class AttendanceRecorded(Posted):
    """`attendance-recorded`: of a sign-up or of a participant, one of the two."""

    activity_id: ThingRef
    signup_id: ThingRef | None = None
    participant: PostedParticipant | None = None
    outcome: Annotated[StrictStr, one_of(*lists.OUTCOMES)]
    role: Role | None = None
    party_size: PartySize | None = None

    @model_validator(mode="after")
    def one_of_two(self) -> Self:
        """Somebody must be meant, and one only."""
        if (self.signup_id is None) == (self.participant is None):
            raise PydanticCustomError("signup_or_participant", "give signupId or participant, one of the two")
        return self

    def command(self, partner_id: str) -> c.RecordAttendance:
        """Record who came."""
        return c.RecordAttendance(
            activity=full(self.activity_id, partner_id),
            signup=full(self.signup_id, partner_id) if self.signup_id else None,
            participant=self.participant.person() if self.participant else None,
            outcome=self.outcome,
            role=self.role,
            party_size=self.party_size,
        )


class VisitorsCounted(Posted):
    """`visitors-counted`; `value` must be there, null takes the count back."""

    activity_id: ThingRef
    count_key: Id
    value: Whole | None
    method: Annotated[StrictStr, one_of(*lists.COUNT_METHODS)] | None = None

    def command(self, partner_id: str) -> c.CountVisitors:
        """Count heads."""
        return c.CountVisitors(full(self.activity_id, partner_id), self.count_key, self.value, self.method)


class OutreachRecorded(Posted):
    """`outreach-recorded`."""

    outreach_id: ThingRef
    kind: Annotated[StrictStr, one_of(*lists.OUTREACH_KINDS)]
    label: Line
    date: Date
    goal: Goal
    series_id: ThingRef | None = None
    quantity: Whole | None = None
    personalised: Whole | None = None
    precision: Precision = "exact"
    personalised_precision: Precision = "exact"
    void: Flag = False

    def command(self, partner_id: str) -> c.RecordOutreach:
        """Record what was done."""
        return c.RecordOutreach(
            outreach=full(self.outreach_id, partner_id),
            kind=self.kind,
            label=self.label,
            date=self.date,
            goal=self.goal,
            series=full(self.series_id, partner_id) if self.series_id else None,
            quantity=self.quantity,
            personalised=self.personalised,
            precision=self.precision,
            personalised_precision=self.personalised_precision,
            void=self.void,
        )
