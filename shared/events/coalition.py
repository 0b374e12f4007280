"""The coalition on the stream: partners, volunteers, members."""

from datetime import date
from typing import Literal

from pydantic import Field

from shared.events.model import EventData, Reference


class AssignmentState(EventData):
    """A volunteer's assignment. Active from `from` up to and including `until`; `until` before `from`: never active."""

    assignment_id: str
    pid: str
    series_id: Reference | None = None
    from_: date = Field(alias="from")
    until: date | None = None
    age_band: str | None = None
    neighbourhood: str | None = None


class VolunteerAssignedV1(AssignmentState):
    """Somebody took up voluntary work."""


class VolunteerReleasedV1(AssignmentState):
    """Somebody laid it down; `until` is the last day."""


class MemberState(EventData):
    """A member of the coalition's network: an organisation or a professional."""

    member_id: str
    kind: Literal["organisation", "professional"]
    joined_on: date
    via_activity_id: Reference | None = None
    left_on: date | None = None


class MemberJoinedV1(MemberState):
    """Joined."""


class MemberLeftV1(MemberState):
    """Left; `left_on` is the last day."""


class PartnerState(EventData):
    """An organisation of the coalition."""

    name: str
    kind: Literal["partner", "chain-partner"]
    municipality: str
    joined_on: date
    left_on: date | None = None


class PartnerJoinedV1(PartnerState):
    """A partner as it stands, while it is in the coalition."""


class PartnerLeftV1(PartnerState):
    """A partner that has a last day."""
