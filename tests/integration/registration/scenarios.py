"""What the trap tests look at, to be run with a guard in its place (it holds) and without (it must be noticed)."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, select

from services.registration import event_log
from services.registration.domain.commands import Post
from services.registration.domain.results import Accepted
from services.registration.relay.server import Limits
from services.registration.schemas.cloud_event import Door, read_post
from services.registration.tables import EventLogRow, LogHeadRow
from services.registration.usecases import record_events
from shared.database import connect, reading, table_of, transaction
from shared.events.streams import STREAM
from shared.http.keys import Caller
from tests.factories import PARTNER, Json, activity, head_count
from tests.integration.registration.stream import NOON, Road, announcement, arrived, relaying, until
from tests.servers import PERSON_KEY, RedisServer

ROOMY = Limits(entries=10**9, memory=100.0)
"""The relay sends until the server itself refuses."""


@contextmanager
def road_of_its_own(engine: Engine, folder: Path, *options: str) -> Iterator[tuple[Road, RedisServer]]:
    """A log, and a server that may be killed or set up in another way."""
    server = RedisServer(folder / "redis", options=options).start()
    try:
        with server.client() as client:
            yield Road(engine, client, server.url), server
    finally:
        server.kill()


async def tail_loss_then_publish(road: Road) -> None:
    """N1: the stream is restored from an older copy, and an event follows at once."""
    road.log(10)
    async with relaying(road):
        await arrived(road)
    snapshot = road.snapshot()
    road.log(10)
    async with relaying(road) as relay:
        await arrived(road)
        road.redis.restore(STREAM, 0, snapshot, replace=True)
        road.log(1)
        relay.wake()
        await arrived(road)
    assert road.sequences() == list(range(1, 22))


async def foreign_entry(road: Road, entry_id: str) -> None:
    """T23: somebody else writes to the stream, under whatever id."""
    road.log(5)
    async with relaying(road) as relay:
        await arrived(road)
        road.foreign(entry_id)
        road.log(2)
        relay.wake()
        await arrived(road)


async def foreign_entry_in_our_place(road: Road) -> None:
    """T23: after a loss somebody writes under the number of our last event."""
    road.log(5)
    async with relaying(road):
        await arrived(road)
    road.redis.delete(STREAM)
    road.foreign(f"{road.head().assigned}-0")
    async with relaying(road):
        await arrived(road)


async def resend_from_floor(road: Road) -> None:
    """N6: after a total loss only what not every consumer has confirmed is sent again."""
    road.log(8)
    road.confirmed(5)
    async with relaying(road):
        await until(lambda: road.head().published == 8)
        road.redis.flushall()
        await until(lambda: road.sequences() == [6, 7, 8], road.patience)
        road.log(1)
        await until(lambda: road.sequences() == [6, 7, 8, 9], road.patience)


async def unread_survives_trim(road: Road) -> None:
    """T15: one consumer is slower than the other, and has fetched what it has not yet acknowledged."""
    road.log(10)
    async with relaying(road):
        await arrived(road)
    road.groups()
    road.read("notifications", 8, acknowledge=8)
    road.read("reporting", 6, acknowledge=3)
    async with relaying(road, trim_every=0):
        await until(lambda: 3 not in road.sequences(), road.patience)
    assert road.sequences() == [4, 5, 6, 7, 8, 9, 10]
    assert road.head().replay_floor == 3
    pending = road.redis.xpending(STREAM, "reporting")
    assert pending["pending"] == 3, "what is still open can still be read"


async def policy_is_checked(engine: Engine, folder: Path, patience: float = 10) -> None:
    """T27: a server that evicts gets nothing, and the check says in words why; once it is mended all is sent."""
    with road_of_its_own(engine, folder, "--maxmemory-policy", "allkeys-lru") as (road, _):
        road.patience = patience
        road.log(3)
        async with relaying(road) as relay:
            await until(lambda: "maxmemory-policy is allkeys-lru" in (relay.check().reason or ""), road.patience)
            assert relay.check().status == "degraded"
            assert road.sequences() == []
            road.redis.config_set("maxmemory-policy", "noeviction")
            await arrived(road)


def two_assigners(database: str, rounds: int = 25) -> None:
    """N3: two processes number at once, and somebody reads meanwhile: dense, in order, never numbered again."""
    engines = [connect(database) for _ in range(3)]
    try:
        with ThreadPoolExecutor(3) as pool:
            writers = [pool.submit(_append, engine, rounds) for engine in engines[:2]]
            seen: dict[int, str] = {}
            while not all(writer.done() for writer in writers):
                _note(engines[2], seen)
            expected = sum(writer.result() for writer in writers)
        _note(engines[2], seen)
        assert sorted(seen) == list(range(1, expected + 1))
    finally:
        for engine in engines:
            engine.dispose()


def _append(engine: Engine, rounds: int) -> int:
    """As a writer does: look where the log stands, decide, append; returns how many events."""
    for number in range(rounds):
        with transaction(engine) as connection:
            before = event_log.lock(connection)
            count = 1 + number % 3
            assert event_log.append(connection, [announcement() for _ in range(count)], NOON) == before + count
    return sum(1 + number % 3 for number in range(rounds))


def _note(engine: Engine, seen: dict[int, str]) -> None:
    """The log is dense up to its head at every moment, and no event changes its number."""
    log, head = table_of(EventLogRow), table_of(LogHeadRow)
    with reading(engine) as connection:
        assigned: int = connection.execute(select(head.c.assigned)).scalar_one()
        statement = select(log.c.sequence, log.c.event_id).where(log.c.sequence <= assigned)
        found = {row[0]: row[1] for row in connection.execute(statement)}
    assert len(found) == assigned
    assert all(found.get(sequence) == event_id for sequence, event_id in seen.items())
    seen.update(found)


_KEY = PERSON_KEY.encode()


def two_decisions(database: str, rounds: int = 20) -> None:
    """Two processes take head counts of one activity at once: each later one is a version more than the one before."""
    engines = [connect(database) for _ in range(2)]
    activity_id = f"counted-{uuid.uuid4().hex[:8]}"
    try:
        _decide(engines[0], [activity(activity_id)])
        moments = [f"2026-03-01T11:{number:02d}:00Z" for number in range(2 * rounds)]
        counts = [head_count(activity_id, value=number, time=moment) for number, moment in enumerate(moments)]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(_decide, engines * rounds, [[count] for count in counts]))
        log = table_of(EventLogRow)
        with reading(engines[0]) as connection:
            mine = select(log.c.version).where(log.c.subject.like(f"%/{activity_id}/total")).order_by(log.c.sequence)
            versions = list(connection.execute(mine).scalars())
        assert versions == list(range(1, len(versions) + 1))
    finally:
        for engine in engines:
            engine.dispose()


def _decide(engine: Engine, events: list[Json]) -> None:
    door = Door(NOON, Caller("key", PARTNER, frozenset({"events:write"})), _KEY)
    posts: list[Post] = [read_post(door, event) for event in events]
    with transaction(engine) as connection:
        recorded = record_events.record(connection, posts, NOON, _KEY)
    assert all(isinstance(result, Accepted) for result in recorded.results)
