"""The seven days ahead: four activities and a dozen sign-ups, made from each day's own date. Needs no other module.

Event ids, times and contents follow from the activity's date alone, so a second load, today or tomorrow, meets only
duplicates for the days that were loaded before. Nobody here exists: names are invented, addresses end in example.org.
"""

import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Europe/Amsterdam")
DAYS: Final = 7
ANNOUNCED: Final = 10
"""Days before the activity on which it is announced; its sign-ups follow a day later. Always past: 10 > 7 + 1 + 1."""
EDITION: Final = "edition-2"
"""Part of the id of each announcement: other words need another id, where the first words were loaded before."""

Event = dict[str, Any]
Contact = dict[str, str]


class Visitor(NamedTuple):
    """Somebody invented, and how they can be reached."""

    ref: str
    contact: Contact
    age_band: str
    neighbourhood: str
    party_size: int = 1


class Weekly(NamedTuple):
    """An activity that returns every week."""

    partner: str
    kind: str
    title: str
    hours: tuple[str, str]
    place: str
    phone: str
    participation: str
    capacity: int | None
    visitors: tuple[Visitor, ...]


WEEK: Final[dict[int, Weekly]] = {
    1: Weekly(
        "avedan",
        "bingo",
        "Bingomiddag",
        ("14:00", "16:00"),
        "Wijkcentrum Schelfhorst",
        "0546-000001",
        "both",
        24,
        (
            Visitor("vb-01", {"name": "Riet Voorbeeld", "email": "riet@example.org"}, "75-84", "Schelfhorst"),
            Visitor("vb-02", {"name": "Henk Voorbeeld", "phone": "0612345678"}, "65-74", "Schelfhorst"),
            Visitor("vb-03", {"name": "Truus Voorbeeld", "phone": "0546000000"}, "85+", "Sluitersveld"),
            Visitor("vb-04", {"name": "Gerrit Voorbeeld"}, "85+", "De Riet"),
        ),
    ),
    2: Weekly(
        "sportbedrijf-almelo",
        "sport",
        "Samen bewegen",
        ("10:30", "11:30"),
        "Sporthal",
        "0546-000002",
        "both",
        3,
        (
            Visitor("vb-01", {"name": "Ali Voorbeeld", "email": "ali@example.org"}, "50-64", "Ossenkoppelerhoek"),
            Visitor("vb-02", {"name": "Marie Voorbeeld", "email": "marie@example.org"}, "65-74", "Hofkamp"),
            Visitor("vb-03", {"name": "Kees Voorbeeld", "phone": "0623456789"}, "65-74", "Windmolenbroek"),
            Visitor("vb-04", {"name": "Sanne Voorbeeld", "email": "sanne@example.org"}, "35-49", "Binnenstad"),
        ),
    ),
    4: Weekly(
        "leger-des-heils",
        "meal",
        "Samen eten",
        ("17:00", "19:00"),
        "Buurtkamer van het Leger des Heils",
        "0546-000003",
        "signup",
        20,
        (
            Visitor("vb-01", {"name": "Fatma Voorbeeld", "email": "fatma@example.org"}, "50-64", "De Riet", 2),
            Visitor("vb-02", {"name": "Wim Voorbeeld", "phone": "0634567890"}, "75-84", "Nieuwstraatkwartier"),
            Visitor("vb-03", {"name": "Bea Voorbeeld", "email": "bea@example.org"}, "75-84", "Wierdense Hoek"),
        ),
    ),
    5: Weekly(
        "mensdoormens",
        "walk",
        "Samen wandelen",
        ("10:00", "11:30"),
        "Verzamelen bij het station",
        "0546-000004",
        "both",
        None,
        (Visitor("vb-01", {"name": "Tom Voorbeeld", "email": "tom@example.org"}, "18-34", "Noorderkwartier"),),
    ),
}
"""By weekday, Monday is 0. The fourth at sport finds it full and waits; one at bingo cannot be reached at all."""


def coming_week(today: date) -> list[Event]:
    """Structured CloudEvents for the seven days after today, each activity ahead of its sign-ups."""
    days = [today + timedelta(days=ahead) for ahead in range(1, DAYS + 1)]
    return [event for day in days if day.weekday() in WEEK for event in _of_day(day, WEEK[day.weekday()])]


def _of_day(day: date, weekly: Weekly) -> list[Event]:
    activity_id = f"{weekly.kind}-{day}"
    announced = day - timedelta(days=ANNOUNCED)
    activity: Event = {
        "activityId": activity_id,
        "title": weekly.title,
        "kind": weekly.kind,
        "goal": "initiative",
        "startsAt": _local(day, weekly.hours[0]),
        "endsAt": _local(day, weekly.hours[1]),
        "location": {"name": weekly.place},
        "contactPhone": weekly.phone,
        "participation": weekly.participation,
    }
    if weekly.capacity is not None:
        activity["capacity"] = weekly.capacity
    event_id = f"week.{activity_id}.{EDITION}"
    events = [_event(weekly.partner, "activity-scheduled", event_id, _local(announced, "09:00"), activity)]
    for number, visitor in enumerate(weekly.visitors, start=1):
        signup = _signup(activity_id, number, visitor)
        moment = _local(announced + timedelta(days=1), f"{9 + number:02d}:00")
        events.append(_event(weekly.partner, "signup-placed", f"week.{signup['signupId']}", moment, signup))
    return events


def _signup(activity_id: str, number: int, visitor: Visitor) -> Event:
    participant = {"ref": visitor.ref, **visitor.contact}
    participant |= {"ageBand": visitor.age_band, "neighbourhood": visitor.neighbourhood}
    signup: Event = {"signupId": f"{activity_id}.{number}", "activityId": activity_id, "participant": participant}
    return signup | ({"partySize": visitor.party_size} if visitor.party_size > 1 else {})


def _event(partner: str, name: str, event_id: str, moment: str, data: Event) -> Event:
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": f"urn:nld:komerbij-voorbeeld:{partner}",
        "type": f"nl.meedoen.{name}.v1",
        "time": moment,
        "partnerid": partner,
        "datacontenttype": "application/json",
        "data": data,
    }


def _local(day: date, clock: str) -> str:
    """Wall-clock time in Almelo on that day, with the day's own offset."""
    return datetime.combine(day, time.fromisoformat(clock), ZONE).isoformat()


def main() -> int:
    """Print the coming week as one event a line."""
    for event in coming_week(datetime.now(ZONE).date()):
        print(json.dumps(event, ensure_ascii=False, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
