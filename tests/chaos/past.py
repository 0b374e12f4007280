"""Chapters of the past: sessions with who signed up, who came, how many heads, and what was mended afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tests.chaos.ledger import Json, Posted
from tests.chaos.story import Voice

KINDS = ("bingo", "walk", "meal", "meeting-place", "congress", "course", "sport")
GOALS = ("awareness", "initiative", "local-approach")
_FIRST = datetime(2024, 1, 3, 8, tzinfo=UTC)
_DAYS = 1000


@dataclass(frozen=True, slots=True)
class Session:
    """One activity that was."""

    key: str
    starts: datetime
    plan: Json


def session(voice: Voice, number: int) -> Iterator[Posted]:
    """Scheduled, signed up for, held or not, written down, mended."""
    dice = voice.dice
    held = _session(voice, number)
    before = held.starts - timedelta(days=14)
    yield voice.tell("activity-scheduled", before, held.plan)
    signups = list(_signups(voice, held))
    yield from signups
    yield from _withdrawals(voice, held, signups)
    if dice.random() < 0.06:
        yield voice.tell("activity-scheduled", before + timedelta(days=2), held.plan | {"capacity": 60})
    if dice.random() < 0.05:
        yield voice.tell("activity-cancelled", before + timedelta(days=3), {"activityId": held.key, "reason": "ziek"})
        if dice.random() < 0.3:
            yield voice.tell("activity-scheduled", before + timedelta(days=4), held.plan)
    facts = [*_attendances(voice, held, signups), *_counts(voice, held)]
    yield from facts
    yield from _mended(voice, held, facts)


def _session(voice: Voice, number: int) -> Session:
    dice = voice.dice
    starts = _FIRST + timedelta(days=(number * 37) % _DAYS, hours=dice.randrange(12), minutes=dice.choice((0, 15, 30)))
    key = f"was-{number}"
    plan: Json = {
        "activityId": key,
        "title": f"Middag {number}",
        "kind": dice.choice(KINDS),
        "goal": dice.choice(GOALS),
        "startsAt": starts.isoformat(),
        "endsAt": (starts + timedelta(hours=2)).isoformat(),
        "location": {
            "name": "Buurthuis",
            "neighbourhood": dice.choice(("Binnenstad", "De Riet", "Nieuwstraatkwartier")),
        },
    }
    if dice.random() < 0.7:
        plan["seriesId"] = f"reeks-{number % 12}"
    if dice.random() < 0.5:
        plan["capacity"] = dice.randrange(4, 40)
    return Session(key, starts, plan)


def _signups(voice: Voice, held: Session) -> Iterator[Posted]:
    dice = voice.dice
    for number in range(dice.randrange(3, 12)):
        data: Json = {
            "signupId": f"{held.key}-s{number}",
            "activityId": held.key,
            "participant": voice.people.told(voice.people.some()),
        }
        if dice.random() < 0.15:
            data["role"] = dice.choice(("volunteer", "professional"))
        if dice.random() < 0.2:
            data["partySize"] = dice.randrange(2, 4)
        yield voice.tell("signup-placed", held.starts - timedelta(days=dice.randrange(1, 12)), data)


def _withdrawals(voice: Voice, held: Session, signups: list[Posted]) -> Iterator[Posted]:
    for signup in signups:
        if voice.dice.random() < 0.12:
            moment = held.starts - timedelta(hours=voice.dice.randrange(2, 20))
            yield voice.tell("signup-withdrawn", moment, {"signupId": signup.data["signupId"]})


def _attendances(voice: Voice, held: Session, signups: list[Posted]) -> Iterator[Posted]:
    dice = voice.dice
    for signup in signups:
        outcome = dice.choices(("present", "absent", "excused"), (8, 2, 1))[0]
        data = {"activityId": held.key, "signupId": signup.data["signupId"], "outcome": outcome}
        yield voice.tell("attendance-recorded", held.starts + timedelta(hours=3), data)
    for _ in range(dice.randrange(15, 55)):
        data = {
            "activityId": held.key,
            "participant": voice.people.told(voice.people.some()),
            "outcome": dice.choices(("present", "absent"), (19, 1))[0],
        }
        if dice.random() < 0.1:
            data["role"] = dice.choice(("volunteer", "professional"))
        if dice.random() < 0.05:
            data["partySize"] = dice.randrange(2, 5)
        yield voice.tell("attendance-recorded", held.starts + timedelta(hours=3), data)


def _counts(voice: Voice, held: Session) -> Iterator[Posted]:
    for door in range(voice.dice.randrange(3)):
        data: Json = {"activityId": held.key, "countKey": f"deur-{door}", "value": voice.dice.randrange(80)}
        if voice.dice.random() < 0.3:
            data["method"] = voice.dice.choice(("tally", "estimate"))
        yield voice.tell("visitors-counted", held.starts + timedelta(hours=2), data)


def _mended(voice: Voice, held: Session, facts: list[Posted]) -> Iterator[Posted]:
    """Later words win, older ones do not."""
    dice = voice.dice
    for fact in dice.sample(facts, min(len(facts), 3)):
        moment = held.starts + timedelta(days=dice.choice((-1, 1, 2)))
        if fact.name == "visitors-counted":
            yield voice.tell(fact.name, moment, fact.data | {"value": dice.choice((None, 0, 25))})
        else:
            outcome = dice.choice(("void", "present", "absent"))
            yield voice.tell(fact.name, moment, fact.data | {"outcome": outcome})


def coalition(voice: Voice, number: int) -> Iterator[Posted]:
    """Beside the sessions: outreach, volunteers, members, people to forget."""
    dice = voice.dice
    day = (_FIRST + timedelta(days=(number * 37) % _DAYS)).date()
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    if number % 2 == 0:
        yield from _outreach(voice, number, day, noon)
    if number % 3 == 0:
        start = {"assignmentId": f"v-{number}", "participant": voice.people.told(voice.people.some())}
        start |= {"from": day.isoformat()} | ({"seriesId": f"reeks-{number % 12}"} if dice.random() < 0.5 else {})
        yield voice.tell("volunteer-assigned", noon, start)
        if dice.random() < 0.4:
            until = {
                "assignmentId": f"v-{number}",
                "until": (day + timedelta(days=dice.randrange(-2, 400))).isoformat(),
            }
            yield voice.tell("volunteer-released", noon + timedelta(hours=1), until)
    if number % 4 == 0:
        via = {"viaActivityId": f"was-{number}"} if dice.random() < 0.5 else {}
        member = {"memberId": f"m-{number}", "kind": dice.choice(("organisation", "professional"))}
        yield voice.tell("member-joined", noon, {**member, "joinedOn": day.isoformat(), **via})
        if dice.random() < 0.3:
            left = {"memberId": f"m-{number}", "leftOn": (day + timedelta(days=dice.randrange(300))).isoformat()}
            yield voice.tell("member-left", noon + timedelta(hours=1), left)
    if number % 25 == 24:
        yield from _forgotten(voice, number)


def _outreach(voice: Voice, number: int, day: date, noon: datetime) -> Iterator[Posted]:
    dice = voice.dice
    data: Json = {
        "outreachId": f"o-{number}",
        "kind": dice.choice(("cards", "flowers", "lights", "stand", "other")),
        "label": "Actie",
        "date": day.isoformat(),
        "goal": dice.choice(GOALS),
    }
    if dice.random() < 0.8:
        data |= {"quantity": dice.randrange(500), "precision": dice.choice(("exact", "about"))}
    if dice.random() < 0.4:
        data["personalised"] = dice.randrange(200)
    yield voice.tell("outreach-recorded", noon, data)
    if dice.random() < 0.2:
        yield voice.tell("outreach-recorded", noon + timedelta(days=1), data | {"void": dice.random() < 0.5})


def _forgotten(voice: Voice, number: int) -> Iterator[Posted]:
    """Somebody wants to be forgotten; what is still told about that person afterwards is about somebody new."""
    who = voice.people.some()
    told = voice.people.told(who)
    person = {name: told[name] for name in ("ref", "sharedRef") if name in told}
    voice.people.erased.append(who)
    yield voice.tell("participant-erased", None, {"participant": person})
    for back in range(voice.dice.randrange(4)):
        data = {"activityId": f"was-{max(0, number - back)}", "participant": told, "outcome": "present"}
        yield voice.tell("attendance-recorded", None, data)
