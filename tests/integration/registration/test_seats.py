"""Which process sends: one of several; another follows at once when it is gone; and nothing depends on it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import redis
from sqlalchemy import Engine, TextClause, text

from services.registration import event_log
from services.registration.app import end
from services.registration.relay.loop import Pace, Relay
from services.registration.relay.seats import FileSeat, SessionSeat, seat_of
from shared.database import connect, transaction
from tests.databases import PostgresServer
from tests.factories import outreach
from tests.integration.registration.running import ON_POSTGRESQL, ON_SQLITE, running_registration
from tests.integration.registration.stream import NOON, PROBE, Road, announcement, arrived, relaying, until

NEVER = 3600.0
DEAF = Pace(probe=NEVER, retry=PROBE, trouble=PROBE)
"""Does nothing by itself: whatever arrives was told."""


@pytest.fixture
def elsewhere(database: str) -> Iterator[Engine]:
    """The same database as another process sees it."""
    engine = connect(database)
    yield engine
    engine.dispose()


@asynccontextmanager
async def relay_at(engine: Engine, url: str, pace: Pace) -> AsyncIterator[Relay]:
    """A relay over this engine, at this pace."""
    relay = Relay(engine, url, pace)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        await end(task)
        await relay.close()


def append(engine: Engine, count: int = 1) -> None:
    with transaction(engine) as connection:
        event_log.append(connection, [announcement() for _ in range(count)], NOON)


def sends(relay: Relay) -> bool:
    check = relay.check()
    return (check.status, check.reason) == ("ok", None)


def stands_by(relay: Relay) -> bool:
    check = relay.check()
    return (check.status, check.reason) == ("ok", "another process sends")


async def test_one_of_two_sends_and_the_other_follows_when_it_is_gone(road: Road, elsewhere: Engine) -> None:
    async with relay_at(elsewhere, road.url, Pace(probe=PROBE, retry=PROBE)) as second:
        await until(lambda: sends(second))
        first = Relay(road.engine, road.url, Pace(probe=PROBE, retry=PROBE))
        task = asyncio.create_task(first.run())
        await until(lambda: stands_by(first))
        append(road.engine, 3)
        await arrived(road)
        assert stands_by(first)
        await second.close()
        await until(lambda: sends(first) or sends(second))
        append(road.engine, 3)
        await arrived(road)
        await end(task)
        await first.close()


async def test_without_a_seat_two_relays_send_at_once_and_nothing_is_doubled_or_lost(
    road: Road, elsewhere: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seat saves work; what keeps the stream right is the compare-and-append."""

    async def everybody(_seat: object) -> bool:
        return True

    for seat in (FileSeat, SessionSeat):
        monkeypatch.setattr(seat, "held", True)
        monkeypatch.setattr(seat, "hold", everybody)
    async with relay_at(elsewhere, road.url, Pace(probe=0.001)) as other, relaying(road) as relay:
        for _ in range(60):
            append(road.engine, 7)
            relay.wake()
            other.wake()
            await asyncio.sleep(0)
        await arrived(road)
    assert road.sequences() == list(range(1, 421))


async def test_for_a_process_that_has_the_seat_and_hangs_another_sends(road: Road, elsewhere: Engine) -> None:
    hung = seat_of(elsewhere, lambda: None)
    assert await hung.hold()
    pace = Pace(probe=PROBE, retry=PROBE, hung=3 * PROBE)
    async with relay_at(road.engine, road.url, pace) as relay:
        await until(lambda: stands_by(relay))
        append(road.engine, 3)
        await until(lambda: "hangs" in (relay.check().reason or ""))
        await arrived(road)
        await until(lambda: stands_by(relay))
        await hung.close()
        await until(lambda: sends(relay))


async def test_a_commit_of_this_process_wakes_the_relay(road: Road) -> None:
    async with relay_at(road.engine, road.url, DEAF) as relay:
        await until(lambda: sends(relay))
        for _ in range(3):
            append(road.engine)
            relay.wake()
            await arrived(road)


@ON_POSTGRESQL
async def test_a_commit_of_another_process_wakes_the_relay(road: Road, elsewhere: Engine) -> None:
    async with relay_at(road.engine, road.url, DEAF) as relay:
        await until(lambda: sends(relay))
        for _ in range(3):
            append(elsewhere, 2)
            await arrived(road)


@ON_SQLITE
async def test_a_commit_of_another_process_is_found_by_looking(road: Road, elsewhere: Engine) -> None:
    async with relay_at(road.engine, road.url, Pace()) as relay:
        await until(lambda: sends(relay))
        append(elsewhere, 2)
        await arrived(road)


@ON_POSTGRESQL
async def test_a_lost_wake_up_costs_seconds_and_no_event(
    road: Road, elsewhere: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_log, "CHANNEL", "where-nobody-listens")
    async with relay_at(road.engine, road.url, Pace()) as relay:
        await until(lambda: sends(relay))
        append(elsewhere, 2)
        await arrived(road)


OTHERS = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> {}"
ALL_BUT_THIS = text(OTHERS.format("pg_backend_pid()"))
THE_SEAT = text(OTHERS.format("pg_backend_pid() and pid in (select pid from pg_locks where locktype = 'advisory')"))


def end_sessions(engine: Engine, which: TextClause) -> int:
    """Let the server end connections to this database; how many."""
    with engine.connect() as connection:
        return len(connection.execute(which).all())


@ON_POSTGRESQL
async def test_a_terminated_seat_is_given_up_at_once_and_taken_again(road: Road, elsewhere: Engine) -> None:
    async with relay_at(road.engine, road.url, DEAF) as relay:
        await until(lambda: sends(relay))
        assert end_sessions(elsewhere, THE_SEAT) == 1
        append(elsewhere)
        await arrived(road)
        append(elsewhere)
        await arrived(road)


@ON_POSTGRESQL
async def test_connections_that_end_under_way_cost_no_event(road: Road, elsewhere: Engine) -> None:
    async with relaying(road):
        for _ in range(5):
            append(elsewhere, 20)
            end_sessions(elsewhere, ALL_BUT_THIS)
        await arrived(road)


def test_the_door_and_the_relay_go_on_after_a_restart_of_postgresql(tmp_path: Path, redis_url: str) -> None:
    with tempfile.TemporaryDirectory(prefix="komerbij-postgres-") as folder:  # the server may run as another user
        server = PostgresServer(Path(folder), options=("synchronous_commit=on",)).start()
        try:
            restart_under_way(server, tmp_path, redis_url)
        finally:
            server.stop()


def restart_under_way(server: PostgresServer, folder: Path, redis_url: str) -> None:
    with running_registration(folder, redis_url, server.url) as registration, redis.Redis.from_url(redis_url) as client:
        registration.tell(outreach("o1"))
        server.kill()
        answer = registration.post(outreach("o2"))
        assert (answer.status_code, answer.json()["code"]) == (500, "internal")
        server.start()
        registration.tell(outreach("o2"), outreach("o3"))
        assert registration.names() == ["partner-joined", *["outreach-recorded"] * 3]
        asyncio.run(arrived(Road(registration.engine, client, redis_url)))


def test_the_seat_beside_a_file_is_let_go_with_the_process_and_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "registration.db.sender"
    first, second = FileSeat(path), FileSeat(path)
    assert asyncio.run(first.hold())
    assert not asyncio.run(second.hold())
    asyncio.run(first.close())
    assert asyncio.run(second.hold())
    asyncio.run(second.close())
    assert path.stat().st_mode & 0o777 == 0o600
