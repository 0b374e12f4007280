"""Several processes of a service share its work; half of them die in the middle: nothing lost, nothing twice."""

import asyncio
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
from aiosmtpd.smtp import SMTP, Envelope, Session
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select

from shared.database import connect, reading, table_of
from shared.events.streams import STREAM
from shared.messaging.tables import InboxRow
from tests.databases import DatabaseUrl
from tests.e2e.programme import activity, attendance, signup
from tests.servers import ADMIN, ROOT, System, eventually, free_port, post_batch
from tests.smtp import MailServer

TAKEN_OVER_WITHIN = 25.0
"""Seconds; the hole shows after 3 to 4.5. Whoever waited for the claim of what the dead held would need sixty."""
LEVEL_WITHIN = 20.0
"""Seconds after the last post."""
HANDS = 4
"""Mails that one process has under way at most."""


@dataclass
class Crowd(System):
    """Services over PostgreSQL, some of them as several processes: `reporting-1`, `reporting-2`."""

    databases: dict[str, str] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)

    def start(self, *services: str) -> "Crowd":
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in services:
            service = name.partition("-")[0]
            self.ports.setdefault(name, free_port())
            environment = {**self._environment(), f"{service.upper()}_PORT": str(self.ports[name])}
            environment |= {f"{key.upper()}_DATABASE_URL": url for key, url in self.databases.items()}
            argv = [sys.executable, "-m", self.modules.get(service, f"services.{service}")]
            with (self.folder / f"{name}.log").open("ab") as log:
                self._running[name] = subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=log, stderr=log)
        for name in services:
            eventually(lambda one=name: self.ready(one), 90, f"{name} is ready")  # type: ignore[misc]  # a default
        return self

    def signal(self, name: str, number: signal.Signals) -> None:
        self._running[name].send_signal(number)

    def applied(self, name: str) -> float:
        """Events that had their effect through this process."""
        families = text_string_to_metric_families(httpx.get(f"{self.url(name)}/metrics").text)
        wanted = "komerbij_consumer_applied_events"
        return sum(sample.value for family in families if family.name == wanted for sample in family.samples)

    def level(self, names: Sequence[str]) -> bool:
        """Have all of these processes seen that everything is applied?"""
        head = self.head()
        answers = [httpx.get(f"{self.url(name)}/health/ready", headers=ADMIN).json() for name in names]
        return all(answer["checks"]["consumer"]["sequence"] == head for answer in answers)

    def seen(self, service: str) -> list[int]:
        """The sequences in a service's inbox, in order."""
        engine = connect(self.databases[service])
        with reading(engine) as connection:
            inbox = table_of(InboxRow).c.sequence
            found = list(connection.execute(select(inbox).order_by(inbox)).scalars())
        engine.dispose()
        return found


