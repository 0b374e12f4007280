"""The real scheduler in real time over a real mail server: to the second, woken by events, stopped in peace."""

import asyncio
import email
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import REGISTRY

from services.notifications.contacts import ContactClient
from services.notifications.domain.policy import Policy
from services.notifications.scheduler import Scheduler
from services.notifications.senders.smtp import SmtpSender
from services.notifications.senders.tally import LEASES_LOST
from tests.integration.notifications.mail_servers import Moody
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import Story
from tests.servers import SERVICE_KEY


@pytest.fixture(name="moody")
def mail_server() -> Iterator[Moody]:
    with Moody() as moody:
        yield moody


async def until(look: Callable[[], object], seconds: float = 30.0) -> None:
    """Poll with a deadline."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not look():
        assert asyncio.get_running_loop().time() < deadline, "not seen in time"
        await asyncio.sleep(0.02)


async def asleep(rig: Rig) -> None:
    """The scheduler sleeps: it has not looked at the clock for a while, which it does in every turn."""
    await until(lambda: time.monotonic() - rig.looked_at > 0.3, seconds=4.0)


@pytest.fixture(name="lease")
def usual_lease() -> timedelta:
    return Policy().lease


@pytest.fixture(name="running")
async def running_scheduler(rig: Rig, moody: Moody, lease: timedelta) -> AsyncIterator[Scheduler]:
    rig.now, rig.policy = None, Policy(quiet=None, lease=lease)
    rig.sender = SmtpSender(moody.server, "example.org", timeout=6.0)
    client = ContactClient(rig.contacts.url, SERVICE_KEY)
    scheduler = Scheduler(rig.delivery(client))
    task = asyncio.create_task(scheduler.run())
    yield scheduler
    await scheduler.stop()
    await task
    await client.close()


def subjects(moody: Moody) -> list[str]:
    found = [email.message_from_bytes(mail)["Subject"] for mail in moody.mails]
    return [str(subject) for subject in found]


async def test_a_confirmation_goes_as_soon_as_the_events_are_committed(
    rig: Rig, running: Scheduler, moody: Moody
) -> None:
    now = datetime.now(UTC)
    story = Story(start=now + timedelta(days=3), recorded=now)
    await asleep(rig)  # for five seconds, unless it is woken
    rig.apply(story.activity(), story.signup())
    running.wake()
    await until(lambda: moody.mails, seconds=2.0)
    assert subjects(moody) == ["U hebt een plaats: Bingo in de Schelf"]


async def test_a_reminder_goes_at_its_moment_to_the_second(rig: Rig, running: Scheduler, moody: Moody) -> None:
    now = datetime.now(UTC)
    moment = now + timedelta(seconds=3)
    story = Story(start=moment + timedelta(days=1), recorded=now)
    rig.apply(story.activity(), story.signup())
    running.wake()
    await until(lambda: rig.row("reminder")["sent_at"])
    assert moment <= rig.row("reminder")["sent_at"] < moment + timedelta(seconds=1)
    await asleep(rig)  # there is nothing more to do
    assert subjects(moody) == ["U hebt een plaats: Bingo in de Schelf", "Herinnering: Bingo in de Schelf"]


async def test_many_messages_go_out_each_once(rig: Rig, running: Scheduler, moody: Moody) -> None:
    now = datetime.now(UTC)
    story = Story(start=now + timedelta(days=3), recorded=now)
    rig.apply(story.activity(), *(story.signup(f"s{number}") for number in range(30)))
    running.wake()
    await until(lambda: len(rig.rows(kind="confirmation", status="sent")) == 30)
    assert len(moody.mails) == 30
    assert (await running.check()).status == "ok"


async def test_stopping_finishes_what_is_being_sent(rig: Rig, running: Scheduler, moody: Moody) -> None:
    moody.replies["data"], moody.stores_first = "hang", True
    now = datetime.now(UTC)
    story = Story(start=now + timedelta(days=3), recorded=now)
    rig.apply(story.activity(), story.signup())
    running.wake()
    await until(lambda: moody.mails)
    await running.stop()
    await until(lambda: rig.row("confirmation")["status"] != "sending")
    assert rig.row("confirmation")["status"] == "sent"


@pytest.mark.parametrize("lease", [timedelta(seconds=1.5)])
async def test_a_send_that_outlives_its_lease_is_counted_and_nothing_is_lost(
    rig: Rig, running: Scheduler, moody: Moody
) -> None:
    moody.replies["data"], moody.stores_first = "hang", True  # for two seconds; then the answer comes after all
    now = datetime.now(UTC)
    story = Story(start=now + timedelta(days=3), recorded=now)
    rig.apply(story.activity(), story.signup())
    running.wake()
    await until(lambda: running.tally.leases_lost)
    row = rig.row("confirmation")
    assert row["status"] == "sent"
    ended = rig.attempts(row["id"])[-2:]
    assert ended == [("recovery", "unknown", "worker-died"), ("data", "sent", "lease-lost 250")]
    assert (len(moody.mails), running.tally.leases_lost) == (1, 1)
    assert REGISTRY.get_sample_value(f"{LEASES_LOST}_total") == 1


class Defect:
    """In the place of an instant: whoever looks at it fails."""

    def __bool__(self) -> bool:
        raise ValueError("a defect")


async def test_a_turn_that_breaks_off_for_whatever_reason_is_followed_by_another(
    rig: Rig, running: Scheduler, moody: Moody, caplog: pytest.LogCaptureFixture
) -> None:
    """A defect of ours, or a folder that cannot be asked, ended all sending until somebody restarted the service."""
    await asleep(rig)
    rig.now = Defect()  # type: ignore[assignment]  # a defect is no instant
    running.wake()
    await until(lambda: "a turn broke off" in caplog.text, seconds=5.0)
    rig.now, now = None, datetime.now(UTC)
    story = Story(start=now + timedelta(days=3), recorded=now)
    rig.apply(story.activity(), story.signup())
    await until(lambda: moody.mails)
