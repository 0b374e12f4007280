"""A small consumer of its own over a real Redis: one row per effect, so that losses and doubles are seen."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from redis.asyncio import Redis
from redis.exceptions import ResponseError
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table, insert, select, text
from sqlalchemy.exc import OperationalError

from shared.clock import utc_now
from shared.database import connect, reading, transaction
from shared.events.coalition import PartnerJoinedV1
from shared.events.envelope import StreamEvent, cloud_event, write_event
from shared.events.persons import ParticipantErasedV1
from shared.events.streams import FIELD, STREAM
from shared.messaging.inbox import Inbox
from shared.messaging.log_client import LogClient
from shared.messaging.subscription import StreamConsumer
from shared.messaging.tables import consumer_metadata
from shared.messaging.timing import Timing

GROUP = "reporting"
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


def erasure_bytes(sequence: int, pid: str, token: str) -> bytes:
    """A person is forgotten."""
    data = ParticipantErasedV1(
        version=1, partner_id="avedan", occurred_at=MOMENT, recorded_at=MOMENT, pid=pid, token=token
    )
    event = cloud_event(f"event-{sequence}", f"person/{token}", "nl.meedoen.participant-erased.v1", MOMENT, data, {})
    return write_event(event, sequence, on_stream=True)


def garbage() -> bytes:
    """Bytes that are no UTF-8."""
    return b"\xff\xfe" + orjson.dumps({"no": "event"})


@dataclass
class Consumer:
    """One consumer over one database; `fails` decides whether an event's effect fails, `pause` comes before any."""

    engine: Engine
    url: str
    name: str = "one"
    group: str = GROUP
    fails: Callable[[StreamEvent], bool] = lambda _event: False
    pause: Callable[[], object] = lambda: None
    database_away: bool = False
    log: LogClient | None = None
    timing: Timing = QUICK
    consumer: StreamConsumer = field(init=False)
    inbox: Inbox = field(init=False)

    def __post_init__(self) -> None:
        self.inbox = Inbox(self.engine, self._apply, utc_now)
        self.consumer = StreamConsumer(
            redis_url=self.url,
            group=self.group,
            consumer=self.name,
            inbox=self.inbox,
            log=self.log,
            timing=self.timing,
        )

    def _apply(self, connection: Connection, events: Sequence[StreamEvent]) -> None:
        if self.database_away:
            raise OperationalError("insert", None, Exception("away"))
        self.pause()
        for event in events:
            name = str(getattr(event.data, "name", event.data.partner_id))
            connection.execute(insert(effects).values(sequence=event.sequence, name=name))
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
                await asyncio.wait_for(task, 25)


@dataclass
class Rig:
    """A database, Redis as the relay sees it, and how long a test waits for what must come."""

    engine: Engine
    url: str
    client: Redis
    patience: float = 20.0

    def consumer(self, **options: Any) -> Consumer:
        return Consumer(self.engine, self.url, **options)

    async def publish(self, *sequences: int, name: str = "Avedan") -> None:
        """Entries as the relay appends them."""
        for sequence in sequences:
            await self.client.xadd(STREAM, {FIELD: entry_bytes(sequence, name)}, id=f"{sequence}-0")

    async def lose_stream(self) -> None:
        """It is deleted, with its group; the consumer may be the first to make them again."""
        await self.client.delete(STREAM)
        await self.group()

    async def group(self) -> None:
        """The group from the beginning, unless it is there."""
        with contextlib.suppress(ResponseError):
            await self.client.xgroup_create(STREAM, GROUP, id="0", mkstream=True)

    async def fetch(self, consumer: str, count: int) -> None:
        """What a consumer does that dies before it applies anything."""
        await self.group()
        await self.client.xreadgroup(GROUP, consumer, {STREAM: ">"}, count=count)

    async def pending(self) -> int:
        """Entries that were fetched and not acknowledged."""
        count: int = (await self.client.xpending(STREAM, GROUP))["pending"]
        return count

    async def until(self, look: Callable[[], bool], what: str = "it came") -> None:
        """Look again until true; fail when patience ends."""
        deadline = asyncio.get_running_loop().time() + self.patience
        while not await asyncio.to_thread(look):
            assert asyncio.get_running_loop().time() < deadline, f"not seen within {self.patience} s: {what}"
            await asyncio.sleep(0.02)

    async def nothing_pending(self) -> None:
        """Everything that was fetched is acknowledged, at last."""
        deadline = asyncio.get_running_loop().time() + self.patience
        while await self.pending():
            assert asyncio.get_running_loop().time() < deadline, "entries stay pending"
            await asyncio.sleep(0.02)


def open_database(url: str) -> Engine:
    """A consumer's database with our one effect table."""
    engine = connect(url)
    with transaction(engine) as connection:
        consumer_metadata.create_all(connection)
        _metadata.create_all(connection)
    return engine
