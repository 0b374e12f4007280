"""Activities as the public sees them."""

from datetime import datetime

from services.registration.usecases.queries import ShownActivity
from shared.clock import rfc3339
from shared.events.activities import Location
from shared.events.model import WireModel


class ActivityAnswer(WireModel):
    """An activity with what is still free (contract section 9); null places: no limit."""

    partner_id: str
    activity_id: str
    title: str
    kind: str
    goal: str
    starts_at: datetime
    ends_at: datetime
    location: Location
    capacity: int | None
    volunteer_capacity: int | None
    waiting_list: bool
    participation: str
    series_id: str | None
    description: str | None
    contact_phone: str | None
    signup_closes_at: datetime | None
    status: str
    places_left: int | None
    volunteer_places_left: int | None
    waiting: int
    version: int


class ActivityPage(WireModel):
    """A page of activities by start."""

    items: list[ActivityAnswer]
    next: str | None


def answer(shown: ShownActivity) -> ActivityAnswer:
    """From the use case's value to the contract's shape."""
    a = shown.activity
    location = Location(name=a.location_name, address=a.location_address, neighbourhood=a.location_neighbourhood)
    plan = {name: getattr(a, name) for name in ActivityAnswer.model_fields if hasattr(a, name)}
    return ActivityAnswer(
        **plan,
        location=location,
        series_id=a.series,
        places_left=shown.places_left,
        volunteer_places_left=shown.volunteer_places_left,
        waiting=shown.waiting,
    )


def cursor_values(shown: ShownActivity) -> list[str]:
    """Where the next page begins."""
    return [rfc3339(shown.activity.starts_at), shown.activity.ref]
