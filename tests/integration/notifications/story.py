"""Events as the stream brings them, told shortly: one activity, its sign-ups, in the order they are made here."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.events.envelope import StreamEvent, cloud_event, read_members
from shared.events.model import EventData
from shared.events.streams import EVENT_CLASSES

PARTNER = "avedan"
ACTIVITY = f"{PARTNER}/bingo-1"
TOKEN = "erased-1"
START = datetime(2026, 10, 25, 13, tzinfo=UTC)
"""Sunday 25 October, 14:00 in Amsterdam, on the day the clock goes back."""
EARLY = datetime(2026, 10, 1, 10, tzinfo=UTC)
"""When things are recorded unless said otherwise."""


def _name(event_class: str) -> str:
    return f"nl.meedoen.{event_class}.v1"


@dataclass
class Story:
    """Keeps count of sequences and versions; every method makes the next event."""

    start: datetime = START
    recorded: datetime = EARLY
    activity_version: int = 0
    events: list[StreamEvent] = field(default_factory=list)
    _plan: dict[str, Any] = field(default_factory=dict)
    _versions: dict[str, int] = field(default_factory=dict)
    _signups: dict[str, dict[str, Any]] = field(default_factory=dict)

    def activity(self, **changes: Any) -> StreamEvent:
        """Scheduled the first time, changed after that."""
        name = "activity-changed" if self.activity_version else "activity-scheduled"
        return self._activity(name, {"status": "scheduled", "reason": None, **changes})

    def cancelled(self, **changes: Any) -> StreamEvent:
        return self._activity("activity-cancelled", {"status": "cancelled", **changes})

    def signup(self, key: str = "s1", what: str = "confirmed", **changes: Any) -> StreamEvent:
        """`what`: confirmed, waitlisted, promoted, withdrawn."""
        at = changes.pop("at", self.recorded)
        state = self._signups.setdefault(key, self._new_signup(key, at))
        state["status"] = {"promoted": "confirmed"}.get(what, what)
        if what in ("confirmed", "promoted"):
            state["confirmed_at"] = at
        state["promoted"] = state["promoted"] or what == "promoted"
        state.update(changes)
        state["version"] += 1
        return self._event(f"signup-{what}", f"signup/{PARTNER}/{key}", {**state}, at)

    def erased(self, pid: str) -> StreamEvent:
        data = {"version": 1, "partner_id": PARTNER, "pid": pid, "token": TOKEN}
        return self._event("participant-erased", f"person/{pid}", data, self.recorded)

    def _activity(self, name: str, changes: dict[str, Any]) -> StreamEvent:
        at = changes.pop("at", self.recorded)
        self.activity_version += 1
        if not self._plan:
            self._plan = {
                "partner_id": PARTNER,
                "activity_id": "bingo-1",
                "title": "Bingo in de Schelf",
                "kind": "bingo",
                "goal": "initiative",
                "starts_at": self.start,
                "location": {"name": "De Schelf", "address": "Marktstraat 1"},
                "contact_phone": "0546 000000",
            }
        self._plan.update(changes)
        ends = self._plan.get("ends_at") or self._plan["starts_at"] + timedelta(hours=2)
        data = {**self._plan, "version": self.activity_version, "ends_at": ends}
        return self._event(name, f"activity/{ACTIVITY}", data, at)

    def _new_signup(self, key: str, at: datetime) -> dict[str, Any]:
        return {
            "version": 0,
            "partner_id": PARTNER,
            "signup_id": key,
            "activity": ACTIVITY,
            "pid": f"pid-{key}",
            "role": "participant",
            "party_size": 1,
            "reminders": True,
            "placed_at": at,
            "arrived_at": at,
            "confirmed_at": None,
            "promoted": False,
        }

    def _event(self, name: str, subject: str, data: dict[str, Any], at: datetime) -> StreamEvent:
        cls: type[EventData] = EVENT_CLASSES[_name(name)]
        state = cls.model_validate({**data, "occurred_at": at, "recorded_at": at})
        sequence = len(self.events) + 1
        event = _through_the_wire(f"e{sequence}", subject, _name(name), at, state, sequence)
        self.events.append(event)
        return event


def _through_the_wire(
    key: str, subject: str, event_type: str, at: datetime, data: EventData, sequence: int
) -> StreamEvent:
    """As a consumer gets it: written and read again."""
    return read_members({**cloud_event(key, subject, event_type, at, data, {}), "sequence": sequence})
