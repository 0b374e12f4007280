"""One example of every event on the stream, made by the same classes that make the events themselves."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import orjson

from shared.events.envelope import SOURCE, cloud_event, write_event
from shared.events.streams import EVENT_CLASSES

_PID, _OTHER_PID = "q5m2brbdpeaqvasskclxtnxw74zyx4k4", "we5f5sa6okqyrkryngs6zehbstg7ssq4"
_BINGO = {
    "partnerId": "avedan",
    "activityId": "bingo-2026-10-24",
    "title": "Bingo in het wijkcentrum",
    "kind": "bingo",
    "goal": "initiative",
    "startsAt": "2026-10-24T12:00:00Z",
    "endsAt": "2026-10-24T14:30:00Z",
    "location": {"name": "Wijkcentrum De Brug", "neighbourhood": "De Riet"},
    "capacity": 40,
    "volunteerCapacity": 4,
    "seriesId": "avedan/bingo",
    "signupClosesAt": "2026-10-23T16:00:00Z",
}
_SIGNUP = {
    "partnerId": "avedan",
    "signupId": "s-1001",
    "activity": "avedan/bingo-2026-10-24",
    "pid": _PID,
    "role": "participant",
    "partySize": 1,
    "placedAt": "2026-10-01T08:00:00Z",
    "arrivedAt": "2026-10-01T08:00:02Z",
    "ageBand": "65-74",
    "neighbourhood": "De Riet",
}
_REFERRAL = {**_SIGNUP, "partnerId": "humanitas", "signupId": "h-77", "pid": _OTHER_PID, "partySize": 2}
_CONFIRMED = {"status": "confirmed", "confirmedAt": "2026-10-01T08:00:02Z"}
_SHIFT = {
    "partnerId": "mensdoormens",
    "assignmentId": "v-6",
    "pid": _PID,
    "seriesId": "mensdoormens/groenedael",
    "from": "2026-01-10",
}
_MEMBER = {"partnerId": "gemeente-almelo", "memberId": "m-26", "kind": "professional", "joinedOn": "2026-02-02"}
_PARTNER = {
    "partnerId": "cosbo",
    "name": "Cosbo Almelo",
    "kind": "chain-partner",
    "municipality": "GM0141",
    "joinedOn": "2020-02-01",
}
_COUNTED = {"partnerId": "avedan", "activity": "avedan/bingo-2026-10-24", "countKey": "door-1", "value": 37}
_CAME = {"partnerId": "avedan", "activity": "avedan/bingo-2026-10-24", "pid": _PID, "role": "participant"}
_CARDS = {
    "partnerId": "gemeente-almelo",
    "outreachId": "valentijn-2026",
    "kind": "cards",
    "label": "Valentijnskaarten",
    "date": "2026-02-14",
    "goal": "awareness",
    "quantity": 1000,
    "precision": "about",
}
_BINGO_SUBJECT, _SIGNUP_SUBJECT = "activity/avedan/bingo-2026-10-24", "signup/avedan/s-1001"

# Short name of the type -> (subject, version of the subject, the members of `data` that are its own).
_STORIES: dict[str, tuple[str, int, dict[str, Any]]] = {
    "activity-scheduled": (_BINGO_SUBJECT, 1, _BINGO),
    "activity-changed": (_BINGO_SUBJECT, 2, {**_BINGO, "capacity": 45}),
    "activity-cancelled": (_BINGO_SUBJECT, 3, {**_BINGO, "status": "cancelled", "reason": "De zaal is niet vrij."}),
    "signup-confirmed": (_SIGNUP_SUBJECT, 1, {**_SIGNUP, **_CONFIRMED}),
    "signup-waitlisted": ("signup/humanitas/h-77", 1, {**_REFERRAL, "status": "waitlisted", "waitingPosition": 1}),
    "signup-promoted": ("signup/humanitas/h-77", 2, {**_REFERRAL, **_CONFIRMED, "promoted": True}),
    "signup-withdrawn": (_SIGNUP_SUBJECT, 2, {**_SIGNUP, **_CONFIRMED, "status": "withdrawn"}),
    "attendance-recorded": (
        f"attendance/avedan/bingo-2026-10-24/{_PID}/participant",
        1,
        {**_CAME, "outcome": "present", "partySize": 1, "signup": "avedan/s-1001"},
    ),
    "visitors-counted": ("visits/avedan/bingo-2026-10-24/door-1", 1, {**_COUNTED, "method": "tally"}),
    "outreach-recorded": ("outreach/gemeente-almelo/valentijn-2026", 1, _CARDS),
    "volunteer-assigned": ("assignment/mensdoormens/v-6", 1, _SHIFT),
    "volunteer-released": ("assignment/mensdoormens/v-6", 2, {**_SHIFT, "until": "2026-09-30"}),
    "member-joined": ("member/gemeente-almelo/m-26", 1, _MEMBER),
    "member-left": ("member/gemeente-almelo/m-26", 2, {**_MEMBER, "leftOn": "2026-10-31"}),
    "partner-joined": ("partner/cosbo", 1, _PARTNER),
    "partner-left": ("partner/cosbo", 2, {**_PARTNER, "leftOn": "2026-12-31"}),
    "participant-erased": (
        f"person/{_PID}",
        1,
        {"partnerId": "avedan", "pid": _PID, "token": "erased-9b1f0c54e7d2436a8f60cb17d35e2a94"},
    ),
}


def example(event_type: str) -> dict[str, Any]:
    """The structured CloudEvent of a type as it stands on the stream; KeyError for a type that has no example."""
    subject, version, members = _STORIES[event_type.split(".")[2]]
    sequence = list(EVENT_CLASSES).index(event_type) + 1
    recorded = datetime.fromisoformat("2026-10-01T08:00:02+00:00") + timedelta(minutes=sequence)
    common = {"version": version, "occurredAt": recorded - timedelta(seconds=2), "recordedAt": recorded}
    data = EVENT_CLASSES[event_type].model_validate({**common, **members})
    event_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{SOURCE}:{event_type}"))
    written = write_event(cloud_event(event_id, subject, event_type, recorded, data, {}), sequence, on_stream=True)
    shown: dict[str, Any] = orjson.loads(written)
    return shown
