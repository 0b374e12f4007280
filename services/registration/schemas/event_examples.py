"""Examples of posted events: a small story that can be posted from top to bottom."""

from typing import Any, Final

from services.registration.schemas.result_models import SOURCE

Example = dict[str, Any]
RECORDED = "2026-10-01T10:00:00+02:00"


def _posted(name: str, number: int, data: Example) -> Example:
    return {
        "specversion": "1.0",
        "id": f"2026-{number:06d}",
        "source": SOURCE,
        "type": f"nl.meedoen.{name}.v1",
        "time": RECORDED,
        "datacontenttype": "application/json",
        "data": data,
    }


_PERSON: Final[Example] = {"ref": "klant-4711", "ageBand": "65-74", "email": "deelnemer@example.org"}
_ACTIVITY: Final = "bingo-2026-10-24"

STORY: Final[dict[str, Example]] = {
    "activity-scheduled": _posted(
        "activity-scheduled",
        1,
        {
            "activityId": _ACTIVITY,
            "title": "Bingo",
            "kind": "bingo",
            "goal": "initiative",
            "startsAt": "2026-10-24T14:00:00+02:00",
            "endsAt": "2026-10-24T16:00:00+02:00",
            "location": {"name": "Het Trefpunt", "address": "Voorbeeldplein 2", "neighbourhood": "Centrum"},
            "capacity": 40,
            "seriesId": "bingo",
        },
    ),
    "signup-placed": _posted(
        "signup-placed", 2, {"signupId": "aanmelding-123", "activityId": _ACTIVITY, "participant": _PERSON}
    ),
    "attendance-recorded": _posted(
        "attendance-recorded", 3, {"activityId": _ACTIVITY, "signupId": "aanmelding-123", "outcome": "present"}
    ),
    "visitors-counted": _posted(
        "visitors-counted", 4, {"activityId": _ACTIVITY, "countKey": "totaal", "value": 32, "method": "tally"}
    ),
    "signup-withdrawn": _posted("signup-withdrawn", 5, {"signupId": "aanmelding-123"}),
    "activity-cancelled": _posted("activity-cancelled", 6, {"activityId": _ACTIVITY, "reason": "De zaal is dicht."}),
    "outreach-recorded": _posted(
        "outreach-recorded",
        7,
        {
            "outreachId": "kaarten-2026",
            "kind": "cards",
            "label": "Kaartenactie",
            "date": "2026-02-14",
            "goal": "awareness",
            "quantity": 1200,
            "precision": "about",
        },
    ),
    "volunteer-assigned": _posted(
        "volunteer-assigned",
        8,
        {"assignmentId": "inzet-7", "participant": {"ref": "vrijwilliger-3"}, "from": "2026-01-01"},
    ),
    "volunteer-released": _posted("volunteer-released", 9, {"assignmentId": "inzet-7", "until": "2026-12-31"}),
    "member-joined": _posted(
        "member-joined", 10, {"memberId": "lid-12", "kind": "organisation", "joinedOn": "2026-01-15"}
    ),
    "member-left": _posted("member-left", 11, {"memberId": "lid-12", "leftOn": "2026-02-28"}),
    "participant-erased": _posted("participant-erased", 12, {"participant": {"ref": "klant-4711"}}),
}
"""Short name of the type -> an event; each finds what it points at among those before it."""

TITLES: Final[dict[str, str]] = {
    "activity-scheduled": "Een activiteit plannen",
    "signup-placed": "Iemand aanmelden",
    "attendance-recorded": "Iemand was er",
    "visitors-counted": "Bezoekers geteld",
    "signup-withdrawn": "Iemand afmelden",
    "activity-cancelled": "Een activiteit afgelasten",
    "outreach-recorded": "Een kaartenactie",
    "volunteer-assigned": "Een vrijwilliger begint",
    "volunteer-released": "Een vrijwilliger stopt",
    "member-joined": "Een organisatie wordt lid",
    "member-left": "Een lid stopt",
    "participant-erased": "Iemand vergeten",
}
"""What each example shows."""

_WALK: Final = "wandeling-2026-10-31"
BATCH: Final[list[Example]] = [
    _posted(
        "activity-scheduled",
        124,
        {
            "activityId": _WALK,
            "title": "Wandeling langs het kanaal",
            "kind": "walk",
            "goal": "initiative",
            "startsAt": "2026-10-31T10:00:00+01:00",
            "endsAt": "2026-10-31T11:30:00+01:00",
            "location": {"name": "Het Trefpunt"},
        },
    ),
    _posted(
        "signup-placed", 125, {"signupId": "aanmelding-125", "activityId": _WALK, "participant": {"ref": "klant-8"}}
    ),
    _posted("visitors-counted", 126, {"activityId": "nooit-gemeld", "countKey": "totaal", "value": 3}),
]
"""Two that are taken, and one that is refused."""
