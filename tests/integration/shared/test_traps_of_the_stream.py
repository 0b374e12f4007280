"""The traps of a Redis consumer, each on a real server (numbers: docs/decisions and the tests' names)."""

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError
from sqlalchemy import Engine

from shared.events.streams import FIELD, STREAM
from tests.integration.shared.conftest import Consumer, entry_bytes, garbage, publish, until
from tests.servers import RedisServer


async def test_t01_backlog_is_seen_by_a_new_group(engine: Engine, redis_url: str, client: Redis) -> None:
    await publish(client, *range(1, 121))
    async with Consumer(engine, redis_url).running() as consumer:
        await until(lambda: consumer.seen() == list(range(1, 121)))
    assert consumer.inbox.watermark() == 120


async def test_t02_a_restarted_consumer_hears_what_is_new(engine: Engine, redis_url: str, client: Redis) -> None:
    await publish(client, 1, 2)
    async with Consumer(engine, redis_url).running() as consumer:
        await until(lambda: consumer.seen() == [1, 2])
    await publish(client, 3)
    async with Consumer(engine, redis_url).running() as again:
        await until(lambda: again.seen() == [1, 2, 3])


async def test_t03_t20_what_was_fetched_and_not_acknowledged_is_drained(
    engine: Engine, redis_url: str, client: Redis
) -> None:
    await client.xgroup_create(STREAM, "reporting", id="0", mkstream=True)
    await publish(client, 1, 2, 3)
    await client.xreadgroup("reporting", "one", {STREAM: ">"}, count=3)
    async with Consumer(engine, redis_url).running() as consumer:
        await until(lambda: consumer.seen() == [1, 2, 3])
    assert (await client.xpending(STREAM, "reporting"))["pending"] == 0


async def test_t03_another_consumers_pending_entries_are_taken_over(
    engine: Engine, redis_url: str, client: Redis
) -> None:
    await client.xgroup_create(STREAM, "reporting", id="0", mkstream=True)
    await publish(client, 1, 2)
    await client.xreadgroup("reporting", "long-dead", {STREAM: ">"}, count=2)
    async with Consumer(engine, redis_url).running() as consumer:
        await until(lambda: consumer.seen() == [1, 2])


async def test_t04_t05_a_failing_event_is_tried_again_and_then_a_dead_letter(
    engine: Engine, redis_url: str, client: Redis
) -> None:
    consumer = Consumer(engine, redis_url, fails=lambda event: event.sequence == 2)
    await publish(client, 1, 2, 3)
    async with consumer.running():
        await until(lambda: sorted(consumer.seen()) == [1, 3])
        await until(lambda: len(consumer.rows("dead_letter")) == 1, 30)
    letter = consumer.rows("dead_letter")[0]
    assert (letter["stream_id"], letter["attempts"]) == ("2-0", 8)
    assert consumer.inbox.watermark() == 3


async def test_t04_an_event_that_fails_at_first_has_its_effect_once(
    engine: Engine, redis_url: str, client: Redis
) -> None:
    left = [2]

    def twice(event: object) -> bool:
        if getattr(event, "sequence", 0) == 2 and left[0]:
            left[0] -= 1
            return True
        return False

    consumer = Consumer(engine, redis_url, fails=twice)
    await publish(client, 1, 2, 3)
    async with consumer.running():
        await until(lambda: sorted(consumer.seen()) == [1, 2, 3])
    assert consumer.rows("delivery_attempt") == []


async def test_t06_t07_garbage_hides_no_good_entry(engine: Engine, redis_url: str, client: Redis) -> None:
    await publish(client, 1)
    await client.xadd(STREAM, {FIELD: garbage()}, id="2-0")
    await client.xadd(STREAM, {"other": b"\xff"}, id="3-0")
    await publish(client, 4)
    async with Consumer(engine, redis_url).running() as consumer:
        await until(lambda: consumer.seen() == [1, 4])
        await until(lambda: len(consumer.rows("dead_letter")) == 2)
    assert (await client.xpending(STREAM, "reporting"))["pending"] == 0


async def test_t08_data_that_is_a_json_string_is_a_dead_letter(engine: Engine, redis_url: str, client: Redis) -> None:
    await client.xadd(STREAM, {FIELD: b'"just a string"'}, id="1-0")
    await publish(client, 2)
    async with Consumer(engine, redis_url).running() as consumer:
        await until(lambda: consumer.seen() == [2])
        await until(lambda: [row["stream_id"] for row in consumer.rows("dead_letter")] == ["1-0"])


async def test_t09_diacritics_travel_unharmed(engine: Engine, redis_url: str, client: Redis) -> None:
    await publish(client, 1, name="Wijkcentrum Enschedé 100% €")
    async with Consumer(engine, redis_url).running() as consumer:
        await until(lambda: consumer.seen() == [1])
    assert consumer.rows("dead_letter") == []


@pytest.mark.parametrize("loss", ["flushall", "delete"])
async def test_t12_a_lost_group_is_made_again_and_nothing_counts_twice(
    engine: Engine, redis_url: str, client: Redis, loss: str
) -> None:
    await publish(client, 1, 2)
    async with Consumer(engine, redis_url).running() as consumer:
        await until(lambda: consumer.seen() == [1, 2])
        await (client.flushall() if loss == "flushall" else client.delete(STREAM))
        with_retry = True
        while with_retry:  # the relay appends; the consumer may make the empty stream at the same moment
            try:
                await publish(client, 1, 2, 3)
                with_retry = False
            except ResponseError:
                await client.delete(STREAM)
        await until(lambda: consumer.seen() == [1, 2, 3])
        assert consumer.consumer.check().status in ("ok", "degraded")


