"""Facts on the stream: attendance, head counts, outreach."""

from datetime import date
from typing import Literal

from pydantic import Field

from shared.events.model import EventData, Reference
from shared.events.signups import Role

Precision = Literal["exact", "about", "over", "more-than"]


class AttendanceRecordedV1(EventData):
    """Who came, per activity, person and role. Outcome `void` takes the fact back."""

    activity: Reference
    pid: str
    role: Role
    outcome: Literal["present", "absent", "excused", "void"]
    party_size: int = Field(ge=1)
    signup: Reference | None = None
    """The sign-up it was recorded for, where one is known."""
    age_band: str | None = None
    neighbourhood: str | None = None


class VisitsCountedV1(EventData):
    """A head count per activity and count key; absolute. Value null takes the count back, 0 is a count."""

    activity: Reference
    count_key: str
    value: int | None = Field(ge=0)
    method: Literal["tally", "estimate"] | None = None


class OutreachRecordedV1(EventData):
    """Cards, flowers, stands, campaigns. `void` takes the fact back."""

    outreach_id: str
    kind: str
    label: str
    date: date
    goal: str
    series_id: Reference | None = None
    quantity: int | None = None
    personalised: int | None = None
    precision: Precision = "exact"
    personalised_precision: Precision = "exact"
    void: bool = False
