"""Volunteers, members and people to be forgotten as partners post them (contract section 3)."""

from typing import Annotated

from pydantic import Field, StrictStr

from services.registration.domain import commands as c
from services.registration.domain.persons import Participant
from services.registration.schemas.fields import Date, PostedModel, ThingRef, full, one_of
from services.registration.schemas.participant import PostedParticipant
from services.registration.schemas.posting import Posted
from shared.events import code_lists as lists


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
