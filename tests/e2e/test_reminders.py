"""Who signs up for tomorrow: one confirmation at once, the reminder at its moment, once; a real SMTP server."""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import Any

import pytest

from tests.e2e.programme import PARTNER, activity, cancelled, signup
from tests.servers import System, eventually, post_batch, running_redis
from tests.smtp import MailServer

_keys = itertools.count(1)


@dataclass
class Told:
    """The system and what it mailed."""

    system: System
    mails: MailServer
    key: str

    @property
    def address(self) -> str:
        return f"mevrouw-{self.key}@example.org"

    def inbox(self) -> list[Message]:
        return self.mails.to(self.address)

    def post(self, *events: dict[str, Any]) -> None:
        with self.system.client("registration") as client:
            assert post_batch(client, list(events))["summary"]["accepted"] == len(events)

    def kinds(self) -> list[str]:
        """Kinds of the mails that came for our one person, in order of arrival."""
        by_id = {m["messageId"]: m["kind"] for m in self.messages()}
        return [by_id[str(mail["Message-ID"])] for mail in self.inbox()]

    def messages(self) -> list[dict[str, Any]]:
        with self.system.client("notifications") as client:
            answer = client.get("/v1/messages", params={"signup": f"{PARTNER}/s{self.key}"})
            items: list[dict[str, Any]] = answer.json()["items"]
            return items

    def message(self, kind: str) -> dict[str, Any]:
        return next(m for m in self.messages() if m["kind"] == kind)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[System, MailServer]]:
    """Three processes, no quiet hours, a real mail server."""
    folder = tmp_path_factory.mktemp("reminders")
    with running_redis(folder / "redis") as redis, MailServer() as mails:
        extra = {
            "NOTIFICATIONS_SMTP_URL": mails.url,
            "NOTIFICATIONS_MAILS_PER_SECOND": "0",
            "NOTIFICATIONS_SENDER": "KomErbij <afzender@example.org>",
            "NOTIFICATIONS_QUIET_HOURS": "",
        }
        system = System(folder / "data", redis.url, extra)
        try:
            system.start()
            yield system, mails
        finally:
            system.stop()


@pytest.fixture
def told(running: tuple[System, MailServer]) -> Told:
    """One person, one activity, of their own for each test."""
    return Told(*running, key=str(next(_keys)))


def day_after(seconds: float) -> datetime:
    """A start whose reminder, the same wall-clock time the day before, is due in so many seconds."""
    return (datetime.now(UTC) + timedelta(days=1, seconds=seconds)).replace(microsecond=0)


def sign_up(told: Told, starts: datetime) -> None:
    """One person with an e-mail address signs up for one activity."""
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    person = {"ref": f"r{told.key}", "name": "Mevrouw De Vries", "email": told.address}
    bingo = f"bingo-{told.key}"
    told.post(activity(bingo, starts, long_ago), signup(f"s{told.key}", bingo, long_ago, person))


def test_one_confirmation_at_once_and_the_reminder_at_its_moment(told: Told) -> None:
    starts = day_after(10)
    sign_up(told, starts)
    eventually(lambda: told.kinds() == ["confirmation"], 9, "the confirmation")
    reminder = told.message("reminder")
    assert reminder["status"] == "scheduled"
    assert datetime.fromisoformat(reminder["dueAt"]) == starts - timedelta(days=1)
    eventually(lambda: told.kinds() == ["confirmation", "reminder"], 40, "the reminder")
    eventually(lambda: told.message("reminder")["status"] == "sent", 9, "the reminder is written down as sent")
    sent = datetime.fromisoformat(told.message("reminder")["sentAt"])
    assert starts - timedelta(days=1) <= sent
    assert len({str(mail["Message-ID"]) for mail in told.inbox()}) == 2


def test_a_reminder_that_came_due_while_notifications_was_down_goes_once_when_it_is_back(told: Told) -> None:
    starts = day_after(10)
    sign_up(told, starts)
    eventually(lambda: told.kinds() == ["confirmation"], 9, "the confirmation")
    told.system.kill("notifications")
    time.sleep(max(0.0, (starts - timedelta(days=1) - datetime.now(UTC)).total_seconds()))  # until the moment is past
    assert len(told.inbox()) == 1, "the reminder cannot have gone before"
    told.system.start("notifications")
    eventually(lambda: told.kinds() == ["confirmation", "reminder"], 40, "the reminder")
    eventually(lambda: told.message("reminder")["status"] == "sent", 10, "what the mail server said is written down")
    told.system.kill("notifications")
    told.system.start("notifications")
    assert told.message("reminder")["status"] == "sent"
    assert told.kinds() == ["confirmation", "reminder"]


def test_a_cancelled_activity_gets_a_cancellation_and_never_the_reminder(told: Told) -> None:
    starts = day_after(10)
    sign_up(told, starts)
    eventually(lambda: told.kinds() == ["confirmation"], 9, "the confirmation")
    told.post(cancelled(f"bingo-{told.key}", datetime.now(UTC)))
    eventually(lambda: told.kinds() == ["confirmation", "cancellation"], 10, "the cancellation")
    assert told.message("reminder")["status"] == "cancelled"
    due = starts - timedelta(days=1)
    eventually(lambda: datetime.now(UTC) > due + timedelta(seconds=2), 20, "the reminder's moment is past")
    assert told.kinds() == ["confirmation", "cancellation"]


def text_of(mail: Message) -> str:
    """The plain text of a mail."""
    part = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def test_the_mail_says_what_when_and_where_in_dutch(told: Told) -> None:
    sign_up(told, datetime(2027, 10, 31, 13, 0, tzinfo=UTC))
    mail = eventually(told.inbox, 10, "the confirmation")[0]
    text = text_of(mail)
    assert "zondag 31 oktober" in text
    assert "14:00" in text
    assert "Buurtkamer" in text
    assert "eenza" not in text.lower()
