"""Who was forgotten is found nowhere: not in databases, files beside them, Redis, logs, nor in restored backups."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import forgotten
from tests.e2e.forgotten import REF, SHARED_PID, found
from tests.servers import ADMIN, RedisServer, System, eventually, post_batch

PARTNERS = ("avedan", "humanitas")


@dataclass
class Place:
    """A running system with the person in it, its Redis, its backups, and the figures of that moment."""

    system: System
    redis: RedisServer
    backups: Path
    figures: Mapping[str, Any]

    def found(self) -> set[tuple[str, str]]:
        """Where the person still is."""
        return found(self.system, self.redis.folder)

    def has_forgotten(self, what: str) -> None:
        """Wait until the person is nowhere; the figures are as before. On failure: where the person still is."""
        left: list[set[tuple[str, str]]] = [set()]

        def look() -> bool:
            left[0] = self.found()
            return not left[0]

        try:
            eventually(look, 90, what)
        except AssertionError:
            assert left[0] == set(), what
            raise
        assert forgotten.figures(self.system) == self.figures


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Everybody has heard of the person before the backups are made."""
    folder = tmp_path_factory.mktemp("forgetting")
    server = RedisServer(folder / "redis").start()
    extra = {"NOTIFICATIONS_QUIET_HOURS": ""}
    system = System(folder / "data", server.url, extra, modules={"registration": "tests.e2e.hasty_registration"})
    try:
        system.start()
        with system.client("registration") as client:
            for partner in PARTNERS:
                body = {"name": partner, "kind": "partner", "municipality": "GM0141", "joinedOn": "2019-05-01"}
                assert client.put(f"/v1/partners/{partner}", json=body, headers=ADMIN).status_code == 200
            forgotten.files_rewritten(system)
            summary = post_batch(client, forgotten.story(datetime.now(UTC)))["summary"]
        assert summary["accepted"] == summary["received"]
        forgotten.settled(system)
        eventually(lambda: list((system.folder / "mailbox").glob("*.eml")), 60, "a mail in the mailbox")
        yield Place(system, server, folder / "backups", forgotten.figures(system))
    finally:
        system.stop()
        server.kill()


def erase(place: Place) -> None:
    """Tell registration to forget; the ledger is there with the answer."""
    with place.system.client("registration") as client:
        answer = post_batch(client, [forgotten.erasure()])
    assert answer["summary"]["accepted"] == 1
    assert len((place.system.folder / "registration-erasures.jsonl").read_text().splitlines()) == 2


def start_again(place: Place, *services: str) -> None:
    """With older databases."""
    place.system.stop()
    forgotten.restore(place.system, place.backups, *services)
    restored = {place.system.folder / f"{service}.db" for service in services}
    assert all(SHARED_PID.encode() in path.read_bytes() for path in restored), "the backup holds the person"
    place.system.start()
    forgotten.settled(place.system)


def comes_back_and_goes(place: Place) -> None:
    """Whoever signs up after the erasure is somebody new, also to a registration that starts again."""
    with place.system.client("registration") as client:
        assert post_batch(client, [forgotten.back_again(datetime.now(UTC))])["summary"]["accepted"] == 1
        place.system.stop()
        place.system.start()
        log = client.get("/v1/log").json()["items"]
        assert SHARED_PID in {item["data"].get("pid") for item in log}, "back, and not erased by the former mark"
        assert post_batch(client, [forgotten.erasure("vergeet weer")])["summary"]["accepted"] == 1
    forgotten.settled(place.system)


def test_who_is_forgotten_is_found_nowhere_also_after_a_rebuild_and_in_restored_backups(place: Place) -> None:
    """Contract section 7; and the figures of what is over stay what they were."""
    before = {where.partition(".")[0] for where, _ in place.found()}
    assert before >= {*forgotten.SERVICES, "appendonlydir/appendonly"}, "the search finds who is there"
    forgotten.back_up(place.system, place.backups)

    erase(place)
    forgotten.settled(place.system)
    place.has_forgotten("erased")

    for service in ("reporting", "notifications"):
        assert forgotten.rebuild(place.system, service) == "done"
    place.has_forgotten("rebuilt")

    start_again(place, "notifications", "reporting")
    place.has_forgotten("older databases of the consumers")

    start_again(place, *forgotten.SERVICES)
    place.has_forgotten("older databases of all three")
    assert forgotten.rebuild(place.system, "reporting") == "done"
    place.has_forgotten("older databases of all three, rebuilt")

    comes_back_and_goes(place)
    place.has_forgotten("erased once more")


def test_no_mail_that_was_sent_names_a_pid_or_a_reference(place: Place) -> None:
    mails = list((place.system.folder / "mailbox").glob("*.eml"))
    assert mails
    for mail in mails:
        content = mail.read_bytes()
        assert REF.encode() not in content
        assert SHARED_PID.encode() not in content
