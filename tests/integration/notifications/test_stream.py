"""The stream into notifications: a real Redis and its consumer; nothing missed, nothing twice, poison stops nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import orjson
from redis.asyncio import Redis
from sqlalchemy import Engine, text

from services.notifications.consumer import GROUP, inbox
from shared.database import reading, transaction
from shared.events.envelope import StreamEvent, cloud_event
from shared.events.streams import FIELD, STREAM
from shared.messaging.cloud_event_format import Entry
from shared.messaging.subscription import StreamConsumer
from shared.messaging.timing import Timing
from tests.integration.notifications.conftest import Mailbox
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import START, Story

_QUICK = Timing(probe=0.1, back_off_most=0.3, claim_idle=0.5, hole=0.5, batch=50, block_ms=200)
_PATIENCE = 20.0
_REFUSES = "create trigger poison before insert on signup when new.ref = 'avedan/bad' begin {} end"
_POISON = {
    "sqlite": _REFUSES.format("select raise(abort, 'poison');"),
    "postgresql": "alter table signup add constraint poison check (ref <> 'avedan/bad')",
}


def body(event: StreamEvent, **changes: Any) -> bytes:
    """As the relay writes it; `changes` are members of the event, or of its `data` where they are a dictionary."""
    whole = cloud_event(event.id, event.subject, event.type, event.time, event.data, event.extensions)
    for name, value in changes.items():
        whole[name] = {**whole[name], **value} if isinstance(value, dict) else value
    return orjson.dumps({**whole, "sequence": str(event.sequence)})


async def publish(url: str, *events: StreamEvent) -> None:
    async with Redis.from_url(url) as client:
        for event in events:
            await client.xadd(STREAM, {FIELD: body(event)}, id=f"{event.sequence}-0")


@contextlib.asynccontextmanager
async def listening(rig: Rig, url: str) -> AsyncIterator[None]:
    """The service's consumer, until the block is left."""
    entries = inbox(rig.engine, rig.clock, rig.policy)
    consumer = StreamConsumer(redis_url=url, group=GROUP, consumer="one", inbox=entries, timing=_QUICK)
    task = asyncio.create_task(consumer.run())
    try:
        yield
    finally:
        await consumer.stop()
        await asyncio.wait_for(task, 25)


async def until(look: Callable[[], bool], what: str) -> None:
    deadline = asyncio.get_running_loop().time() + _PATIENCE
    while not await asyncio.to_thread(look):
        assert asyncio.get_running_loop().time() < deadline, what
        await asyncio.sleep(0.02)


def letters(engine: Engine) -> list[tuple[str, int]]:
    with reading(engine) as connection:
        found = connection.execute(text("select stream_id, attempts from dead_letter order by id"))
        return [(row[0], row[1]) for row in found]


def kinds(rig: Rig) -> list[str]:
    return sorted(row["kind"] for row in rig.rows())


async def test_f09_f10_restarts_while_events_arrive_miss_none_and_repeat_none(
    rig: Rig, story: Story, redis_url: str
) -> None:
    await publish(redis_url, story.activity())
    for number in range(3):
        async with listening(rig, redis_url):
            await publish(redis_url, *(story.signup(f"s{number}-{n}") for n in range(5)))
    async with listening(rig, redis_url):
        await until(lambda: len(rig.rows(kind="confirmation")) == 15, "every sign-up is planned")
    assert len(rig.rows()) == 30


def test_f10_the_same_event_three_times_gives_one_row(rig: Rig, story: Story) -> None:
    scheduled, placed = story.activity(), story.signup()
    rig.each([scheduled, placed, placed, placed, scheduled])
    assert kinds(rig) == ["confirmation", "reminder"]


async def test_f11_a_cancellation_before_the_signup_and_version_3_before_2_end_alike(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    first, moved, off, placed = (
        story.activity(),
        story.activity(starts_at=START + timedelta(days=1)),
        story.cancelled(),
        story.signup(),
    )
    rig.each([first, off, placed, moved])
    await rig.work()
    assert [(r["kind"], r["status"]) for r in rig.rows() if r["status"] != "cancelled"] == [("cancellation", "sent")]
    assert len(mailbox.mails()) == 1


async def test_f12_a_poison_event_is_a_dead_letter_after_its_last_attempt_and_the_next_is_planned(
    rig: Rig, story: Story, redis_url: str
) -> None:
    """The database itself refuses the one sign-up, every time."""
    with transaction(rig.engine) as connection:
        connection.execute(text(_POISON[connection.dialect.name]))
    await publish(redis_url, story.activity(), story.signup("bad"), story.signup("good"))
    async with listening(rig, redis_url):
        await until(lambda: len(rig.rows(signup="avedan/good")) == 2, "the next one is planned")
        await until(lambda: letters(rig.engine) == [("2-0", 8)], "the poison is a dead letter")
    assert rig.rows(signup="avedan/bad") == []


def test_f15_an_unknown_member_is_tolerated_and_what_cannot_be_read_is_a_dead_letter(rig: Rig, story: Story) -> None:
    scheduled, placed, odd, broken = story.activity(), story.signup(), story.signup("s2"), story.signup("s3")
    bodies = [
        body(scheduled, data={"colour": "red"}),
        body(placed),
        body(odd, type="nl.meedoen.signup-dreamt.v1"),
        body(broken, data={"pid": None}),
    ]
    entries = [Entry(f"{number}-0", raw) for number, raw in enumerate(bodies, 1)]
    assert len(inbox(rig.engine, rig.clock, rig.policy).process(entries).acknowledge) == 4
    assert kinds(rig) == ["confirmation", "reminder"]
    assert [found for found, _ in letters(rig.engine)] == ["3-0", "4-0"]


async def test_f26_promoted_then_withdrawn_hears_nothing_more_and_the_next_one_is_promoted(
    rig: Rig, story: Story, mailbox: Mailbox
) -> None:
    rig.apply(story.activity(), story.signup("s1", "waitlisted"), story.signup("s2", "waitlisted"))
    await rig.work()
    rig.each([story.signup("s1", "promoted"), story.signup("s1", "withdrawn"), story.signup("s2", "promoted")])
    await rig.work()
    assert {row["status"] for row in rig.rows(signup="avedan/s1", kind="promotion")} == {"cancelled"}
    assert rig.row("promotion", signup="avedan/s2")["status"] == "sent"
    assert len(mailbox.mails()) == 3
