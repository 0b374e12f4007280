"""Somebody with unmistakable names, told of by two partners; where those names still stand; backups and figures."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import redis

from services.registration.domain.persons import person_id
from tests.e2e.programme import activity, event, signup
from tests.servers import ADMIN, PERSON_KEY, System, eventually

Event = dict[str, Any]
SERVICES = ("registration", "notifications", "reporting")
REF, SHARED_REF, THEIR_REF = "zeldzame-klant-31", "stadspas-58-4711", "hum-bijzonder-77"
CONTACT = {
    "name": "Wilhelmina Onvindbaar",
    "email": "onvindbaar@example.org",
    "phone": "0612345098",
    "address": {"street": "Verdwijnsteeg 13", "postalCode": "7601QX", "city": "Almelo"},
}
PERSON = {"ref": REF, "sharedRef": SHARED_REF, "ageBand": "75-84", "neighbourhood": "De Riet", **CONTACT}
THEIRS = {**PERSON, "ref": THEIR_REF}
OWN_PID = person_id(PERSON_KEY.encode(), "avedan", REF, None)
SHARED_PID = person_id(PERSON_KEY.encode(), "avedan", REF, SHARED_REF)
WORDS = (REF, SHARED_REF, THEIR_REF, OWN_PID, SHARED_PID, "Onvindbaar", "onvindbaar@", "0612345098", "Verdwijnsteeg")
"""What must be found nowhere once the person is forgotten."""


def at_humanitas(told: Event) -> Event:
    """The same, told by another partner."""
    return {**told, "partnerid": "humanitas", "source": "urn:nld:komerbij-test:humanitas"}


def story(now: datetime) -> list[Event]:
    """The person as guest, volunteer and on a list, at both partners, with and without the shared reference."""
    past, coming, before = now - timedelta(days=40), now + timedelta(days=12), now - timedelta(days=41)
    plain = {"ref": REF, "name": CONTACT["name"]}

    def present(key: str, **who: Any) -> Event:
        data = {"activityId": "over", "outcome": "present", **who}
        return event("attendance-recorded", key, past + timedelta(hours=3), data)

    return [
        activity("over", past, before, capacity=9),
        activity("komt", coming, before, capacity=3),
        at_humanitas(activity("over", past, before)),
        signup("s1", "over", before, PERSON),
        signup("s2", "over", before, {"ref": "een-ander", "ageBand": "50-64"}),
        signup("s3", "over", before, plain),
        at_humanitas(signup("h1", "over", before, THEIRS)),
        signup("s4", "komt", now, PERSON, partySize=2),
        signup("s5", "komt", now, {"ref": "een-ander"}),
        signup("s6", "komt", now, {"ref": "wachtende"}),
        present("t1", signupId="s1", partySize=2),
        present("t2", participant={"ref": "een-ander", "ageBand": "50-64"}),
        present("t3", participant=plain),
        at_humanitas({**present("t4", participant=THEIRS), "id": "t4"}),
        event("volunteer-assigned", "v1", now, {"assignmentId": "v1", "participant": PERSON, "from": "2026-01-01"}),
    ]


def back_again(now: datetime) -> Event:
    """The person signs up once more: somebody new."""
    return signup("s9", "komt", now, PERSON)


def erasure(event_id: str = "vergeet") -> Event:
    """Forget the person, at all partners."""
    who = {"ref": REF, "sharedRef": SHARED_REF}
    return event("participant-erased", event_id, datetime.now(UTC), {"participant": who})


def found(system: System, redis_folder: Path, words: tuple[str, ...] = WORDS) -> set[tuple[str, str]]:
    """(where, word): files of databases with all beside them, logs, ledger, Redis' files and memory, metrics."""
    return {
        (place, word)
        for place, content in (*_files(system.folder), *_files(redis_folder), *_live(system), *_metrics(system))
        for word in words
        if word.encode() in content
    }


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """A mail that was sent is no longer ours: the mailbox stands for the readers' own."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.parent.name != "mailbox":
            try:
                yield str(path.relative_to(folder)), path.read_bytes()
            except FileNotFoundError:  # Redis renames its files while it writes them anew
                continue


def _live(system: System) -> Iterator[tuple[str, bytes]]:
    with redis.Redis.from_url(system.redis_url) as client:
        for key in client.scan_iter():
            yield f"redis {key!r}", client.dump(key) or b""
        yield "stream", repr(client.xrange("meedoen.events")).encode()


def _metrics(system: System) -> Iterator[tuple[str, bytes]]:
    for service in SERVICES:
        answer = httpx.get(f"{system.url(service)}/metrics", timeout=10)
        assert answer.status_code == 200
        yield f"metrics of {service}", answer.content


def level(system: System) -> bool:
    """Have both consumers applied the whole log?"""
    head = system.head()
    checks = [
        httpx.get(f"{system.url(service)}/health/ready", headers=ADMIN, timeout=10).json()["checks"]["consumer"]
        for service in ("notifications", "reporting")
    ]
    return all(check.get("sequence", -1) >= head for check in checks)


def files_rewritten(system: System) -> None:
    """Redis has been asked once to write its file anew, as it is after every start: what comes now stays in it."""

    def done() -> bool:
        with redis.Redis.from_url(system.redis_url) as client:
            seen: Any = client.info("persistence")
        return bool(seen["aof_rewrites"]) and not seen["aof_rewrite_in_progress"]

    eventually(done, 60, "Redis' append-only file is written anew")


def settled(system: System) -> None:
    """Wait until they have."""
    eventually(lambda: level(system), 90, "both consumers have applied the log")


def back_up(system: System, folder: Path) -> None:
    """As `sqlite3 .backup` does, beside writers; the consumers first, so that none is ahead of the log."""
    folder.mkdir()
    for service in reversed(SERVICES):
        live, copy = (sqlite3.connect(where / f"{service}.db") for where in (system.folder, folder))
        with closing(live), closing(copy):
            live.backup(copy)


def restore(system: System, folder: Path, *services: str) -> None:
    """Put backups in the place of the databases of services that are stopped."""
    for service in services:
        for left in system.folder.glob(f"{service}.db*"):
            left.unlink()
        shutil.copy(folder / f"{service}.db", system.folder / f"{service}.db")


def figures(system: System) -> Mapping[str, Any]:
    """Every indicator up to yesterday, by everything by which it can be grouped."""
    seen: dict[str, Any] = {}
    period = {"from": "2023-01-01", "to": (datetime.now(UTC) - timedelta(days=1)).date().isoformat()}
    with system.client("reporting") as client:
        for indicator in client.get("/v1/indicators").json()["items"]:
            for group_by in (None, *indicator["groupBy"]):
                asked = {"indicator": indicator["code"], **period, **({"groupBy": group_by} if group_by else {})}
                answer = client.get("/v1/statistics", params=asked)
                assert answer.status_code == 200, answer.text
                seen[f"{indicator['code']} by {group_by}"] = {
                    name: value for name, value in answer.json().items() if name != "asOf"
                }
    return seen


def rebuild(system: System, service: str) -> str:
    """Rebuild and replace; how it ended."""
    with system.client(service) as client:
        begun = client.post("/v1/rebuilds", json={"replace": True})
        assert begun.status_code == 202, begun.text
        address = f"/v1/rebuilds/{begun.json()['id']}"
        eventually(lambda: client.get(address).json()["status"] != "running", 90, "the rebuild ends")
        return str(client.get(address).json()["status"])
