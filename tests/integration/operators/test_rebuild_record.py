"""One rebuild at a time per database, whichever process is asked; one whose process died is seen to have failed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from shared.database import connect, transaction
from shared.errors import Refusal
from shared.operators.rebuild_record import RebuildRecord
from shared.operators.tables import operator_metadata
from tests.databases import DatabaseUrl
from tests.integration.registration.running import MovingClock


@pytest.fixture(name="engine")
def database_of_a_consumer(database_url: DatabaseUrl) -> Iterator[Engine]:
    engine = connect(database_url("consumer"))
    with transaction(engine) as connection:
        operator_metadata.create_all(connection)
    yield engine
    engine.dispose()


@pytest.fixture(name="clock")
def clock_to_move() -> MovingClock:
    return MovingClock(datetime(2026, 11, 24, 12, tzinfo=UTC))


@pytest.fixture(name="record")
def record_of_one_process(engine: Engine, clock: MovingClock) -> RebuildRecord:
    return RebuildRecord(engine, clock)


def test_a_second_process_joins_the_rebuild_that_runs(
    record: RebuildRecord, engine: Engine, clock: MovingClock
) -> None:
    first, new = record.begin()
    assert new
    assert RebuildRecord(engine, clock).begin() == (first, False)


def test_how_it_ended_stays(record: RebuildRecord) -> None:
    rebuild_id, _ = record.begin()
    record.beat(rebuild_id, 1200)
    record.end(rebuild_id, "done", digest="ab", live_digest="ab")
    record.beat(rebuild_id, 5)
    found = record.get(rebuild_id)
    assert (found["status"], found["events"], found["digest"], found["live_digest"]) == ("done", 1200, "ab", "ab")
    again, new = record.begin()
    assert new
    assert again != rebuild_id


def test_one_whose_process_died_has_failed_after_half_a_minute(record: RebuildRecord, clock: MovingClock) -> None:
    rebuild_id, _ = record.begin()
    clock.forward(seconds=20)
    record.beat(rebuild_id, 40)
    clock.forward(seconds=30)
    assert record.get(rebuild_id)["status"] == "running"
    clock.now += timedelta(seconds=1)
    found = record.get(rebuild_id)
    assert (found["status"], found["events"]) == ("failed", 40)
    assert "nothing changed" in found["reason"]
    assert record.begin()[1]


def test_all_of_them_the_latest_first(record: RebuildRecord, clock: MovingClock) -> None:
    first, _ = record.begin()
    record.end(first, "done")
    clock.forward(minutes=1)
    second, _ = record.begin()
    assert [row["id"] for row in record.all()] == [second, first]


def test_an_unknown_one_is_not_found(record: RebuildRecord) -> None:
    with pytest.raises(Refusal) as refused:
        record.get("nothing")
    assert refused.value.code == "not-found"
