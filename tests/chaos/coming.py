"""Chapters of what comes: activities around the night in which the clock changes, with people who want to be told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.chaos.ledger import Json, Posted
from tests.chaos.story import PARTNERS, Voice

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SPRING, AUTUMN = datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
"""When the clock goes forward, and back."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much comes, and the stretch of the clock in which the run takes place."""

    activities: int
    signups: int
    begins: datetime
    length: timedelta
    spring: bool


def coming(voice: Voice, plan: Plan) -> Iterator[Posted]:
    """Every activity with its people; some are moved, cancelled, restored or widened after that."""
    for number in range(plan.activities):
        starts = _start(voice, plan, number)
        data = _activity(voice, number, starts)
        yield voice.tell("activity-scheduled", None, data)
        signups = list(_signups(voice, plan, data["activityId"]))
        yield from signups
        for signup in signups:
            if voice.dice.random() < 0.12:
                yield voice.tell("signup-withdrawn", None, {"signupId": signup.data["signupId"]})
        yield from _turns(voice, number, data, starts)


def _start(voice: Voice, plan: Plan, number: int) -> datetime:
    """So that reminders come due all through the run: the day after, two hours on, or some other week."""
    due = plan.begins + plan.length * (0.1 + 0.8 * voice.dice.random())
    way = number % 4
    if way == 0:
        return _wall_a_day_later(due)
    if way == 1:  # in spring the hour that does not exist; else once more
        hour_back = timedelta(hours=1) if plan.spring and due >= SPRING else timedelta()
        return _wall_a_day_later(due) - hour_back
    if way == 2:
        return due.replace(second=0, microsecond=0) + timedelta(hours=2)
    return due.replace(second=0, microsecond=0) + timedelta(days=voice.dice.randrange(3, 30))


def _wall_a_day_later(due: datetime) -> datetime:
    local = due.astimezone(AMSTERDAM).replace(tzinfo=None, second=0, microsecond=0) + timedelta(days=1)
    return local.replace(tzinfo=AMSTERDAM).astimezone(UTC)


def _activity(voice: Voice, number: int, starts: datetime) -> Json:
    data: Json = {
        "activityId": f"komt-{number}",
        "title": "Bingoavond",
        "kind": "bingo",
        "goal": "initiative",
        "startsAt": starts.isoformat(),
        "endsAt": (starts + timedelta(hours=2)).isoformat(),
        "location": {"name": "De Bron", "address": "Markt 1", "neighbourhood": "Binnenstad"},
        "contactPhone": "0546 000 000",
    }
    if voice.dice.random() < 0.6:
        data |= {"capacity": voice.dice.randrange(8, 20), "volunteerCapacity": 2}
    return data


def _signups(voice: Voice, plan: Plan, activity: str) -> Iterator[Posted]:
    for number in range(plan.signups):
        data: Json = {
            "signupId": f"{activity}-s{number}",
            "activityId": activity,
            "participant": voice.people.reachable(voice.people.some()),
        }
        if voice.dice.random() < 0.1:
            data["role"] = "volunteer"
        if voice.dice.random() < 0.15:
            data["partySize"] = 2
        if voice.dice.random() < 0.05:
            data["reminders"] = False
        yield voice.tell("signup-placed", None, data)


def _turns(voice: Voice, number: int, data: Json, starts: datetime) -> Iterator[Posted]:
    """What happens to it afterwards."""
    key = data["activityId"]
    turn = number % 6
    if turn == 1:
        later = {"startsAt": (starts + timedelta(minutes=30)).isoformat()}
        later["endsAt"] = (starts + timedelta(hours=3)).isoformat()
        yield voice.tell("activity-scheduled", None, data | later)
    elif turn == 3:
        yield voice.tell("activity-cancelled", None, {"activityId": key, "reason": "storm"})
    elif turn == 4 and "capacity" in data:
        yield voice.tell("activity-scheduled", None, data | {"capacity": data["capacity"] + 5})
    elif turn == 5:
        other = PARTNERS[(PARTNERS.index(voice.partner) + 1) % len(PARTNERS)]
        person = voice.people.reachable(voice.people.some())
        referral = {"signupId": f"{key}-doorverwezen", "activityId": f"{other}/komt-0", "participant": person}
        yield voice.tell("signup-placed", None, referral)