class SlowMailServer(MailServer):
    """Thinks before it answers, so that a process that is killed dies in the middle of a mail."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  -- the name that aiosmtpd calls
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(0.05)
        return answer


@pytest.fixture
def mails() -> Iterator[SlowMailServer]:
    server = SlowMailServer()
    with server:
        yield server


@pytest.fixture
def crowd(tmp_path: Path, redis_url: str, postgres_url: DatabaseUrl, mails: SlowMailServer) -> Iterator[Crowd]:
    names = ("registration", "notifications", "reporting")
    extra = {
        "NOTIFICATIONS_SMTP_URL": mails.url,
        "NOTIFICATIONS_MAILS_PER_SECOND": "0",
        "NOTIFICATIONS_SENDER": "KomErbij <afzender@example.org>",
        "NOTIFICATIONS_QUIET_HOURS": "",
    }
    modules = {"notifications": "tests.e2e.hasty_notifications"}
    running = Crowd(tmp_path, redis_url, extra, databases={name: postgres_url(name) for name in names}, modules=modules)
    try:
        yield running.start("registration")
    finally:
        running.stop()


class Load:
    """Posts in the background, batch after batch."""

    def __init__(self, crowd: Crowd, events: Sequence[dict[str, Any]], chunk: int) -> None:
        self.crowd, self.events, self.chunk, self.posted = crowd, events, chunk, 0
        self._thread = threading.Thread(target=self._post)
        self._thread.start()

    def until(self, share: float) -> None:
        """Wait until so much of it was posted."""
        eventually(lambda: self.posted >= share * len(self.events), 60, "posting goes on")

    def end(self) -> None:
        """Wait until all of it was posted."""
        self._thread.join(120)
        assert self.posted == len(self.events)

    def _post(self) -> None:
        with self.crowd.client("registration") as client:
            for start in range(0, len(self.events), self.chunk):
                chunk = list(self.events[start : start + self.chunk])
                summary = post_batch(client, chunk)["summary"]
                assert summary["accepted"] == len(chunk)
                self.posted += len(chunk)


def pending(client: "redis.Redis", group: str, port: int) -> list[int]:
    """Sequences that the process on this port fetched and has not acknowledged."""
    mine = f"{group}-{socket.gethostname()}-{port}"
    found: Any = client.xpending_range(STREAM, group, "-", "+", 1000, consumername=mine)
    return [int(one["message_id"].partition(b"-")[0]) for one in found]


def kill_with_its_hands_full(crowd: Crowd, name: str) -> list[int]:
    """kill -9 at a moment when the process has fetched entries and not acknowledged them; returns which."""
    group = name.partition("-")[0]
    with redis.Redis.from_url(crowd.redis_url) as client:

        def caught() -> list[int]:
            if not pending(client, group, crowd.ports[name]):
                return []
            crowd.signal(name, signal.SIGSTOP)
            if not (held := pending(client, group, crowd.ports[name])):
                crowd.signal(name, signal.SIGCONT)
            return held

        held = eventually(caught, 30, f"{name} has its hands full")
    crowd.kill(name)
    return held


def past(activities: int, each: int) -> list[dict[str, Any]]:
    """Activities of 2025 with attendances, every tenth person somebody who came before."""
    events = []
    for number in range(activities):
        day = datetime(2025, 1, 6, 13, tzinfo=UTC) + timedelta(days=number)
        events.append(activity(f"past-{number}", day, day - timedelta(days=14)))
        events += [attendance(f"past-{number}", f"p{number * 9 + one}", day) for one in range(each)]
    return events


def test_reporting_processes_share_the_work_and_outlive_half_of_them(crowd: Crowd) -> None:
    names = [f"reporting-{number}" for number in range(1, 5)]
    crowd.start(*names)
    events = past(activities=60, each=45)
    load = Load(crowd, events, chunk=25)
    load.until(0.3)
    gone, left = names[:2], names[2:]
    held = {sequence for name in gone for sequence in kill_with_its_hands_full(crowd, name)}
    assert load.posted < len(events), "in the middle of the load"
    eventually(lambda: held <= set(crowd.seen("reporting")), TAKEN_OVER_WITHIN, "what the dead held is taken over")

    load.end()
    eventually(lambda: crowd.level(left), LEVEL_WITHIN, "those that are left have everything")
    assert all(map(crowd.applied, left)), "each of them took its share; the dead had theirs in their hands"
    assert crowd.seen("reporting") == list(range(1, crowd.head() + 1))
    people = {event["data"]["participant"]["ref"] for event in events if "participant" in event["data"]}
    for name in left:
        assert figures(crowd, name) == {"activities": 60, "attendances": 2700, "participants": len(people)}


def figures(crowd: Crowd, name: str) -> dict[str, int]:
    """Totals of 2025 as this process tells them."""
    with crowd.client(name) as client:
        found = {}
        for indicator in ("activities", "attendances", "participants"):
            answer = client.get("/v1/statistics", params={"indicator": indicator, "period": "2025"}).json()
            found[indicator] = answer["total"]["value"]
        return found


def coming(activities: int, each: int) -> list[dict[str, Any]]:
    """Activities some weeks ahead, with sign-ups of people who have an address."""
    now = datetime.now(UTC)
    events = []
    for number in range(activities):
        key = f"coming-{number}"
        events.append(activity(key, now + timedelta(days=20 + number), now - timedelta(hours=2)))
        for one in range(each):
            who = {"ref": f"{key}-{one}", "email": f"{key}-{one}@example.org"}
            events.append(signup(f"{key}-s{one}", key, now - timedelta(hours=1), who))
    return events


def test_notifications_processes_share_the_work_and_one_that_dies_doubles_no_mail(
    crowd: Crowd, mails: SlowMailServer
) -> None:
    crowd.start("notifications-1", "notifications-2")
    events = coming(activities=8, each=50)
    load = Load(crowd, events, chunk=20)
    eventually(lambda: all(map(crowd.applied, ("notifications-1", "notifications-2"))), 60, "both have applied some")
    eventually(lambda: len(mails.mails) >= 40, 60, "mails go out")
    crowd.kill("notifications-1")
    load.end()
    eventually(lambda: crowd.level(["notifications-2"]), LEVEL_WITHIN, "the one that is left has everything")
    assert crowd.seen("notifications") == list(range(1, crowd.head() + 1))

    eventually(lambda: not unfinished(crowd), 90, "every confirmation has its end")
    found = confirmations(crowd)
    assert len({message["signup"] for message in found}) == len(found) == 400
    assert {message["status"] for message in found} <= {"sent", "unknown"}
    assert len([message for message in found if message["status"] == "unknown"]) <= HANDS
    assert set(mails.ids().values()) == {1}, "no mail came twice"
    assert {message["messageId"] for message in found if message["status"] == "sent"} <= mails.ids().keys()


def confirmations(crowd: Crowd) -> list[dict[str, Any]]:
    """All of them, over all pages."""
    found: list[dict[str, Any]] = []
    parameters = {"kind": "confirmation"}
    with crowd.client("notifications-2") as client:
        while True:
            page = client.get("/v1/messages", params=parameters).json()
            found += page["items"]
            if page["next"] is None:
                return found
            parameters["cursor"] = page["next"]


def unfinished(crowd: Crowd) -> list[dict[str, Any]]:
    """Those still to be sent, or in dead hands."""
    return [message for message in confirmations(crowd) if message["status"] in ("scheduled", "sending", "retry")]
