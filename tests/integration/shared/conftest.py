"""A small consumer of its own: keeps the highest version per subject and counts effects."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from redis.asyncio import Redis
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table, insert, select, text
from sqlalchemy.exc import OperationalError

from shared.clock import utc_now
from shared.database import connect, reading, transaction
from shared.events.coalition import PartnerJoinedV1
from shared.events.envelope import StreamEvent, cloud_event, write_event
from shared.events.streams import FIELD, STREAM
from shared.messaging.inbox import Inbox
from shared.messaging.subscription import StreamConsumer
from shared.messaging.tables import consumer_metadata
from shared.messaging.timing import Timing

MOMENT = datetime(2026, 11, 1, 10, tzinfo=UTC)
QUICK = Timing(probe=0.1, back_off_most=0.3, claim_idle=0.5, hole=0.5, batch=50, block_ms=200)
_metadata = MetaData()
effects = Table(
    "effect", _metadata, Column("id", Integer, primary_key=True), Column("sequence", Integer), Column("name", String)
)


def entry_bytes(sequence: int, name: str = "Avedan") -> bytes:
    """A partner event as it stands on the stream."""
    data = PartnerJoinedV1(
        version=1,
        partner_id="avedan",
        occurred_at=MOMENT,
        recorded_at=MOMENT,
        name=name,
        kind="partner",
        municipality="GM0141",
        joined_on=MOMENT.date(),
    )
    event = cloud_event(f"event-{sequence}", "partner/avedan", "nl.meedoen.partner-joined.v1", MOMENT, data, {})
    return write_event(event, sequence, on_stream=True)


async def publish(client: "Redis", *sequences: int, name: str = "Avedan") -> None:
    """Entries as the relay appends them."""
    for sequence in sequences:
        await client.xadd(STREAM, {FIELD: entry_bytes(sequence, name)}, id=f"{sequence}-0")


@dataclass
class Consumer:
    """One consumer over one database; `fails` decides whether an event's effect fails."""

    engine: Engine
    url: str
    name: str = "one"
    fails: Callable[[StreamEvent], bool] = lambda _event: False
    database_away: bool = False
    log: Any = None
    consumer: StreamConsumer = field(init=False)
    inbox: Inbox = field(init=False)

    def __post_init__(self) -> None:
        self.inbox = Inbox(self.engine, self._apply, utc_now)
        self.consumer = StreamConsumer(
            redis_url=self.url, group="reporting", consumer=self.name, inbox=self.inbox, log=self.log, timing=QUICK
        )

    def _apply(self, connection: Connection, events: Sequence[StreamEvent]) -> None:
        if self.database_away:
            raise OperationalError("insert", None, Exception("away"))
        for event in events:
            connection.execute(insert(effects).values(sequence=event.sequence, name=str(event.data.partner_id)))
            if self.fails(event):
                raise ValueError("this effect fails")

    def seen(self) -> list[int]:
        """Every effect, in the order it happened."""
        with reading(self.engine) as connection:
            return list(connection.execute(select(effects.c.sequence).order_by(effects.c.id)).scalars())

    def rows(self, table: str) -> list[dict[str, Any]]:
        with reading(self.engine) as connection:
            return [dict(row) for row in connection.execute(text(f"select * from {table}")).mappings()]  # noqa: S608  -- ours

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Consumer"]:
        task = asyncio.create_task(self.consumer.run())
        try:
            yield self
        finally:
            await self.consumer.stop()
            with contextlib.suppress(asyncio.CancelledError, TimeoutError):
                await asyncio.wait_for(task, 15)


async def until(look: Callable[[], bool], seconds: float = 15.0) -> None:
    """Look again until true; fail at the deadline."""
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(look):
            await asyncio.sleep(0.02)


def open_database(path: Path) -> Engine:
    """A consumer's database with our one effect table."""
    engine = connect(f"sqlite:///{path}")
    with transaction(engine) as connection:
        consumer_metadata.create_all(connection)
        _metadata.create_all(connection)
    return engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    found = open_database(tmp_path / "consumer.db")
    yield found
    found.dispose()


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator["Redis"]:
    """Redis as the relay sees it."""
    async with Redis.from_url(redis_url) as found:
        yield found


def garbage() -> bytes:
    """Bytes that are no UTF-8."""
    return b"\xff\xfe" + orjson.dumps({"no": "event"})
