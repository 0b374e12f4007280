"""Two days down, then a start: the most urgent first, nothing late, nothing about what is over, nobody forgotten."""

import asyncio
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from sqlalchemy import Engine

from services.notifications.domain.times import AMSTERDAM
from services.notifications.senders.pace import Pace
from services.notifications.senders.smtp import SmtpSender
from services.notifications.usecases.completeness import Item
from tests.integration.notifications.adding_up import adds_up
from tests.integration.notifications.call_centre import opened
from tests.integration.notifications.mail_servers import Moody
from tests.integration.notifications.registration import ContactServer
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import Story

DOWN = datetime(2026, 10, 20, 10, tzinfo=AMSTERDAM)
"""A Tuesday."""
BACK = datetime(2026, 10, 22, 10, tzinfo=AMSTERDAM)
A_SECOND = 3.0
HANDS = 4
"""Mails on their way at the same time, which may overtake one another."""
URGENCY = (
    "Gaat niet door",
    "Er is iets veranderd",
    "Er is een plaats",
    "Herinnering",
    "U hebt een plaats",
    "U staat op",
)
"""How the subjects begin, the most urgent first."""


@pytest.fixture(name="moody")
def mail_server() -> Iterator[Moody]:
    with Moody() as server:
        yield server


class Coalition:
    """Several activities in one log."""

    def __init__(self) -> None:
        self._first = Story(recorded=DOWN - timedelta(days=7))
        self._stories: dict[str, Story] = {}

    def activity(self, name: str, start: datetime | None = None, **changes: Any) -> Any:
        story = self._stories.setdefault(
            name, Story(start=start or BACK, recorded=self._first.recorded, events=self._first.events)
        )
        return story.activity(activity_id=name, title=name, **changes)

    def cancelled(self, name: str, **changes: Any) -> Any:
        return self._stories[name].cancelled(**changes)

    def signup(self, name: str, key: str, what: str = "confirmed", **changes: Any) -> Any:
        return self._stories[name].signup(f"{name}-{key}", what, activity=f"avedan/{name}", **changes)


def before(told: Coalition) -> list[Any]:
    """What was known when the service went down."""
    return [
        told.activity("voorbij", DOWN + timedelta(hours=30)),
        told.activity("straks", BACK + timedelta(hours=1.5)),
        told.activity("morgen", BACK + timedelta(hours=23)),
        told.activity("afgelast", BACK + timedelta(hours=52)),
        told.activity("later", BACK + timedelta(hours=53)),
        *(told.signup(name, "a") for name in ("voorbij", "straks", "morgen", "afgelast", "later")),
        told.signup("morgen", "b"),
        told.signup("later", "w", "waitlisted"),
    ]


def meanwhile(told: Coalition) -> list[Any]:
    """What is heard only when it is back."""
    hours = [DOWN + timedelta(hours=number) for number in range(10, 15)]
    return [
        told.signup("later", "w", "promoted", at=hours[0]),
        told.activity("later", starts_at=BACK + timedelta(hours=55), at=hours[1]),
        told.signup("later", "new", at=hours[2]),
        told.signup("later", "full", "waitlisted", at=hours[3]),
        told.cancelled("afgelast", at=hours[4]),
    ]


async def test_f27_after_two_days_down_the_most_urgent_goes_first_and_nothing_late(
    engine: Engine, contacts: ContactServer, moody: Moody
) -> None:
    contacts.contacts["pid-straks-a"] = {"name": "Straks", "phone": "0546 123456", "email": "straks@example.org"}
    rig, told = Rig(engine, SmtpSender(moody.server, "example.org"), contacts, DOWN - timedelta(days=7)), Coalition()
    rig.apply(*before(told))
    await rig.work()
    moody.mails.clear()

    rig.at(BACK).sender = SmtpSender(moody.server, "example.org", pace=Pace(A_SECOND, patience=0.0))
    begun = time.monotonic()
    rig.apply(*meanwhile(told))
    while any(item.balance.planned for item in due_now(rig)):
        await rig.work()
        assert len(moody.mails) <= A_SECOND * (1 + time.monotonic() - begun), "faster than was agreed"
        await asyncio.sleep(0.2)
        rig.later(seconds=0.2)
        assert time.monotonic() < begun + 20
    mails = [message_from_bytes(mail, policy=policy.default) for mail in moody.mails]
    people, subjects = [str(mail["To"]) for mail in mails], [str(mail["Subject"]) for mail in mails]
    kinds = [next(rank for rank, word in enumerate(URGENCY) if subject.startswith(word)) for subject in subjects]
    assert [pair for pair in overtaken(people, kinds) if pair[1] - pair[0] >= HANDS] == [], subjects
    assert sorted(set(kinds)) == [0, 1, 2, 3, 4, 5], subjects
    assert not [subject for subject in subjects if "voorbij" in subject or "straks" in subject]
    async with opened(rig) as centre:
        assert [(item["name"], item["kind"]) for item in await centre.items()] == [("Straks", "reminder")]
    assert {item.activity: item.balance.missing for item in adds_up(engine, rig.clock(), rig.policy)} == dict.fromkeys(
        ("avedan/straks", "avedan/morgen", "avedan/afgelast", "avedan/later"), 0
    )


def overtaken(people: list[str], kinds: list[int]) -> list[tuple[int, int]]:
    """(place of the less urgent, place of the more urgent behind it). Who has two messages gets them one by one, so
    that the second stands in the row from the moment that the first was there."""
    since = [max((i for i in range(j) if people[i] == people[j]), default=-1) for j in range(len(people))]
    return [(i, j) for j in range(len(kinds)) for i in range(since[j] + 1, j) if kinds[i] > kinds[j]]


def due_now(rig: Rig) -> list[Item]:
    """Activities about which something is still to be sent just now."""
    soon = rig.clock() + timedelta(minutes=5)
    rows = [row for row in rig.rows() if row["status"] in ("scheduled", "retry", "sending") and row["due_at"] <= soon]
    open_ = {row["activity"] for row in rows}
    return [item for item in adds_up(rig.engine, rig.clock(), rig.policy) if item.activity in open_]
