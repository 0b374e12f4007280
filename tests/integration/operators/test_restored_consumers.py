"""A consumer's database restored from before an erasure is made again by itself, and forgets (decision 0014)."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, text

from services.registration import event_log
from services.registration.domain.persons import person_id
from shared.database import reading, transaction
from shared.messaging import dead_letters, doubt, inbox
from shared.operators.certainty import Certainty
from tests.e2e.programme import event, signup
from tests.integration.operators.conftest import History, LiveConsumer, Row
from tests.servers import PERSON_KEY

ON_SQLITE = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
REF = "p021"
"""Was at two activities that are over, and is signed up for two that come."""
PID = person_id(PERSON_KEY.encode(), "avedan", REF, None)


def seal(history: History) -> None:
    """As the relay does once every consumer has applied an erasure: its pid goes."""
    with transaction(history.registration.engine) as connection:
        event_log.mark_confirmed(connection, history.head())


def restore(consumer: LiveConsumer, backup: dict[str, list[Row]]) -> None:
    """What was there at the backup, and nothing else."""
    with transaction(consumer.engine) as connection:
        for name, table in consumer.projections.metadata.tables.items():
            connection.execute(delete(table))
            if backup[name]:
                connection.execute(insert(table), backup[name])


def in_doubt(consumer: LiveConsumer) -> bool:
    with reading(consumer.engine) as connection:
        return doubt.since(connection) is not None


def named(consumer: LiveConsumer, *words: str) -> set[str]:
    """The tables in which a word stands."""
    return {name for name, rows in consumer.everything().items() for word in words if word in str(rows)}


def erased_and_restored(consumer: LiveConsumer) -> dict[str, list[Row]]:
    """From before the erasure, brought up to date; returns what stood there before the restore."""
    consumer.follow()
    backup = consumer.everything()
    assert named(consumer, PID)
    consumer.history.erase(REF)
    consumer.follow()
    seal(consumer.history)
    before = consumer.everything()
    assert named(consumer, PID) == set()
    restore(consumer, backup)
    consumer.follow()
    return before


def test_it_is_in_doubt_until_it_is_rebuilt_and_names_the_person_no_more(consumer: LiveConsumer) -> None:
    before = erased_and_restored(consumer)
    assert in_doubt(consumer)
    assert named(consumer, PID), "nothing said who was meant"
    assert consumer.rebuild(replace=True).done
    assert not in_doubt(consumer)
    assert named(consumer, PID) == set()
    after = consumer.everything()
    made_of_events = {table.name for table in consumer.projections.tables}
    assert {name: after[name] for name in made_of_events} == {name: before[name] for name in made_of_events}


def test_a_rebuild_that_does_not_replace_leaves_the_doubt(consumer: LiveConsumer) -> None:
    erased_and_restored(consumer)
    assert not consumer.rebuild().done
    assert in_doubt(consumer)


def test_messages_lose_every_way_back_and_nothing_of_them_is_sent(notifications: LiveConsumer) -> None:
    references = {row["signup"] for row in erased_and_restored(notifications)["message"] if "erased-" in row["signup"]}
    notifications.rebuild(replace=True)
    rows = [row for row in notifications.rows("message") if row["pid"].startswith("erased-")]
    assert len({row["signup"] for row in rows}) == len(references) > 0
    assert {row["status"] for row in rows} <= {"cancelled", "suppressed", "expired"}
    assert named(notifications, f"coming-1-{REF}", f"coming-2-{REF}") == set()


def test_equal_tables_may_hide_messages_that_are_not(notifications: LiveConsumer) -> None:
    """Whose only sign-up was still to come left no sign-up behind, and messages that named the person."""
    history, now = notifications.history, notifications.history.registration.clock.now
    history.post([signup("only", "coming-1", now, {"ref": "only-one"})])
    notifications.follow()
    backup = notifications.everything()
    history.erase("only-one")
    notifications.follow()
    seal(history)
    restore(notifications, backup)
    notifications.follow()
    pid = person_id(PERSON_KEY.encode(), "avedan", "only-one", None)
    assert named(notifications, pid) == {"message"}
    ended = notifications.rebuild(replace=True)
    assert (ended.done, ended.switched) == (True, False)
    assert (named(notifications, pid, "avedan/only"), in_doubt(notifications)) == (set(), False)


def test_a_withdrawal_after_the_erasure_brings_the_sign_up_back_and_no_message_to_its_person(
    notifications: LiveConsumer,
) -> None:
    history, clock = notifications.history, notifications.history.registration.clock
    history.post([signup("was", "coming-1", clock.now, {"ref": "was-there"})])
    notifications.follow()
    backup = notifications.everything()
    clock.forward(days=60)
    history.erase("was-there")
    history.post([event("signup-withdrawn", "late", clock.now, {"signupId": "was"})])
    notifications.follow()
    seal(history)
    restore(notifications, backup)
    notifications.follow()
    pid = person_id(PERSON_KEY.encode(), "avedan", "was-there", None)
    assert named(notifications, pid)
    notifications.rebuild(replace=True)
    assert {row["ref"] for row in notifications.rows("signup")} >= {"avedan/was"}
    assert named(notifications, pid) == set()


def test_who_came_back_after_the_erasure_keeps_the_messages(notifications: LiveConsumer) -> None:
    erased_and_restored(notifications)
    now = notifications.history.registration.clock.now
    notifications.history.post([signup("again", "coming-1", now, {"ref": REF})])
    notifications.follow()
    notifications.rebuild(replace=True)
    mine = [row for row in notifications.rows("message") if row["pid"] == PID]
    assert {row["signup"] for row in mine} == {"avedan/again"}
    assert {row["status"] for row in mine} == {"scheduled"}


def test_bytes_of_entries_that_nobody_could_read_go_with_the_doubt(consumer: LiveConsumer) -> None:
    erased_and_restored(consumer)
    letter = {"stream_id": "7-7", "type": None, "reason": "no JSON", "body": "cGlk", "attempts": 1}
    with transaction(consumer.engine) as connection:
        dead_letters.keep(connection, [{**letter, "at": consumer.history.registration.clock.now}])
    consumer.rebuild(replace=True)
    assert [(row["stream_id"], row["body"]) for row in consumer.rows("dead_letter")] == [("7-7", "")]


def test_an_empty_database_that_reads_a_sealed_log_is_in_no_doubt(consumer: LiveConsumer) -> None:
    consumer.history.erase(REF)
    seal(consumer.history)
    consumer.inbox.begin(consumer.history.head())
    consumer.follow()
    assert not in_doubt(consumer)
    assert named(consumer, PID) == set()
    consumer.history.erase("p022")
    seal(consumer.history)
    consumer.follow()
    assert in_doubt(consumer), "who was erased after the reading began may have been read before"


def test_where_something_came_in_before_the_reading_began_the_doubt_stays(consumer: LiveConsumer) -> None:
    consumer.follow()
    consumer.history.erase(REF)
    seal(consumer.history)
    consumer.inbox.begin(consumer.history.head())
    consumer.follow()
    assert in_doubt(consumer)


def test_an_erasure_with_a_name_leaves_no_doubt(consumer: LiveConsumer) -> None:
    consumer.history.erase(REF)
    consumer.follow()
    assert not in_doubt(consumer)


def in_files(consumer: LiveConsumer) -> list[str]:
    """Which files of the database name the person: its own and those beside it."""
    database = Path(str(consumer.engine.url.database))
    return [path.name for path in database.parent.glob(f"{database.name}*") if PID.encode() in path.read_bytes()]


@ON_SQLITE
def test_no_file_keeps_a_former_page_after_an_erasure(consumer: LiveConsumer) -> None:
    consumer.follow()
    assert in_files(consumer)
    consumer.history.erase(REF)
    consumer.follow()
    assert in_files(consumer) == []


@ON_SQLITE
def test_no_file_keeps_a_former_page_after_a_doubt(consumer: LiveConsumer) -> None:
    erased_and_restored(consumer)
    assert in_files(consumer)
    consumer.rebuild(replace=True)
    assert in_files(consumer) == []


@ON_SQLITE
def test_whoever_reads_meanwhile_has_it_tried_again_with_a_later_batch(
    consumer: LiveConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "_LET_READ", 0.0)
    consumer.follow()
    consumer.history.erase(REF)
    with reading(consumer.engine) as connection:
        assert connection.execute(text("select count(*) from signup")).scalar()
        consumer.follow()
        assert in_files(consumer)
    consumer.history.erase("nobody")
    consumer.follow()
    assert in_files(consumer) == []


class _Rebuilds:
    """What Certainty asks of a Rebuilder, done at once or not at all."""

    def __init__(self, consumer: LiveConsumer) -> None:
        self.consumer, self.asked, self.away = consumer, 0, False
        self.record = self

    async def start(self, *, replace: bool) -> str:
        self.asked += 1
        if not self.away:
            await asyncio.to_thread(self.consumer.rebuild, replace=replace)
        return "only"

    def get(self, _rebuild_id: str) -> Row:
        return {"status": "failed" if self.away else "done"}


async def test_it_is_rebuilt_without_anybody_asking_and_tried_again_where_that_fails(
    consumer: LiveConsumer,
) -> None:
    await asyncio.to_thread(erased_and_restored, consumer)
    rebuilds: Any = _Rebuilds(consumer)
    rebuilds.away = True
    certainty = Certainty(consumer.engine, rebuilds, every=0.01, after_failure=0.05)
    running = asyncio.create_task(certainty.run())
    try:
        await until(lambda: rebuilds.asked > 1)
        rebuilds.away = False
        await until(lambda: not in_doubt(consumer))
    finally:
        await certainty.stop()
        await running
    asked = rebuilds.asked
    assert await asyncio.to_thread(named, consumer, PID) == set()
    assert rebuilds.asked == asked


async def until(look: Any) -> None:
    """Look until it is true."""
    async with asyncio.timeout(30):
        while not await asyncio.to_thread(look):
            await asyncio.sleep(0.01)
