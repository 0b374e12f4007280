"""A system that can be hurt: three processes, Redis, a mail server; what dead hands held is free after 8 s."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.servers import RedisServer, System, eventually, post_batch
from tests.smtp import MailServer

CHUNK = 40
EVER = (date(2025, 1, 1), date(2099, 12, 31))
FIGURES = ("activities", "participants", "attendances", "signups", "unmet-demand", "new-participants", "occupancy")


@dataclass
class Hurt:
    """Everything a test needs to break things and look at what became of it."""

    system: System
    redis: RedisServer
    mails: MailServer
    acknowledged: list[dict[str, Any]] = field(default_factory=list)

    def post_all(self, events: list[dict[str, Any]], reached: threading.Event, at: int) -> None:
        """Post in chunks; what is not answered is posted again. Says when `at` events are acknowledged."""
        for start in range(0, len(events), CHUNK):
            self._until_answered(events[start : start + CHUNK])
            if len(self.acknowledged) >= at:
                reached.set()

    def _until_answered(self, chunk: list[dict[str, Any]]) -> None:
        def answered() -> bool:
            with contextlib.suppress(httpx.TransportError), self.system.client("registration") as client:
                self.acknowledged += post_batch(client, chunk)["results"]
                return True
            return False

        eventually(answered, 60, "a chunk is answered")

    def figures(self) -> dict[str, Any]:
        """Totals of all years of the programme."""
        with self.system.client("reporting") as client:
            period = dict(zip(("from", "to"), map(str, EVER), strict=True))
            return {
                name: client.get("/v1/statistics", params={"indicator": name, **period}).json()["total"]["value"]
                for name in FIGURES
            }

    def messages(self) -> list[dict[str, Any]]:
        """Every message of notifications, over all pages."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        with self.system.client("notifications") as client:
            while True:
                page = client.get("/v1/messages", params=cursor).json()
                found += page["items"]
                if page["next"] is None:
                    return found
                cursor = {"cursor": page["next"]}

    def told_all_that_is_due(self, seconds: float = 150.0) -> list[dict[str, Any]]:
        """Wait until nothing that is due now is left to send."""

        def settled() -> bool:
            with contextlib.suppress(httpx.HTTPError, KeyError):
                return not [m for m in self.messages() if m["status"] in ("sending", "retry") or self._due(m)]
            return False

        eventually(settled, seconds, "every due message has its end")
        return self.messages()

    @staticmethod
    def _due(message: dict[str, Any]) -> bool:
        return message["status"] == "scheduled" and datetime.fromisoformat(message["dueAt"]) <= datetime.now(UTC)


@contextlib.contextmanager
def hurt_system(folder: Path) -> Iterator[Hurt]:
    """All of it, ended at the end whatever happened."""
    redis = RedisServer(folder / "redis").start()
    with MailServer() as mails:
        extra = {
            "NOTIFICATIONS_SMTP_URL": mails.url,
            "NOTIFICATIONS_SENDER": "KomErbij <afzender@example.org>",
            "NOTIFICATIONS_QUIET_HOURS": "",
            "NOTIFICATIONS_MAILS_PER_SECOND": "0",
        }
        system = System(folder / "data", redis.url, extra, modules={"notifications": "tests.e2e.hasty_notifications"})
        try:
            system.start()
            yield Hurt(system, redis, mails)
        finally:
            system.stop()
            redis.kill()


@pytest.fixture
def hurt(tmp_path: Path) -> Iterator[Hurt]:
    """A fresh system."""
    with hurt_system(tmp_path) as found:
        yield found
