"""Short ways to write down activities, sign-ups and messages for planning."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.notifications.domain.facts import Activity, ActivityVersion, Message, Signup
from services.notifications.domain.policy import LANES

START = datetime(2026, 11, 15, 13, tzinfo=UTC)
"""Sunday 15 November, 14:00 in Amsterdam."""
EARLY = datetime(2026, 11, 1, 9, tzinfo=UTC)
REF = "avedan/s1"


def activity(*versions: dict[str, Any]) -> Activity:
    """Versions in order, each the one before with changes."""
    members: dict[str, Any] = {
        "ref": "avedan/bingo",
        "version": 0,
        "title": "Bingo",
        "starts_at": START,
        "ends_at": START + timedelta(hours=2),
        "place": "De Schelf",
        "address": None,
        "contact_phone": None,
        "status": "scheduled",
        "reason": None,
        "recorded_at": EARLY - timedelta(days=1),
    }
    made = []
    for changes in versions or ({},):
        members = {**members, "version": members["version"] + 1, **changes}
        made.append(ActivityVersion(**members))
    return Activity(tuple(made))


def signup(**changes: Any) -> Signup:
    """Confirmed, early."""
    members: dict[str, Any] = {
        "ref": REF,
        "partner_id": "avedan",
        "activity": "avedan/bingo",
        "pid": "p1",
        "role": "participant",
        "party_size": 1,
        "reminders": True,
        "status": "confirmed",
        "arrived_at": EARLY,
        "confirmed_at": EARLY,
        "promoted": False,
        "version": 1,
        "sequence": 1,
    }
    return Signup(**{**members, **changes})


def message(key: str, status: str = "scheduled", **changes: Any) -> Message:
    """A row of the sign-up."""
    kind = key.split(":", maxsplit=1)[0]
    members: dict[str, Any] = {
        "id": key,
        "dedup_key": key,
        "kind": kind,
        "partner_id": "avedan",
        "activity": "avedan/bingo",
        "signup": REF,
        "pid": "p1",
        "subject_version": 1,
        "channel": "email",
        "lane": LANES[kind],
        "moment_at": EARLY,
        "due_at": EARLY,
        "not_after": START,
        "status": status,
        "reason": None,
        "attempts": 0,
        "crashes": 0,
        "doubts": 0,
        "lease_token": None,
        "lease_until": None,
        "intent_at": None,
        "told_version": None,
        "resend_at": None,
        "sent_at": None,
        "generation": 0,
    }
    return Message(**{**members, **changes})
