"""Disorder as it comes: late facts, corrections, repeats, new ids, and sign-ups that are refused."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from examples.almelo.envelope import Data, Event, local
from examples.almelo.people import Person, References
from examples.almelo.sessions import Session

LATE_SHARE: Final = 0.04
REPEATS: Final = {"attendance-recorded": 80, "signup-placed": 25, "activity-scheduled": 10, "visitors-counted": 5}
AGAIN: Final = 40
ALREADY: Final = 5
CORRECTED: Final = {("never-came", 2023): 4, ("never-came", 2024): 8, ("came", 2023): 4, ("came", 2024): 8}
"""Facts that were first told the other way round. The first of each group is mended in good order."""


def disturb(events: list[Event], rng: random.Random) -> list[Event]:
    """The same facts, told as partners tell them. Sign-ups keep their order; activities stay ahead of theirs."""
    recorded = [event for event in events if event.name == "attendance-recorded"]
    others = [event for event in events if event.name != "attendance-recorded"]
    to_mend, plain = _choose(recorded, rng)
    late = set(rng.sample([event.id for event in plain], round(LATE_SHARE * len(recorded))))
    plain = [_arriving(event, rng, late=event.id in late) for event in plain]
    corrections = [fact for pair in to_mend for fact in _correction(*pair, rng)]
    repeated = _repeats(plain + others, rng)
    return others + plain + corrections + repeated + _under_new_ids(plain + others, repeated, rng)


def _choose(recorded: list[Event], rng: random.Random) -> tuple[list[tuple[Event, bool]], list[Event]]:
    """The facts that are corrections, each with whether it comes in good order, and all others."""
    chosen: list[tuple[Event, bool]] = []
    for (mark, year), count in CORRECTED.items():
        group = [event for event in recorded if event.mark == mark and event.time.year == year]
        chosen += [(event, place == 0) for place, event in enumerate(rng.sample(group, count))]
    ids = {event.id for event, _ in chosen}
    return chosen, [event for event in recorded if event.id not in ids]


def _arriving(event: Event, rng: random.Random, *, late: bool) -> Event:
    """From a host's telephone within two days, or from a pile of paper 3 to 10 weeks later."""
    wait = timedelta(days=21 + rng.randrange(49)) if late else timedelta(0)
    return replace(event, arrival=event.arrival + wait + timedelta(seconds=rng.randrange(40 * 3600)))


def _correction(event: Event, in_order: bool, rng: random.Random) -> list[Event]:
    """What was believed at first, and the event as its correction some days later; mostly the first arrives last."""
    wrong = "absent" if event.data["outcome"] == "present" else "present"
    corrected = event.time + timedelta(days=1 + rng.randrange(4), seconds=rng.randrange(3600))
    newer = replace(event, id=f"{event.id}.c", time=corrected, arrival=corrected + timedelta(hours=1))
    delay = timedelta(minutes=9) if in_order else timedelta(days=8 + rng.randrange(14))
    return [replace(event, data=event.data | {"outcome": wrong}, arrival=event.time + delay), newer]


def _repeats(events: list[Event], rng: random.Random) -> list[Event]:
    """The very same events once more: retries within a minute and a half, or a file that is posted twice."""
    repeated = []
    for name, count in REPEATS.items():
        for event in rng.sample([event for event in events if event.name == name], count):
            retry = timedelta(seconds=1 + rng.randrange(90))
            wait = rng.choice((retry, timedelta(days=1 + rng.randrange(30))))
            repeated.append(replace(event, arrival=event.arrival + wait))
    return repeated


def _under_new_ids(events: list[Event], repeated: list[Event], rng: random.Random) -> list[Event]:
    """The same facts at the same time under other ids, greater ones: they win the tie and change nothing."""
    used = {event.id for event in repeated}
    facts = [event for event in events if event.name == "attendance-recorded" and event.id not in used]
    flowers = [event for event in events if event.id == "out.bloemen"]
    return [
        replace(event, id=f"{event.id}.n", arrival=event.arrival + timedelta(days=1 + rng.randrange(20)))
        for event in rng.sample(facts, AGAIN) + flowers
    ]


def refused(events: list[Event], sessions: list[Session], refs: References, rng: random.Random) -> list[Event]:
    """Five who are signed up already, and two who come too late: after the start, and after sign-up closed.

    Nobody of the five withdraws later on, or a second load of the file would accept them.
    """
    again = []
    for event in rng.sample([event for event in events if event.mark == "stays"], ALREADY):
        time = event.time + timedelta(minutes=30 + rng.randrange(36 * 60))
        data = event.data | {"signupId": f"{event.data['signupId']}.b"}
        again.append(replace(event, id=f"{event.id}.b", time=time, arrival=time, data=data))
    at_the_door = next(s for s in sessions if s.activity["kind"] == "bingo" and s.walk_ins)
    regrets = next(s for s in sessions if s.activity["kind"] == "visit" and s.withdrawn)
    eve = local(regrets.starts.date() - timedelta(days=1), "18:20")
    return [
        *again,
        _too_late(at_the_door, at_the_door.walk_ins[0], refs, at_the_door.starts + timedelta(minutes=8)),
        _too_late(regrets, regrets.withdrawn[0], refs, eve),
    ]


def _too_late(session: Session, person: Person, refs: References, time: datetime) -> Event:
    signup = f"{session.activity_id}.late"
    data: Data = {
        "signupId": signup,
        "activityId": session.activity_id,
        "participant": refs.participant(session.partner, person),
    }
    return Event(session.partner, "signup-placed", f"signup.{signup}", time, data, time)
