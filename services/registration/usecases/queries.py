"""What registration answers: activities, the log, contact data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from services.registration import event_log
from services.registration.domain.activities import Activity
from services.registration.domain.search import ActivityFilter
from services.registration.domain.signups import Places
from services.registration.store import contacts, reading
from shared.errors import Refusal


@dataclass(frozen=True, slots=True)
class ShownActivity:
    """An activity and what is still free; None where there is no limit."""

    activity: Activity
    places_left: int | None
    volunteer_places_left: int | None
    waiting: int


def list_activities(connection: Connection, wanted: ActivityFilter, limit: int) -> list[ShownActivity]:
    """A page of activities with places left."""
    return _with_places(connection, reading.activities(connection, wanted, limit))


def show_activity(connection: Connection, ref: str) -> ShownActivity:
    """One activity; Refusal `unknown-activity`."""
    activity = reading.activity(connection, ref)
    if activity is None:
        raise Refusal("unknown-activity", "there is no such activity")
    return _with_places(connection, [activity])[0]


def _with_places(connection: Connection, activities: Sequence[Activity]) -> list[ShownActivity]:
    places = reading.places(connection, [activity.ref for activity in activities])
    shown = []
    for activity in activities:
        guests = places.get((activity.ref, "guests"), Places())
        volunteers = places.get((activity.ref, "volunteers"), Places())
        shown.append(
            ShownActivity(
                activity,
                _left(activity.capacity, guests.taken),
                _left(activity.volunteer_capacity, volunteers.taken),
                guests.waiting + volunteers.waiting,
            )
        )
    return shown


def _left(room: int | None, taken: int) -> int | None:
    return None if room is None else max(0, room - taken)


def read_log(connection: Connection, after: int, limit: int) -> tuple[list[dict[str, Any]], int]:
    """A page of the log as CloudEvents, and its head."""
    entries = event_log.read(connection, after, limit)
    return [entry.in_answer() for entry in entries], event_log.head(connection).assigned


def look_up_contacts(
    connection: Connection, wanted: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], dict[str, Any]]:
    """The only way out for contact data."""
    return contacts.look_up(connection, wanted)
