"""Domain values of registration for unit tests: valid unless a test changes them."""

from datetime import UTC, datetime
from typing import Any

from services.registration.domain.activities import Activity, scheduled
from services.registration.domain.commands import Plan
from services.registration.domain.order import Stamp, stamp
from services.registration.domain.signups import Signup

START = datetime(2026, 3, 10, 13, tzinfo=UTC)
BEFORE = datetime(2026, 3, 1, 12, tzinfo=UTC)


def rank(minute: int, event_id: str = "event", source: str = "urn:nld:test") -> Stamp:
    """The stamp of a fact that many minutes after noon."""
    return stamp(BEFORE.replace(minute=minute), event_id, source)


def plan(**members: Any) -> Plan:
    """A bingo of two hours."""
    defaults = {
        "title": "Bingo",
        "kind": "bingo",
        "goal": "initiative",
        "starts_at": START,
        "ends_at": START.replace(hour=15),
        "location_name": "Het Trefpunt",
    }
    return Plan(**{**defaults, **members})


def activity(**members: Any) -> Activity:
    """The activity `avedan/bingo` as its first plan makes it."""
    return scheduled(None, "avedan/bingo", plan(**members), rank(0)).activity


def signup(number: int = 1, party_size: int = 1, status: str = "waitlisted", role: str = "participant") -> Signup:
    """The sign-up that arrived as `number`."""
    return Signup(
        ref=f"avedan/s{number}",
        partner_id="avedan",
        signup_id=f"s{number}",
        activity="avedan/bingo",
        pid=f"pid-{number}",
        participant_ref=f"client-{number}",
        role=role,
        party_size=party_size,
        reminders=True,
        status=status,
        placed_at=BEFORE,
        arrived_at=BEFORE,
        arrival=number,
        confirmed_at=BEFORE if status == "confirmed" else None,
        promoted=False,
        age_band=None,
        neighbourhood=None,
        version=1,
    )
