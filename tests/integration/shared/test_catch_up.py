"""What the stream can no longer bring comes from registration's log over HTTP, and no more than that."""

import asyncio
from dataclasses import replace

import orjson
from redis.asyncio import Redis

from shared.events.streams import FIELD, STREAM
from shared.messaging.timing import Timing
from tests.databases import DatabaseUrl
from tests.integration.shared import scenarios
from tests.integration.shared.event_log import EventLog
from tests.integration.shared.rig import GROUP, QUICK, Consumer, Rig, entry_bytes, open_database

HEAD = 2500


async def read_to_the_head(rig: Rig, log: EventLog) -> Consumer:
    async with rig.consumer(log=log.client).running() as consumer:
        await rig.until(lambda: consumer.inbox.watermark() == log.head)
    assert sorted(consumer.seen()) == list(range(1, log.head + 1))
    return consumer


async def test_a_new_consumer_after_a_trim_reads_the_log_first(rig: Rig, event_log: EventLog) -> None:
    event_log.head = HEAD
    await rig.publish(2499, 2500)
    await read_to_the_head(rig, event_log)
    assert event_log.pages == [0, 1000, 2000]


async def test_a_consumer_whose_database_is_older_than_its_group_reads_the_log(rig: Rig, event_log: EventLog) -> None:
    event_log.head = HEAD
    await rig.client.xgroup_create(STREAM, GROUP, id="2500-0", mkstream=True)
    await read_to_the_head(rig, event_log)


async def test_a_new_consumer_over_an_empty_stream_asks_the_log(rig: Rig, event_log: EventLog) -> None:
    event_log.head = 30
    await read_to_the_head(rig, event_log)


async def test_an_entry_lost_in_the_middle_is_fetched_and_nothing_else(rig: Rig, event_log: EventLog) -> None:
    """The log goes on far beyond the hole; what lies there comes by the stream."""
    event_log.head = HEAD
    await scenarios.a_hole_is_filled(rig, event_log.client)
    assert event_log.pages == [2]


async def test_a_log_that_is_away_keeps_nobody_from_reading_the_stream(rig: Rig, event_log: EventLog) -> None:
    event_log.head, event_log.away = 5, True
    await rig.client.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
    await rig.publish(1, 2, 4)
    async with rig.consumer(log=event_log.client).running() as consumer:
        await rig.until(lambda: consumer.seen() == [1, 2, 4])
        await rig.until(lambda: consumer.consumer.check().status == "degraded")
        assert "event log" in (consumer.consumer.check().reason or "")
        await rig.publish(5)
        await rig.until(lambda: 5 in consumer.seen())
        event_log.away = False
        await rig.until(lambda: sorted(consumer.seen()) == [1, 2, 3, 4, 5])
        await rig.until(lambda: consumer.consumer.check().status == "ok")


async def test_a_new_consumer_whose_log_is_away_says_so_and_reads_it_when_it_is_back(
    rig: Rig, event_log: EventLog
) -> None:
    """Over an empty stream nothing else would tell that anything is missing."""
    event_log.head, event_log.away = 5, True
    async with rig.consumer(log=event_log.client).running() as consumer:
        await rig.until(lambda: "event log" in (consumer.consumer.check().reason or ""))
        assert consumer.consumer.check().status == "degraded"
        event_log.away = False
        await rig.until(lambda: sorted(consumer.seen()) == [1, 2, 3, 4, 5])
        await rig.until(lambda: consumer.consumer.check().status == "ok")


async def test_an_event_of_the_log_that_this_version_cannot_read_is_passed_over(rig: Rig, event_log: EventLog) -> None:
    """A dead letter that names its type, and the watermark walks on: nothing asks for it for ever."""
    unknown = orjson.dumps({**orjson.loads(entry_bytes(2)), "type": "nl.meedoen.moon-landed.v1"})
    event_log.head = 3
    event_log.changed[2] = unknown
    await rig.client.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
    await rig.publish(1)
    await rig.client.xadd(STREAM, {FIELD: unknown}, id="2-0")
    await rig.publish(3)
    async with rig.consumer(log=event_log.client).running() as consumer:
        await rig.until(lambda: consumer.inbox.watermark() == 3)
        asked = len(event_log.pages)
        await asyncio.sleep(QUICK.hole * 4)
        assert len(event_log.pages) == asked
    letter = consumer.rows("dead_letter")
    assert [(row["stream_id"], row["type"], row["body"]) for row in letter] == [
        ("2-0", "nl.meedoen.moon-landed.v1", "")
    ]
    assert sorted(consumer.seen()) == [1, 3]


async def test_a_forgery_far_above_the_log_is_not_asked_for_for_ever(rig: Rig, event_log: EventLog) -> None:
    event_log.head = 2
    await rig.publish(1, 2, 900)
    async with rig.consumer(log=event_log.client).running() as consumer:
        await rig.until(lambda: sorted(consumer.seen()) == [1, 2, 900])
        await asyncio.sleep(QUICK.hole * 4)
        assert consumer.inbox.watermark() == 2
        assert consumer.consumer.check().status == "ok"
    assert event_log.pages == []


async def test_four_processes_share_the_stream_and_do_not_ask_the_log_for_what_is_under_way(
    postgres_url: DatabaseUrl, client: Redis, event_log: EventLog, redis_url: str
) -> None:
    """Batches of others are holes that come and go; a real loss is fetched, by few. (SQLite has one process.)"""
    rig = Rig(open_database(postgres_url("consumer")), redis_url, client)
    event_log.head = 1501
    timing = replace(QUICK, hole=Timing().hole)
    many = [rig.consumer(name=f"reader-{n}", log=event_log.client, timing=timing) for n in range(4)]
    await rig.client.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
    await rig.publish(1)
    async with many[0].running(), many[1].running(), many[2].running(), many[3].running():
        for start in range(2, 1500, 100):
            await publish_at_once(rig.client, range(start, min(start + 100, 1501)))
        await rig.until(lambda: many[0].inbox.watermark() == 1500)
        assert event_log.pages == []
        await rig.client.xadd(STREAM, {FIELD: entry_bytes(1502)}, id="1502-0")
        event_log.head = 1502
        await rig.until(lambda: many[0].inbox.watermark() == 1502)
    assert sorted(many[0].seen()) == list(range(1, 1503))
    assert len(event_log.pages) <= 2
    rig.engine.dispose()


async def publish_at_once(client: Redis, sequences: range) -> None:
    async with client.pipeline() as pipe:
        for sequence in sequences:
            pipe.xadd(STREAM, {FIELD: entry_bytes(sequence)}, id=f"{sequence}-0")
        await pipe.execute()
