"""Volunteers, members and people to be forgotten as partners post them (contract section 3)."""

from typing import Annotated

from pydantic import Field, StrictStr

from services.registration.domain import commands as c
from services.registration.domain.persons import Participant
from services.registration.schemas.fields import Date, PostedModel, ThingRef, full, one_of
from services.registration.schemas.participant import PostedParticipant
from services.registration.schemas.posting import Posted
from shared.events import code_lists as lists

_ASSIGNMENT = "De inzet van een vrijwilliger: uw eigen id."
_MEMBER = "Het lid van het netwerk: uw eigen id."


class VolunteerAssigned(Posted, json_schema_extra={"description": "Iemand begint met vast vrijwilligerswerk."}):
    """`volunteer-assigned`."""

    assignment_id: ThingRef = Field(description=_ASSIGNMENT, examples=["inzet-7"])
    participant: PostedParticipant
    series_id: ThingRef | None = Field(None, description="De reeks waar de vrijwilliger helpt.", examples=["huiskamer"])
    from_: Date = Field(alias="from", description="De eerste dag.", examples=["2026-01-01"])

    def command(self, partner_id: str) -> c.AssignVolunteer:
        """Take up voluntary work."""
        series = full(self.series_id, partner_id) if self.series_id else None
        return c.AssignVolunteer(full(self.assignment_id, partner_id), self.participant.person(), series, self.from_)


class VolunteerReleased(Posted, json_schema_extra={"description": "Iemand stopt met vast vrijwilligerswerk."}):
    """`volunteer-released`."""

    assignment_id: ThingRef = Field(description=_ASSIGNMENT, examples=["inzet-7"])
    until: Date = Field(description="De laatste dag.", examples=["2026-12-31"])

    def command(self, partner_id: str) -> c.ReleaseVolunteer:
        """Lay it down."""
        return c.ReleaseVolunteer(full(self.assignment_id, partner_id), self.until)


class MemberJoined(Posted, json_schema_extra={"description": "Een organisatie of professional wordt lid."}):
    """`member-joined`."""

    member_id: ThingRef = Field(description=_MEMBER, examples=["lid-12"])
    kind: Annotated[StrictStr, one_of(*lists.MEMBER_KINDS)] = Field(description="Soort lid.")
    joined_on: Date = Field(description="De eerste dag als lid.", examples=["2026-01-15"])
    via_activity_id: ThingRef | None = Field(None, description="De activiteit waardoor het lid zich aansloot.")

    def command(self, partner_id: str) -> c.JoinMember:
        """Join."""
        via = full(self.via_activity_id, partner_id) if self.via_activity_id else None
        return c.JoinMember(full(self.member_id, partner_id), self.kind, self.joined_on, via)


class MemberLeft(Posted, json_schema_extra={"description": "Een lid stopt."}):
    """`member-left`."""

    member_id: ThingRef = Field(description=_MEMBER, examples=["lid-12"])
    left_on: Date = Field(description="De laatste dag als lid.", examples=["2026-02-28"])

    def command(self, partner_id: str) -> c.LeaveMember:
        """Leave."""
        return c.LeaveMember(full(self.member_id, partner_id), self.left_on)


class ErasedPerson(PostedModel, json_schema_extra={"description": "Wie vergeten moet worden."}):
    """Whom to forget."""

    ref: Annotated[StrictStr, Field(min_length=1, max_length=200)] = Field(
        description="Uw eigen nummer van deze persoon.", examples=["klant-4711"]
    )
    shared_ref: Annotated[StrictStr, Field(min_length=1, max_length=200)] | None = Field(
        None, description="Het gedeelde nummer. Dan vergeten wij de persoon bij alle partners.", examples=["pas-7"]
    )


class ParticipantErased(
    Posted, json_schema_extra={"description": "Het recht om vergeten te worden. De aantallen blijven gelijk."}
):
    """`participant-erased`."""

    participant: ErasedPerson

    def command(self, partner_id: str) -> c.EraseParticipant:  # noqa: ARG002  -- whose it is stands in the post
        """Forget."""
        return c.EraseParticipant(Participant(self.participant.ref, self.participant.shared_ref))
