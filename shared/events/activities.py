"""Activities on the stream: scheduled, changed, cancelled."""

from datetime import datetime
from typing import Literal

from shared.events.model import EventData, Reference, WireModel


class Location(WireModel):
    """Where an activity is held."""

    name: str
    address: str | None = None
    neighbourhood: str | None = None


class ActivityState(EventData):
    """An activity as it stands now (contract section 3, `activity-scheduled`)."""

    activity_id: str
    title: str
    kind: str
    goal: str
    starts_at: datetime
    ends_at: datetime
    location: Location
    capacity: int | None = None
    volunteer_capacity: int | None = None
    waiting_list: bool = True
    participation: Literal["signup", "drop-in", "both"] = "both"
    series_id: Reference | None = None
    description: str | None = None
    contact_phone: str | None = None
    signup_closes_at: datetime | None = None
    status: Literal["scheduled", "cancelled"] = "scheduled"
    reason: str | None = None
    """Why it was cancelled, in the organiser's words."""


class ActivityScheduledV1(ActivityState):
    """A new activity."""


class ActivityChangedV1(ActivityState):
    """A later version of a known activity, or one restored after a cancellation."""


class ActivityCancelledV1(ActivityState):
    """The activity does not take place."""