async def test_t14_redis_may_come_late(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> None:
    server = RedisServer(tmp_path_factory.mktemp("late"))
    async with Consumer(engine, server.url).running() as consumer:
        await until(lambda: consumer.consumer.check().status == "degraded")
        server.start()
        try:
            async with Redis.from_url(server.url) as late:
                await publish(late, 1)
                await until(lambda: consumer.seen() == [1])
        finally:
            server.kill()


async def test_t17_the_same_entry_twice_has_one_effect(engine: Engine, redis_url: str, client: Redis) -> None:
    await publish(client, 1, 2)
    async with Consumer(engine, redis_url).running() as consumer:
        await until(lambda: consumer.seen() == [1, 2])
        await client.xgroup_setid(STREAM, "reporting", "0")
        await publish(client, 3)
        await until(lambda: consumer.seen() == [1, 2, 3])


async def test_t21_lag_is_known_from_our_own_ids(engine: Engine, redis_url: str, client: Redis) -> None:
    consumer = Consumer(engine, redis_url, database_away=True)
    await publish(client, *range(1, 8))
    async with consumer.running():
        await until(lambda: consumer.consumer.check().reason is not None)
        consumer.database_away = False
        await until(lambda: consumer.seen() == list(range(1, 8)))
        await until(lambda: consumer.consumer.check().reason is None)


async def test_t22_dead_letters_survive_a_flush(engine: Engine, redis_url: str, client: Redis) -> None:
    await client.xadd(STREAM, {FIELD: garbage()}, id="1-0")
    async with Consumer(engine, redis_url).running() as consumer:
        await until(lambda: len(consumer.rows("dead_letter")) == 1)
        await client.flushall()
    assert len(consumer.rows("dead_letter")) == 1


async def test_n5_an_alien_id_is_a_dead_letter_and_moves_no_watermark(
    engine: Engine, redis_url: str, client: Redis
) -> None:
    await publish(client, 1)
    await client.xadd(STREAM, {FIELD: entry_bytes(2)}, id="900-7")
    async with Consumer(engine, redis_url).running() as consumer:
        await until(lambda: len(consumer.rows("dead_letter")) == 1)
    assert (consumer.seen(), consumer.inbox.watermark()) == ([1], 1)


async def test_n7_the_drain_of_many_open_entries_ends(engine: Engine, redis_url: str, client: Redis) -> None:
    await client.xgroup_create(STREAM, "reporting", id="0", mkstream=True)
    await publish(client, *range(1, 181))
    await client.xreadgroup("reporting", "one", {STREAM: ">"}, count=180)
    consumer = Consumer(engine, redis_url, fails=lambda event: event.sequence % 60 == 0)
    async with consumer.running():
        await publish(client, 181)
        await until(lambda: len(consumer.seen()) == 178, 30)


async def test_the_database_being_away_costs_no_attempt(engine: Engine, redis_url: str, client: Redis) -> None:
    consumer = Consumer(engine, redis_url, database_away=True)
    await publish(client, 1)
    async with consumer.running():
        await until(lambda: consumer.consumer.check().status != "ok")
        assert consumer.rows("delivery_attempt") == []
        consumer.database_away = False
        await until(lambda: consumer.seen() == [1])


async def test_a_forged_entry_at_the_next_place_does_not_swallow_the_real_event(
    engine: Engine, redis_url: str, client: Redis
) -> None:
    """Found by attack: the inbox knew the place in the log and took the real event for a repeat."""
    await publish(client, 1)
    forged = entry_bytes(2).replace(b"event-2", b"forged-2")
    await client.xadd(STREAM, {FIELD: forged}, id="2-0")
    async with Consumer(engine, redis_url).running() as consumer:
        await until(lambda: consumer.seen() == [1, 2])
        await client.delete(STREAM)
        await client.xgroup_create(STREAM, "reporting", id="0", mkstream=True)
        await publish(client, 1, 2, 3)
        await until(lambda: consumer.seen() == [1, 2, 2, 3])
        await client.xgroup_setid(STREAM, "reporting", "0")
        await publish(client, 4)
        await until(lambda: consumer.seen() == [1, 2, 2, 3, 4])


async def test_an_event_of_a_foreign_source_is_a_dead_letter(engine: Engine, redis_url: str, client: Redis) -> None:
    await client.xadd(STREAM, {FIELD: entry_bytes(1).replace(b"urn:nld:meedoen", b"urn:nld:strange")}, id="1-0")
    async with Consumer(engine, redis_url).running() as consumer:
        await until(lambda: [row["reason"] for row in consumer.rows("dead_letter")] == ["a foreign source"])
    assert consumer.seen() == []


async def test_readiness_says_how_far_the_consumer_is(engine: Engine, redis_url: str, client: Redis) -> None:
    await publish(client, 1, 2, 3)
    async with Consumer(engine, redis_url).running() as consumer:
        await until(lambda: consumer.consumer.check().sequence == 3)
