"""A programme of two thousand events for tests that break things: a past that is counted, a future that is mailed."""

from datetime import UTC, datetime, timedelta
from typing import Any

PARTNER = "avedan"
SOURCE = "urn:nld:komerbij-test:avedan"


def rfc3339(moment: datetime) -> str:
    """An instant for the wire."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def event(name: str, key: str, time: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """A posted event of our test partner."""
    return {
        "specversion": "1.0",
        "id": key,
        "source": SOURCE,
        "type": f"nl.meedoen.{name}.v1",
        "time": rfc3339(time),
        "partnerid": PARTNER,
        "data": data,
    }


def activity(key: str, starts: datetime, time: datetime, **more: Any) -> dict[str, Any]:
    """An activity of two hours."""
    data = {
        "activityId": key,
        "title": "Bingomiddag",
        "kind": "bingo",
        "goal": "initiative",
        "startsAt": rfc3339(starts),
        "endsAt": rfc3339(starts + timedelta(hours=2)),
        "location": {"name": "Buurtkamer", "address": "Marktstraat 1", "neighbourhood": "Binnenstad"},
        **more,
    }
    return event("activity-scheduled", f"{key}-{rfc3339(time)}", time, data)


def signup(key: str, activity_id: str, time: datetime, participant: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A sign-up."""
    data = {"signupId": key, "activityId": activity_id, "participant": participant, **more}
    return event("signup-placed", f"{key}-placed", time, data)


def cancelled(activity_id: str, time: datetime) -> dict[str, Any]:
    """A cancellation."""
    return event("activity-cancelled", f"{activity_id}-cancelled", time, {"activityId": activity_id})


def attendance(activity_id: str, ref: str, time: datetime) -> dict[str, Any]:
    """Somebody came."""
    data = {"activityId": activity_id, "participant": {"ref": ref, "ageBand": "75-84"}, "outcome": "present"}
    return event("attendance-recorded", f"{activity_id}-{ref}", time, data)


def two_thousand(now: datetime) -> list[dict[str, Any]]:
    """40 past activities with 40 attendances each; 10 coming ones with 30 sign-ups, 25 places and 5 withdrawals."""
    events: list[dict[str, Any]] = []
    for number in range(40):
        day = datetime(2025, 1, 6, 13, tzinfo=UTC) + timedelta(days=7 * number)
        events.append(activity(f"past-{number}", day, day - timedelta(days=14)))
        for person in range(40):
            ref = f"p{(number * 7 + person) % 200:03d}"
            events.append(attendance(f"past-{number}", ref, day + timedelta(hours=3)))
    for number in range(10):
        key = f"coming-{number}"
        events.append(activity(key, now + timedelta(days=20 + number), now - timedelta(hours=2), capacity=25))
        for person in range(30):
            name = f"p{number * 20 + person:03d}"
            participant = {"ref": name, "name": f"Inwoner {name}", "email": f"{name}@example.org"}
            events.append(signup(f"{key}-{name}", key, now - timedelta(hours=1), participant))
        for person in range(5):
            gone = f"{key}-p{number * 20 + person:03d}"
            events.append(event("signup-withdrawn", f"{gone}-gone", now - timedelta(minutes=30), {"signupId": gone}))
    return events
