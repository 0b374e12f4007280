"""One test per trap of the guide on the backbone that the log's numbers must not fall into, on both databases."""

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from services.registration import event_log
from shared.database import connect, transaction
from tests.factories import activity, outreach, signup
from tests.integration.registration import scenarios
from tests.integration.registration.running import ON_POSTGRESQL, Registration
from tests.integration.registration.stream import NOON, Road, announcement, arrived, relaying, until


def append_one(database: str) -> int:
    """Another process's write transaction."""
    engine = connect(database)
    try:
        with transaction(engine) as connection:
            return event_log.append(connection, [announcement()], NOON)
    finally:
        engine.dispose()


def waits_for_a_lock(engine: Engine) -> bool:
    """Somebody in this database waits for a lock."""
    asked = text(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    )
    with engine.connect() as connection:
        return bool(connection.execute(asked).scalar())


@ON_POSTGRESQL
@pytest.mark.parametrize("end", ["commit", "rollback"])
async def test_t24_late_commit_is_sent(road: Road, database: str, end: str) -> None:
    """Two transactions at once: who comes later gets the later number, and cannot be seen before the earlier is."""
    later: Future[int]
    with ThreadPoolExecutor(1) as another:
        async with relaying(road):
            with road.engine.connect() as connection:
                assert event_log.append(connection, [announcement()], NOON) == 1
                later = another.submit(append_one, database)
                await until(lambda: waits_for_a_lock(road.engine))
                assert (road.head().assigned, road.sequences(), later.done()) == (0, [], False)
                connection.commit() if end == "commit" else connection.rollback()
            assert await asyncio.wrap_future(later) == (2 if end == "commit" else 1)
            await arrived(road)
    assert road.sequences() == ([1, 2] if end == "commit" else [1])


def test_n2_duplicates_leave_no_gap(registration: Registration) -> None:
    registration.tell(activity(capacity=1), outreach())
    registration.tell(outreach(), activity(capacity=1), outreach("o2"))
    assert registration.code(signup("s1", "unknown")) == "unknown-activity"
    registration.tell(outreach("o2"), outreach("o3"))
    assert [item["sequence"] for item in registration.log()] == [1, 2, 3, 4, 5]


async def test_n2_what_is_rolled_back_leaves_no_gap(road: Road) -> None:
    road.log(2)
    with road.engine.connect() as connection:
        event_log.append(connection, [announcement(), announcement()], NOON)
        connection.rollback()
    road.log(1)
    async with relaying(road):
        await arrived(road)
    assert road.sequences() == [1, 2, 3]


def test_n3_two_assigners(database: str) -> None:
    scenarios.two_assigners(database)
