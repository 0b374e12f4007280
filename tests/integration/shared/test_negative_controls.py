"""Each guard of the consumer switched off in this process: the trap's own check must then fail."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from faststream import AckPolicy
from faststream.redis import StreamSub
from redis.asyncio import Redis
from redis.exceptions import ResponseError
from sqlalchemy import Connection, Engine, func, select

from shared.database import table_of
from shared.events.envelope import StreamEvent
from shared.events.streams import STREAM
from shared.messaging import catch_up, cloud_event_format, position, reader, seen, subscription
from shared.messaging.janitor import Janitor
from shared.messaging.reader import Reader
from shared.messaging.subscription import StreamConsumer
from shared.messaging.tables import InboxRow
from tests.databases import DatabaseUrl, sqlite_files
from tests.integration.shared import scenarios
from tests.integration.shared.event_log import EventLog
from tests.integration.shared.rig import Rig, open_database


@pytest.fixture
def database_url(tmp_path: Path) -> DatabaseUrl:
    """SQLite alone: these guards know no database; the one that does has its own test below."""
    return sqlite_files(tmp_path)


@pytest.fixture
def unguarded(rig: Rig) -> Rig:
    """One that loses patience sooner: what does not come must not come."""
    return replace(rig, patience=3.0)


async def fails(scenario: Any, *arguments: Any, because: str) -> None:
    with pytest.raises(AssertionError, match=because):
        await scenario(*arguments)


async def test_without_the_inbox_a_repeated_entry_counts_twice(unguarded: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def everything_is_new(connection: Connection, events: Sequence[StreamEvent]) -> list[StreamEvent]:
        remember(connection, events)
        return list(events)

    remember = seen.take
    monkeypatch.setattr(seen, "take", everything_is_new)
    await fails(scenarios.the_same_entry_twice, unguarded, because=r"effects: \[1, 2, 1, 2, 3\]")


async def test_with_ack_first_what_fails_is_lost(unguarded: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "AckPolicy", SimpleNamespace(MANUAL=AckPolicy.ACK_FIRST))
    await fails(scenarios.error_is_not_acked, unguarded, because="0 entries are pending")


async def test_with_a_group_at_the_end_the_backlog_is_lost(unguarded: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_the_end(client: Redis, group: str, _watermark: int) -> None:
        with suppress(ResponseError):  # it is there
            await client.xgroup_create(STREAM, group, id="$", mkstream=True)

    monkeypatch.setattr(subscription, "ensure_group", at_the_end)
    await fails(scenarios.backlog_is_seen, unguarded, because="the backlog")


async def test_without_the_drain_what_was_fetched_stays_pending(
    unguarded: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(_janitor: Janitor, _stopping: Callable[[], bool]) -> None:
        return

    monkeypatch.setattr(Janitor, "drain", nothing)
    await fails(scenarios.pending_after_kill, unguarded, because="what was fetched before")


async def test_without_the_janitor_what_another_fetched_stays_pending(
    unguarded: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(_janitor: Janitor, _stopping: Callable[[], bool]) -> None:
        return

    monkeypatch.setattr(Janitor, "sweep", nothing)
    await fails(scenarios.pending_of_another, unguarded, because="what another had fetched")


async def test_with_the_maximum_as_watermark_a_hole_is_lost(
    unguarded: Rig, event_log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    sequence = table_of(InboxRow).c.sequence

    def highest(connection: Connection) -> int:
        return connection.execute(select(func.max(sequence))).scalar() or 0

    event_log.head = 5
    monkeypatch.setattr(position, "settled", highest)
    await fails(scenarios.a_hole_is_filled, unguarded, event_log.client, because="the lost one")


async def test_without_catch_up_a_hole_is_lost(
    unguarded: Rig, event_log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: object) -> None:
        return

    event_log.head = 5
    monkeypatch.setattr(catch_up.CatchUp, "look", nothing)
    await fails(scenarios.a_hole_is_filled, unguarded, event_log.client, because="the lost one")


async def test_without_the_supervisor_a_flush_leaves_it_deaf(unguarded: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    async def looks_away(consumer: StreamConsumer, *_: object) -> None:
        await consumer._stopping.wait()

    monkeypatch.setattr(StreamConsumer, "_supervise", looks_away)
    await fails(scenarios.flushall_revives, unguarded, because="the third")


async def test_without_a_watch_on_the_read_loop_it_runs_hot(unguarded: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reader, "_watched", lambda _reader, read: read)
    monkeypatch.setattr(Janitor, "drain", _drain_that_needs_no_permission)
    await fails(scenarios.no_hot_loop, unguarded, because=r"asked \d{3,} times in 1.5 s")


async def _drain_that_needs_no_permission(_janitor: Janitor, _stopping: Callable[[], bool]) -> None:
    """Else the next session would meet the error before its read loop does."""


async def test_without_a_bound_the_whole_backlog_is_fetched(unguarded: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def unbounded(name: str, **options: Any) -> StreamSub:
        return StreamSub(name, **{**options, "max_records": None})

    monkeypatch.setattr(reader, "StreamSub", unbounded)
    await fails(scenarios.fetch_is_bounded, unguarded, because="2000 entries were fetched")


async def test_with_a_parser_that_wants_utf8_garbage_hides_good_entries(
    unguarded: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def strict(data: bytes) -> tuple[bytes, dict[str, Any]]:
        return data.decode().encode(), {}

    monkeypatch.setattr(cloud_event_format.CloudEventJSON, "parse", strict)
    await fails(scenarios.garbage_bytes, unguarded, because="the good entries")


async def test_without_the_lock_two_processes_decide_against_each_other(
    postgres_url: DatabaseUrl, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL; SQLite has one writer anyway."""
    engine: Engine = open_database(postgres_url("consumer"))
    async with Redis.from_url(redis_url) as client:
        rig = Rig(engine, redis_url, client)
        monkeypatch.setattr(position, "lock", position.watermark)
        await fails(scenarios.one_decides_at_a_time, rig, because="decided against each other")
    engine.dispose()
