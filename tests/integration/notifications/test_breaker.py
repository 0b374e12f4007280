"""A mail server that is away, under the real scheduler: nobody loses an attempt, and all go when it is back."""

import asyncio
import logging
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select

from services.notifications.contacts import ContactClient
from services.notifications.domain.policy import Policy
from services.notifications.scheduler import Scheduler
from services.notifications.senders.breaker import Breakers
from services.notifications.senders.smtp import SmtpSender
from services.notifications.senders.tally import BREAKER_OPEN
from services.notifications.tables import MessageAttemptRow
from shared.database import reading, table_of
from tests.integration.notifications.adding_up import adds_up
from tests.integration.notifications.crowd import due_reminders
from tests.integration.notifications.mail_servers import Moody
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import Story
from tests.servers import SERVICE_KEY

PEOPLE = int(os.environ.get("KOMERBIJ_TEST_LOAD", "100"))
"""In `make test` some, that take seconds; `KOMERBIJ_TEST_LOAD=1000` is what the guide asks for."""
PATIENCE = 60 + PEOPLE / 4
HANDS = 4
_attempts = table_of(MessageAttemptRow).c
EVERY = 0.4
"""Seconds between tries; half a minute outside of tests."""
A_FEW = 2 * HANDS + 3
"""Sends that may be on their way before the third that fails in a row has closed it."""


async def until(look: Callable[[], object]) -> None:
    """Poll with a deadline."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not look():
        assert asyncio.get_running_loop().time() < deadline, "not seen in time"
        await asyncio.sleep(0.05)


@dataclass
class Ahead:
    """A clock that can be put forward while it goes."""

    by: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.by


@asynccontextmanager
async def running(
    rig: Rig, moody: Moody, clock: Callable[[], datetime], every: float = EVERY
) -> AsyncIterator[Scheduler]:
    rig.now, rig.policy = None, Policy(quiet=None)
    rig.sender = SmtpSender(moody.server, "example.org", timeout=6.0)
    client = ContactClient(rig.contacts.url, SERVICE_KEY)
    delivery = replace(rig.delivery(client), clock=clock)
    scheduler = Scheduler(delivery, HANDS, Breakers(probe_every=every))
    task = asyncio.create_task(scheduler.run())
    try:
        yield scheduler
    finally:
        await scheduler.stop()
        await task
        await client.close()


def closed() -> float | None:
    return REGISTRY.get_sample_value(BREAKER_OPEN, {"way": "mail-server"})


def tries(rig: Rig) -> list[tuple[str, str, str | None]]:
    """How all sends that were begun ended: phase, outcome, detail."""
    with reading(rig.engine) as connection:
        found = connection.execute(select(_attempts.phase, _attempts.outcome, _attempts.detail))
        return [(row.phase, row.outcome, row.detail) for row in found]


async def tried_in_vain(rig: Rig, scheduler: Scheduler) -> None:
    """Wait until the way is closed and was tried a few times since; one at a time, and no attempt used."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await until(closed)
    before = len(tries(rig))
    await until(lambda: len(tries(rig)) >= before + 3)
    rows, check = rig.rows(kind="reminder"), await scheduler.check()
    ended = tries(rig)
    assert len(ended) <= A_FEW + (loop.time() - begun) / EVERY + 1
    assert set(ended) == {("connect", "retry", "no-contact")}
    assert (check.status, (check.reason or "")[:40]) == ("degraded", "the mail server: no-contact at connect, ")
    assert {row["attempts"] for row in rows if row["status"] != "sending"} == {0}
    assert len([row for row in rows if row["status"] == "scheduled"]) >= PEOPLE - len(ended) - 1


