"""A backup under load, everything destroyed, restored on fresh ground: the figures of then, nobody is told twice."""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from tests.databases import DATABASES, one_per_service
from tests.e2e.programme import attendance, event, two_thousand
from tests.servers import ADMIN_KEY, PERSON_KEY, ROOT, System, eventually, post_batch, running_redis

CHUNK = 50
BEGUN, SIGNED_UP = 90, 170
"""Heads of the log; the first 82 events are of the past."""
ERASED_LATER = "p010"
NO_QUIET = {"NOTIFICATIONS_QUIET_HOURS": ""}


@dataclass
class Story:
    """A system that was lost, what it had told, and the one that came back."""

    figures: dict[str, int]
    """Recounted from the log, up to where the backup reaches."""
    told: Counter[tuple[str, str]]
    """(address, subject) of every mail that left the lost system."""
    restored: System
    lost_head: int


@pytest.fixture(scope="module", params=DATABASES)
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Redis lives on, and is ahead of the backup."""
    folder = tmp_path_factory.mktemp("lost")
    with ExitStack() as running:
        redis = running.enter_context(running_redis(folder / "redis"))
        lost, fresh = (
            System(folder / name, redis.url, NO_QUIET, running.enter_context(one_per_service(request, request.param)))
            for name in ("data", "fresh")
        )
        for system in (lost, fresh):
            running.callback(system.stop)
        back_up_under_load(lost.start(), folder / "backup")
        head, log, told = lost.head(), whole_log(lost), mails(lost)
        for service in lost.ports:
            lost.kill(service)
        fresh.folder.mkdir()
        shutil.copy(lost.folder / "registration-erasures.jsonl", fresh.folder)
        done = komerbij(fresh, "restore", str(folder / "backup"))
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        [reached] = re.findall(r"^registration: .* up to event (\d+),", done.stdout, re.MULTILINE)
        fresh.start().settled(60)
        yield Story(recounted(log[: int(reached)]), told, fresh, head)


def back_up_under_load(system: System, file: Path) -> None:
    """And go on: people are told what the backup does not know, more is posted, and somebody is erased."""
    with load(system):
        eventually(lambda: system.head() > BEGUN, 60, "people begin to sign up")
        system.kill("notifications")  # so that much is told between its copy and the loss, for certain
        eventually(lambda: system.head() > SIGNED_UP, 60, "people sign up")
        done = komerbij(system, "backup", str(file))
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        system.start("notifications")
    erased = {"participant": {"ref": ERASED_LATER}}
    post(system, [event("participant-erased", "erase", datetime.now(UTC), erased)])
    system.settled(60)
    eventually(lambda: nothing_to_send(system), 60, "everybody has been told")


@contextmanager
def load(system: System) -> Iterator[None]:
    """Sign-ups and presences are posted until the block is left."""
    now, enough = datetime.now(UTC), threading.Event()
    programme = two_thousand(now)
    few = [*programme[: 41 * 2], *programme[41 * 40 : 41 * 40 + 36 * 3]]

    def go_on() -> None:
        for start in range(0, len(few), CHUNK):
            post(system, few[start : start + CHUNK])
        number = 0
        while not enough.is_set():
            number += 1
            post(system, [attendance("past-0", f"late-{number}", now - timedelta(days=1))])

    poster = threading.Thread(target=go_on)
    poster.start()
    try:
        yield
    finally:
        enough.set()
        poster.join()


def post(system: System, events: list[dict[str, Any]]) -> None:
    with system.client("registration") as client:
        summary = post_batch(client, events)["summary"]
        assert summary["rejected"] == summary["failed"] == 0, summary


def komerbij(system: System, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command, as an operator types it on the machine of this system."""
    named = {f"{name.upper()}_DATABASE_URL": system.database(name) for name in system.ports}
    given = {"KOMERBIJ_DATA": str(system.folder), "REGISTRATION_PERSON_KEY": PERSON_KEY}
    environment = {**os.environ, **named, **given, "KOMERBIJ_REDIS_URL": system.redis_url}
    argv = [sys.executable, "-m", "cli.main", *arguments]
    return subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


