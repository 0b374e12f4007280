"""The event log as anybody with the key reads it, and each event's post."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import httpx

from tests.chaos.ledger import Json, Posted

OWN_TYPES: Mapping[str, tuple[str, ...]] = {
    "activity-scheduled": ("activity-scheduled", "activity-changed", "activity-cancelled"),
    "activity-cancelled": ("activity-scheduled", "activity-changed", "activity-cancelled"),
    "signup-placed": ("signup-confirmed", "signup-waitlisted"),
    "signup-withdrawn": ("signup-withdrawn",),
    "attendance-recorded": ("attendance-recorded",),
    "visitors-counted": ("visitors-counted",),
    "outreach-recorded": ("outreach-recorded",),
    "volunteer-assigned": ("volunteer-assigned", "volunteer-released"),
    "volunteer-released": ("volunteer-assigned", "volunteer-released"),
    "member-joined": ("member-joined", "member-left"),
    "member-left": ("member-joined", "member-left"),
    "participant-erased": ("participant-erased",),
}
"""What a post's own event may be called; whatever else it leads to is about other subjects."""


@dataclass(frozen=True, slots=True)
class Event:
    """One item of the log."""

    sequence: int
    event_id: str
    name: str
    subject: str
    data: Json

    @property
    def post(self) -> datetime:
        """The post that it comes from: no two have the same time. Its partner may be another than the event's."""
        return datetime.fromisoformat(self.data["occurredAt"])


@dataclass(frozen=True)
class LogCopy:
    """All of it."""

    events: Sequence[Event]
    head: int

    @cached_property
    def states(self) -> dict[str, Event]:
        """The highest version of every subject."""
        found: dict[str, Event] = {}
        for event in self.events:
            known = found.get(event.subject)
            if known is None or event.data["version"] > known.data["version"]:
                found[event.subject] = event
        return found

    @cached_property
    def by_post(self) -> dict[datetime, list[Event]]:
        """What each post led to."""
        found: dict[datetime, list[Event]] = defaultdict(list)
        for event in self.events:
            if not event.name.startswith("partner-"):
                found[event.post].append(event)
        return found

    def own(self, post: Posted) -> list[Event]:
        """The events that tell the post itself."""
        return [event for event in self.by_post.get(origin(post), []) if event.name in OWN_TYPES[post.name]]


def origin(post: Posted) -> datetime:
    """As `Event.post`."""
    return datetime.fromisoformat(post.time)


def read_log(client: httpx.Client) -> LogCopy:
    """Page by page to the end."""
    events: list[Event] = []
    while True:
        after = events[-1].sequence if events else 0
        answer = client.get("/v1/log", params={"after": after, "limit": 1000})
        answer.raise_for_status()
        page: Any = answer.json()
        events += [_event(item) for item in page["items"]]
        if page["next"] is None:
            return LogCopy(events, page["head"])


def _event(item: Json) -> Event:
    name = item["type"].removeprefix("nl.meedoen.").removesuffix(".v1")
    return Event(item["sequence"], item["id"], name, item["subject"], item["data"])
