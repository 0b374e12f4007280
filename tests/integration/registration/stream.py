"""The stream as the relay finds it and leaves it, on a real server; and a log to be sent."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson
import redis
from sqlalchemy import Engine

from services.registration import event_log
from services.registration.app import end
from services.registration.event_log import Announcement, Head
from services.registration.relay.loop import Pace, Relay
from services.registration.relay.server import Limits
from shared.database import reading, transaction
from shared.events.coalition import PartnerJoinedV1
from shared.events.streams import CONSUMERS, FIELD, STREAM

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PROBE = 0.1
"""Seconds; the relay looks twenty times as often as in earnest."""


@dataclass
class Road:
    """The log at one end, the stream at the other; `patience` in seconds: the contract gives ten (section 4)."""

    engine: Engine
    redis: "redis.Redis"
    url: str
    patience: float = 10

    def log(self, count: int, padding: int = 0) -> int:
        """Add events to the log; returns its head."""
        with transaction(self.engine) as connection:
            return event_log.append(connection, [announcement(padding) for _ in range(count)], NOON)

    def head(self) -> Head:
        with reading(self.engine) as connection:
            return event_log.head(connection)

    def in_log(self) -> list[tuple[str, bytes]]:
        """What must be on the stream: id and body of every event of the log."""
        with reading(self.engine) as connection:
            return [(f"{entry.sequence}-0", entry.on_stream()) for entry in event_log.read(connection, 0, 100_000)]

    def on_stream(self) -> list[tuple[str, bytes]]:
        """What is on the stream."""
        entries: Any = self.redis.xrange(STREAM)
        return [(entry_id.decode(), fields[FIELD.encode()]) for entry_id, fields in entries]

    def sequences(self) -> list[int]:
        """The numbers of the entries on the stream."""
        return [int(entry_id.partition("-")[0]) for entry_id, _ in self.on_stream()]

    def foreign(self, entry_id: str = "*") -> None:
        """An entry that is not ours."""
        self.redis.xadd(STREAM, {FIELD: orjson.dumps({"foreign": True})}, id=entry_id)

    def snapshot(self) -> bytes:
        """The stream as it stands, to be restored later."""
        dumped = self.redis.dump(STREAM)
        assert dumped is not None
        return dumped

    def confirmed(self, sequence: int) -> None:
        """Every consumer has applied the log up to here."""
        with transaction(self.engine) as connection:
            event_log.mark_confirmed(connection, sequence)

    def published(self, sequence: int) -> None:
        """Set the mark, as a crash would have left it."""
        with transaction(self.engine) as connection:
            event_log.mark_published(connection, sequence)

    def groups(self, *names: str) -> None:
        """Consumer groups from the beginning."""
        for name in names or CONSUMERS:
            self.redis.xgroup_create(STREAM, name, id="0", mkstream=True)

    def read(self, group: str, count: int, *, acknowledge: int) -> None:
        """A consumer fetches entries and acknowledges the first of them."""
        fetched: Any = self.redis.xreadgroup(group, f"{group}-1", {STREAM: ">"}, count=count)
        ids = [entry_id for entry_id, _ in fetched[0][1]]
        assert len(ids) == count
        if acknowledge:
            self.redis.xack(STREAM, group, *ids[:acknowledge])


def announcement(padding: int = 0) -> Announcement:
    """An event as small, or as large, as wanted."""
    data = PartnerJoinedV1(
        version=1,
        partner_id="avedan",
        occurred_at=NOON,
        recorded_at=NOON,
        name="A" + "x" * padding,
        kind="partner",
        municipality="GM0141",
        joined_on=date(2019, 5, 1),
    )
    return Announcement("partner/avedan", data)


@asynccontextmanager
async def relaying(road: Road, trim_every: float = 3600, limits: Limits | None = None) -> AsyncIterator[Relay]:
    """A relay at work for the length of a block; it ends as a crash would end it."""
    pace = Pace(probe=PROBE, trim_every=trim_every, trouble=PROBE, retry=PROBE)
    relay = Relay(road.engine, road.url, pace, limits)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        await end(task)
        await relay.close()


async def until(look: Callable[[], bool], seconds: float = 10) -> None:
    """Look until it is true; AssertionError when it has not come about."""
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, "did not come about"
        await asyncio.sleep(0.01)


async def arrived(road: Road) -> None:
    """Wait until the stream holds the log, the whole log and nothing else, and the mark says so."""
    await until(lambda: road.on_stream() == road.in_log() and all_marked(road), road.patience)


def all_marked(road: Road) -> bool:
    head = road.head()
    return head.published == head.assigned