def mails(system: System) -> Counter[tuple[str, str]]:
    found = (message_from_bytes(path.read_bytes()) for path in sorted((system.folder / "mailbox").glob("*.eml")))
    return Counter((str(mail["To"]), str(mail["Subject"])) for mail in found)


def nothing_to_send(system: System) -> bool:
    """No message is due; what the killed process had in hand may wait for its lease to run out."""
    with system.client("notifications") as client:
        for status in ("scheduled", "retry"):
            cursor = None
            while True:
                asked = {"status": status, "limit": 1000, **({"cursor": cursor} if cursor else {})}
                page = client.get("/v1/messages", params=asked).json()
                if any(datetime.fromisoformat(one["dueAt"]) <= datetime.now(UTC) for one in page["items"]):
                    return False
                cursor = page["next"]
                if cursor is None:
                    break
    return True


def whole_log(system: System) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    with system.client("registration") as client:
        while page := client.get("/v1/log", params={"after": len(found), "limit": 1000}).json()["items"]:
            found += page
    return found


def recounted(log: list[dict[str, Any]]) -> dict[str, int]:
    """Plain sums over the newest state of each subject, in the words of the contract."""
    newest: dict[str, dict[str, Any]] = {}
    for one in log:
        if one["data"]["version"] >= newest.get(one["subject"], one)["data"]["version"]:
            newest[one["subject"]] = one
    states = [(one["subject"].split("/")[0], one["data"]) for one in newest.values()]
    present = [data for kind, data in states if kind == "attendance" and data["outcome"] == "present"]
    open_ = [data for kind, data in states if kind == "signup" and data["status"] in ("confirmed", "waitlisted")]
    return {
        "attendances": sum(data["partySize"] for data in present),
        "participants": len({data["pid"] for data in present}),
        "signups": sum(data["partySize"] for data in open_),
    }


def figures(system: System) -> dict[str, int]:
    asked = {"from": "2025-01-01", "to": "2099-12-31"}
    with system.client("reporting") as client:
        return {
            name: client.get("/v1/statistics", params={"indicator": name, **asked}).json()["total"]["value"]
            for name in ("attendances", "participants", "signups")
        }


def test_the_figures_are_those_of_the_backup_whatever_redis_still_held(story: Story) -> None:
    assert story.lost_head > story.restored.head()
    gone = {"signups": story.figures["signups"] - 1}  # who was erased since the backup does not come any more
    assert figures(story.restored) == {**story.figures, **gone}


def test_nobody_is_told_twice_and_what_was_perhaps_told_is_held(story: Story) -> None:
    eventually(lambda: nothing_to_send(story.restored), 60, "what may go has gone")
    assert max(story.told.values()) == 1
    twice = story.told & mails(story.restored)
    assert dict(twice) == {}
    with story.restored.client("notifications") as client:
        held = client.get("/v1/messages", params={"status": "unknown", "limit": 1000}).json()["items"]
    assert {one["reason"] for one in held} == {"backup-restored"}
    addresses = {f"{one['signup'].rpartition('-')[2]}@example.org" for one in held}
    assert len(addresses & {address for address, _ in story.told}) > 20, "without the hold these were told twice"


def test_status_of_the_restored_system_knows_everything_it_shows(story: Story) -> None:
    system = story.restored
    eventually(lambda: nothing_to_send(system), 60, "what may go has gone")
    urls = [part for name in system.ports for part in ("--url", f"{name}={system.url(name)}")]
    done = komerbij(system, "status", "--key", ADMIN_KEY, *urls)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    shown = {line.split("│")[1].strip(): line.split("│")[2:5] for line in done.stdout.splitlines() if "│" in line}
    facts = {name: [cell.strip() for cell in cells] for name, cells in shown.items()}
    assert facts["dead letters"] == ["", "0", "0"]
    assert facts["messages due"] == ["", "0", ""]
    assert facts["publications"] == ["", "", "none"]
    assert facts["people not told of the next 48 hours"] == ["", "0", ""]
    assert facts["access keys"] == ["0", "0", "0"]