async def test_f32_while_the_mail_server_is_down_no_attempt_is_used_and_all_go_afterwards(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    due_reminders(rig.engine, PEOPLE, datetime.now(UTC) + timedelta(hours=23))
    moody, clock = Moody(), Ahead()  # nobody listens at its port yet
    with caplog.at_level(logging.INFO, "services"):
        async with running(rig, moody, clock) as scheduler:
            await tried_in_vain(rig, scheduler)
            with moody:
                clock.by = timedelta(seconds=20)  # those that were tried wait 15 seconds for their turn
                await until(lambda: len(moody.mails) >= PEOPLE)
                await until(lambda: len(rig.rows(kind="reminder", status="sent")) == PEOPLE)
                assert (await scheduler.check()).status == "ok"
                assert closed() == 0
    assert len(moody.mails) == len(set(moody.mails)) == PEOPLE
    assert {row["attempts"] for row in rig.rows(kind="reminder")} == {1}
    adds_up(rig.engine, clock(), rig.policy)
    said = Counter((record.levelname, record.message) for record in caplog.records)
    assert said == {("WARNING", "a way out is closed"): 1, ("WARNING", "a way out is open again"): 1}


async def test_f32_while_one_message_tries_a_server_that_hangs_no_other_does(rig: Rig) -> None:
    due_reminders(rig.engine, 30, datetime.now(UTC) + timedelta(hours=23))
    moody = Moody({"hello": "hold"})  # not there yet
    async with running(rig, moody, Ahead(), every=3.0):
        await until(lambda: len(tries(rig)) >= 3 and closed() and not rig.rows(status="sending"))
        begun = time.monotonic()
        with moody:
            await until(lambda: moody.held)
            await asyncio.sleep(1.5)  # half of the time until the next; the scheduler looks every quarter of a second
            assert moody.held <= 1 + (time.monotonic() - begun) // 3


async def test_f32_who_cannot_wait_for_the_mail_server_is_called_without_having_been_tried(
    rig: Rig,
) -> None:
    now = datetime.now(UTC)
    told = Story(start=now + timedelta(hours=5), recorded=now - timedelta(days=3))
    keys = [f"s{number}" for number in range(3 * A_FEW)]
    phones = {f"pid-{key}": {"email": f"{key}@example.org", "phone": "0546 123456"} for key in keys}
    rig.contacts.contacts.update(phones)
    rig.at(now - timedelta(days=3)).apply(told.activity(), *(told.signup(key) for key in keys))
    await rig.work()
    rig.at(now).apply(told.cancelled(at=now))
    async with running(rig, Moody(), Ahead()):
        await until(lambda: len(rig.rows(kind="cancellation", status="to-call")) == len(keys))
    mailed = [row for row in rig.rows(kind="cancellation") if "connect" in {a[0] for a in rig.attempts(row["id"])}]
    assert len(mailed) <= A_FEW
    assert {row["reason"] for row in rig.rows(kind="cancellation")} == {"not-out-in-time"}


async def test_f31_after_432_fewer_mails_are_under_way_at_a_time(rig: Rig) -> None:
    due_reminders(rig.engine, 60, datetime.now(UTC) + timedelta(hours=23))
    with Moody({"rcpt": "432 too many"}) as moody:
        async with running(rig, moody, Ahead()):
            await until(lambda: rig.sender.width() == 1)
            await until(lambda: not moody.open_now)
            moody.replies.clear()
            open_at_once: set[int] = set()

            def many_went() -> bool:
                open_at_once.add(len(moody.open_now))
                return len(moody.mails) >= 25

            await until(many_went)
    assert max(open_at_once) == 1


async def test_a_refusal_of_our_account_is_an_alarm_at_once(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    due_reminders(rig.engine, 30, datetime.now(UTC) + timedelta(hours=23))
    with caplog.at_level(logging.INFO, "services"), Moody({"hello": "535 who are you"}) as moody:
        async with running(rig, moody, Ahead()) as scheduler:
            await until(closed)
            assert "server-refuses-us 535 at hello" in str((await scheduler.check()).reason)
    assert len(tries(rig)) <= A_FEW
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == ["a way out is closed"]
