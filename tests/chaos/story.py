"""The story of one partner, event by event: what was, what comes, what goes wrong on purpose; the same for a seed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from tests.chaos.clock import FastClock
from tests.chaos.dice import Dice, dice
from tests.chaos.ledger import Json, Posted
from tests.chaos.people import People

PARTNERS = ("avedan", "humanitas", "impuls", "stadhuis")


@dataclass
class Voice:
    """One partner's way of telling: ids and times that never repeat, so that an event in the log names its post."""

    partner: str
    seed: int
    clock: FastClock
    dice: Dice = field(init=False)
    people: People = field(init=False)
    _number: int = 0
    recent: list[Posted] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = dice(self.seed, self.partner)
        self.people = People(self.partner, self.dice)

    def tell(self, name: str, moment: datetime | None, data: Json, meant: str = "", event_id: str = "") -> Posted:
        """An event; without a moment it happens now."""
        self._number += 1
        when = (moment or self.clock() - timedelta(seconds=1)).replace(microsecond=0)
        when += timedelta(microseconds=self._number * len(PARTNERS) + PARTNERS.index(self.partner))
        text = when.isoformat(timespec="microseconds").replace("+00:00", "Z")
        event = Posted(self.partner, name, text, data, event_id or f"{self.partner}-{self._number}", meant)
        if not meant:
            self.recent = [*self.recent[-199:], event]
        return event


@dataclass
class Mix:
    """How the kinds of chapter share the run: the past is most of it, the future is told first."""

    past: Any
    coming: Any
    others: Any


def story(voice: Voice, mix: Mix, events: int) -> Iterator[Posted]:
    """`events` events: first the activities to come and their sign-ups, between them and after them the past."""
    return islice(_endless(voice, mix), events)


def _endless(voice: Voice, mix: Mix) -> Iterator[Posted]:
    coming = iter(mix.coming)
    number = 0
    while True:
        yield from islice(coming, voice.dice.randrange(2, 9))
        yield from mix.past(voice, number)
        yield from mix.others(voice, number)
        yield from mischief(voice)
        number += 1


def mischief(voice: Voice) -> Iterator[Posted]:
    """What the door must not fall for: repeats, ids used again, things never posted, times to come."""
    rolled = voice.dice
    for event in rolled.sample(voice.recent, min(len(voice.recent), 1)):
        yield Posted(event.partner, event.name, event.time, event.data, event.event_id, "duplicate")
    if rolled.random() < 0.15 and voice.recent:
        old = rolled.choice(voice.recent)
        yield voice.tell("outreach-recorded", None, _cards("anders"), "id-reused", old.event_id)
    if rolled.random() < 0.15:
        lost = {"activityId": "nooit-verteld", "countKey": "deur", "value": 3}
        yield voice.tell("visitors-counted", None, lost, "unknown-activity")
    if rolled.random() < 0.1:
        yield voice.tell("signup-withdrawn", None, {"signupId": "nooit-verteld"}, "unknown-signup")
    if rolled.random() < 0.1:
        yield voice.tell("outreach-recorded", voice.clock() + timedelta(days=2), _cards("te-vroeg"), "future-time")
    if rolled.random() < 0.1:
        yield voice.tell("outreach-recorded", None, _cards("fout") | {"goal": "winst"}, "invalid")


def _cards(key: str) -> Json:
    return {"outreachId": key, "kind": "cards", "label": "Kaarten", "date": "2026-02-14", "goal": "awareness"}
