"""Posted CloudEvents for tests: every type, valid unless a test changes it, and the same for the same arguments."""

import hashlib
import json
from typing import Any

Json = dict[str, Any]

NOW = "2026-03-01T12:00:00Z"
"""The moment at which the tests' own clocks begin; events happen then unless they say otherwise."""
STARTS, ENDS = "2026-03-10T14:00:00+01:00", "2026-03-10T16:00:00+01:00"
PARTNER = "avedan"


def event(name: str, data: Any, *, event_id: str | None = None, time: str = NOW, **attributes: Any) -> Json:
    """A CloudEvent of type `nl.meedoen.<name>.v1`; without an id, equal content has an equal one."""
    whole = {
        "specversion": "1.0",
        "source": f"urn:nld:test:{attributes.get('partnerid', PARTNER)}",
        "type": f"nl.meedoen.{name}.v1",
        "time": time,
        "datacontenttype": "application/json",
        "data": data,
        **attributes,
    }
    content = json.dumps(whole, sort_keys=True, default=str).encode()
    return {"id": event_id or hashlib.sha256(content).hexdigest()[:16], **whole}


def _split(members: Json) -> tuple[Json, Json]:
    """CloudEvent attributes are lower-case words of their own; everything else is a member of `data`."""
    mine = ("event_id", "time", "source", "partnerid")
    return {k: v for k, v in members.items() if k in mine}, {k: v for k, v in members.items() if k not in mine}


def _told(name: str, defaults: Json, members: Json) -> Json:
    attributes, data = _split(members)
    return event(name, {**defaults, **data}, **attributes)


def participant(ref: str = "client-1", **members: Any) -> Json:
    """A person as a partner names one."""
    return {"ref": ref, **members}


def activity(activity_id: str = "bingo-1", **members: Any) -> Json:
    """`activity-scheduled`: a bingo on 10 March 2026, 14:00 in Almelo."""
    defaults = {
        "activityId": activity_id,
        "title": "Bingo",
        "kind": "bingo",
        "goal": "initiative",
        "startsAt": STARTS,
        "endsAt": ENDS,
        "location": {"name": "Het Trefpunt"},
    }
    return _told("activity-scheduled", defaults, members)


def cancellation(activity_id: str = "bingo-1", **members: Any) -> Json:
    """`activity-cancelled`."""
    return _told("activity-cancelled", {"activityId": activity_id}, members)


def signup(signup_id: str = "signup-1", activity_id: str = "bingo-1", ref: str = "", **members: Any) -> Json:
    """`signup-placed`; without a `ref` every sign-up is somebody else's."""
    defaults = {"signupId": signup_id, "activityId": activity_id, "participant": participant(ref or f"of-{signup_id}")}
    return _told("signup-placed", defaults, members)


def withdrawal(signup_id: str = "signup-1", **members: Any) -> Json:
    """`signup-withdrawn`."""
    return _told("signup-withdrawn", {"signupId": signup_id}, members)


def attendance(activity_id: str = "bingo-1", ref: str = "client-1", outcome: str = "present", **members: Any) -> Json:
    """`attendance-recorded` of a person, or of a sign-up where `signupId` is given."""
    who = {} if "signupId" in members or "participant" in members else {"participant": participant(ref)}
    return _told("attendance-recorded", {"activityId": activity_id, "outcome": outcome, **who}, members)


def head_count(activity_id: str = "bingo-1", value: int | None = 12, count_key: str = "total", **members: Any) -> Json:
    """`visitors-counted`."""
    return _told("visitors-counted", {"activityId": activity_id, "countKey": count_key, "value": value}, members)


def outreach(outreach_id: str = "cards-1", **members: Any) -> Json:
    """`outreach-recorded`: a hundred cards."""
    defaults = {
        "outreachId": outreach_id,
        "kind": "cards",
        "label": "Kaartenactie",
        "date": "2026-02-14",
        "goal": "awareness",
        "quantity": 100,
    }
    return _told("outreach-recorded", defaults, members)


def assignment(assignment_id: str = "shift-1", ref: str = "volunteer-1", **members: Any) -> Json:
    """`volunteer-assigned`."""
    defaults = {"assignmentId": assignment_id, "participant": participant(ref), "from": "2026-01-01"}
    return _told("volunteer-assigned", defaults, members)


def release(assignment_id: str = "shift-1", until: str = "2026-12-31", **members: Any) -> Json:
    """`volunteer-released`."""
    return _told("volunteer-released", {"assignmentId": assignment_id, "until": until}, members)


def membership(member_id: str = "member-1", **members: Any) -> Json:
    """`member-joined`."""
    defaults = {"memberId": member_id, "kind": "organisation", "joinedOn": "2026-01-15"}
    return _told("member-joined", defaults, members)


def departure(member_id: str = "member-1", left_on: str = "2026-02-28", **members: Any) -> Json:
    """`member-left`."""
    return _told("member-left", {"memberId": member_id, "leftOn": left_on}, members)


def erasure(ref: str = "client-1", shared_ref: str | None = None, **members: Any) -> Json:
    """`participant-erased`."""
    who = participant(ref, sharedRef=shared_ref) if shared_ref else participant(ref)
    return _told("participant-erased", {"participant": who}, members)
