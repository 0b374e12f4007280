"""The least and the most that partners can say in each posted type, straight from contract section 3."""

from datetime import UTC, datetime
from typing import Any

from services.registration.domain.commands import Post
from services.registration.schemas.cloud_event import Door, read_post
from shared.errors import FieldFault, Refusal
from shared.http.keys import Caller
from tests.factories import event

KEY = b"k" * 32
CLOCK = datetime(2026, 3, 1, 12, tzinfo=UTC)
AVEDAN = Caller("key-1", "avedan", frozenset({"events:write"}))

PERSON: dict[str, Any] = {
    "ref": "client-1",
    "sharedRef": "pas-7",
    "name": "Een Deelnemer",
    "email": "deelnemer@example.org",
    "phone": "+31 6 00000000",
    "address": {"street": "Voorbeeldstraat 1", "postalCode": "7600 AA", "city": "Almelo"},
    "ageBand": "75-84",
    "neighbourhood": "Noorderkwartier",
    "reachVia": "letter",
}
MINIMAL: dict[str, dict[str, Any]] = {
    "activity-scheduled": {
        "activityId": "bingo-1",
        "title": "Bingo",
        "kind": "bingo",
        "goal": "initiative",
        "startsAt": "2026-03-10T14:00:00+01:00",
        "endsAt": "2026-03-10T16:00:00+01:00",
        "location": {"name": "Het Trefpunt"},
    },
    "activity-cancelled": {"activityId": "bingo-1"},
    "signup-placed": {"signupId": "s1", "activityId": "bingo-1", "participant": {"ref": "client-1"}},
    "signup-withdrawn": {"signupId": "s1"},
    "attendance-recorded": {"activityId": "bingo-1", "participant": {"ref": "client-1"}, "outcome": "present"},
    "visitors-counted": {"activityId": "bingo-1", "countKey": "total", "value": 0},
    "outreach-recorded": {
        "outreachId": "cards-1",
        "kind": "cards",
        "label": "Kaartenactie",
        "date": "2026-02-14",
        "goal": "awareness",
    },
    "volunteer-assigned": {"assignmentId": "a1", "participant": {"ref": "client-1"}, "from": "2026-01-01"},
    "volunteer-released": {"assignmentId": "a1", "until": "2026-12-31"},
    "member-joined": {"memberId": "m1", "kind": "professional", "joinedOn": "2026-01-15"},
    "member-left": {"memberId": "m1", "leftOn": "2026-02-28"},
    "participant-erased": {"participant": {"ref": "client-1"}},
}
FULL: dict[str, dict[str, Any]] = {
    "activity-scheduled": {
        **MINIMAL["activity-scheduled"],
        "location": {"name": "Het Trefpunt", "address": "Voorbeeldplein 2", "neighbourhood": "Centrum"},
        "capacity": 40,
        "volunteerCapacity": 4,
        "waitingList": False,
        "participation": "signup",
        "seriesId": "bingo",
        "description": "Eerst koffie.\nDaarna bingo.",
        "contactPhone": "0546 000000",
        "signupClosesAt": "2026-03-09T12:00:00Z",
    },
    "activity-cancelled": {"activityId": "avedan/bingo-1", "reason": "De zaal is dicht."},
    "signup-placed": {
        "signupId": "s1",
        "activityId": "humanitas/walk-1",
        "participant": PERSON,
        "role": "volunteer",
        "partySize": 2,
        "reminders": False,
    },
    "signup-withdrawn": {"signupId": "s1", "reason": "Kan toch niet."},
    "attendance-recorded": {
        "activityId": "bingo-1",
        "signupId": "humanitas/s9",
        "outcome": "excused",
        "role": "professional",
        "partySize": 3,
    },
    "visitors-counted": {"activityId": "bingo-1", "countKey": "door", "value": None, "method": "estimate"},
    "outreach-recorded": {
        **MINIMAL["outreach-recorded"],
        "seriesId": "kaarten",
        "quantity": 1200,
        "personalised": 300,
        "precision": "about",
        "personalisedPrecision": "more-than",
        "void": True,
    },
    "volunteer-assigned": {
        "assignmentId": "a1",
        "participant": PERSON,
        "seriesId": "humanitas/huiskamer",
        "from": "2026-01-01",
    },
    "volunteer-released": MINIMAL["volunteer-released"],
    "member-joined": {**MINIMAL["member-joined"], "viaActivityId": "congress-2026"},
    "member-left": MINIMAL["member-left"],
    "participant-erased": {"participant": {"ref": "client-1", "sharedRef": "pas-7"}},
}


def read(posted: Any, caller: Caller = AVEDAN) -> Post:
    """What the door makes of an event; raises Refusal."""
    return read_post(Door(CLOCK, caller, KEY), posted)


def refusal(posted: Any, caller: Caller = AVEDAN) -> Refusal:
    """Why the door refuses an event; fails if it does not."""
    try:
        read(posted, caller)
    except Refusal as refused:
        return refused
    raise AssertionError("the door let it in")


def faults(name: str, data: Any) -> dict[str, str]:
    """Pointer -> code of every fault in the data of an event."""
    return by_pointer(refusal(event(name, data)).faults)


def by_pointer(found: tuple[FieldFault, ...]) -> dict[str, str]:
    """Pointer -> code."""
    return {fault.pointer: fault.code for fault in found}


def changed(name: str, **members: Any) -> dict[str, Any]:
    """The least of a type, with other members."""
    return {**MINIMAL[name], **members}
