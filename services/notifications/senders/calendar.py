"""The calendar part of a mail: one entry per sign-up, which a change moves and a cancellation removes."""

import uuid
from datetime import date, datetime

from icalendar import Calendar, Event, vCalAddress

from services.notifications.domain.facts import ActivityVersion, Signup
from services.notifications.domain.wording import one_line, where
from shared.clock import AMSTERDAM

_NAMESPACE = uuid.UUID("7f1c1d5e-43a2-5d0b-9a57-3c1f6f0f8a10")
_CARRYING = ("confirmation", "promotion", "change", "cancellation")


def carries_entry(kind: str, signup: Signup) -> bool:
    """Who waits has no entry to move or to remove."""
    return kind in _CARRYING and signup.confirmed_at is not None


def entry(
    signup: Signup, activity: ActivityVersion, domain: str, organizer: str, attendee: str, now: datetime
) -> bytes:
    """An iTIP REQUEST or CANCEL: UID per sign-up, SEQUENCE = the activity's version (contract section 6)."""
    calendar = Calendar()
    calendar.add("prodid", "-//KomErbij//notifications//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if activity.cancelled else "REQUEST")
    event = Event()
    event.add("uid", f"{uuid.uuid5(_NAMESPACE, signup.ref)}@{domain}")
    event.add("sequence", activity.version)
    event.add("dtstamp", now)
    event.add("dtstart", activity.starts_at.astimezone(AMSTERDAM))
    event.add("dtend", activity.ends_at.astimezone(AMSTERDAM))
    event.add("summary", one_line(activity.title))
    event.add("location", where(activity))
    event.add("status", "CANCELLED" if activity.cancelled else "CONFIRMED")
    event.add("organizer", vCalAddress(f"mailto:{organizer}"))
    guest = vCalAddress(f"mailto:{attendee}")
    guest.params["PARTSTAT"] = "ACCEPTED"
    guest.params["RSVP"] = "FALSE"
    event.add("attendee", guest)
    calendar.add_component(event)
    calendar.add_missing_timezones(date(activity.starts_at.year, 1, 1), date(activity.ends_at.year + 1, 12, 31))
    return bytes(calendar.to_ical())
