"""The data of every type that partners post (contract section 3), and the command each becomes."""

from abc import abstractmethod
from typing import Annotated, Self

from pydantic import Field, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from services.registration.domain import commands as c
from services.registration.domain.persons import Participant
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
from shared.events import code_lists as lists

Role = Annotated[StrictStr, one_of(*lists.ROLES)]
Goal = Annotated[StrictStr, one_of(*lists.GOALS)]
Precision = Annotated[StrictStr, one_of(*lists.PRECISIONS)]


class Posted(PostedModel):
    """The data of one posted event."""

    @abstractmethod
    def command(self, partner_id: str) -> c.Command:
        """What the partner asks or tells; bare ids become the partner's own."""

    @property
    def overrides(self) -> tuple[str, ...]:
        """What looks odd about the data itself."""
        participant = getattr(self, "participant", None)
        return participant.overrides if isinstance(participant, PostedParticipant) else ()


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


class VolunteerAssigned(Posted):
    """`volunteer-assigned`."""

    assignment_id: ThingRef
    participant: PostedParticipant
    series_id: ThingRef | None = None
    from_: Date = Field(alias="from")

    def command(self, partner_id: str) -> c.AssignVolunteer:
        """Take up voluntary work."""
        series = full(self.series_id, partner_id) if self.series_id else None
        return c.AssignVolunteer(full(self.assignment_id, partner_id), self.participant.person(), series, self.from_)


class VolunteerReleased(Posted):
    """`volunteer-released`."""

    assignment_id: ThingRef
    until: Date

    def command(self, partner_id: str) -> c.ReleaseVolunteer:
        """Lay it down."""
        return c.ReleaseVolunteer(full(self.assignment_id, partner_id), self.until)


class MemberJoined(Posted):
    """`member-joined`."""

    member_id: ThingRef
    kind: Annotated[StrictStr, one_of(*lists.MEMBER_KINDS)]
    joined_on: Date
    via_activity_id: ThingRef | None = None

    def command(self, partner_id: str) -> c.JoinMember:
        """Join."""
        via = full(self.via_activity_id, partner_id) if self.via_activity_id else None
        return c.JoinMember(full(self.member_id, partner_id), self.kind, self.joined_on, via)


class MemberLeft(Posted):
    """`member-left`."""

    member_id: ThingRef
    left_on: Date

    def command(self, partner_id: str) -> c.LeaveMember:
        """Leave."""
        return c.LeaveMember(full(self.member_id, partner_id), self.left_on)


class ErasedPerson(PostedModel):
    """Whom to forget."""

    ref: Annotated[StrictStr, Field(min_length=1, max_length=200)]
    shared_ref: Annotated[StrictStr, Field(min_length=1, max_length=200)] | None = None


class ParticipantErased(Posted):
    """`participant-erased`."""

    participant: ErasedPerson

    def command(self, partner_id: str) -> c.EraseParticipant:  # noqa: ARG002  -- whose it is stands in the post
        """Forget."""
        return c.EraseParticipant(Participant(self.participant.ref, self.participant.shared_ref))


POSTED_TYPES: dict[str, type[Posted]] = {
    "nl.meedoen.activity-scheduled.v1": ActivityScheduled,
    "nl.meedoen.activity-cancelled.v1": ActivityCancelled,
    "nl.meedoen.signup-placed.v1": SignupPlaced,
    "nl.meedoen.signup-withdrawn.v1": SignupWithdrawn,
    "nl.meedoen.attendance-recorded.v1": AttendanceRecorded,
    "nl.meedoen.visitors-counted.v1": VisitorsCounted,
    "nl.meedoen.outreach-recorded.v1": OutreachRecorded,
    "nl.meedoen.volunteer-assigned.v1": VolunteerAssigned,
    "nl.meedoen.volunteer-released.v1": VolunteerReleased,
    "nl.meedoen.member-joined.v1": MemberJoined,
    "nl.meedoen.member-left.v1": MemberLeft,
    "nl.meedoen.participant-erased.v1": ParticipantErased,
}
