"""What happens in the traps whose guards are also switched off (test_negative_controls): plain functions over a rig."""

import asyncio
import contextlib
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from redis.exceptions import ResponseError
from sqlalchemy import Connection, func, insert, select

from shared.clock import utc_now
from shared.events.envelope import StreamEvent
from shared.events.streams import FIELD, STREAM
from shared.messaging.cloud_event_format import Entry
from shared.messaging.inbox import Inbox
from shared.messaging.log_client import LogClient
from tests.integration.shared.rig import GROUP, QUICK, Rig, effects, entry_bytes, garbage

PATIENT = replace(QUICK, claim_idle=60.0)
"""Nothing is taken over within a test: what is not drained stays where it is."""


async def backlog_is_seen(rig: Rig) -> None:
    """T1: older entries than the group."""
    await rig.publish(*range(1, 121))
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.seen() == list(range(1, 121)), "the backlog")
    assert consumer.inbox.watermark() == 120


async def pending_after_kill(rig: Rig) -> None:
    """T3: fetched by this consumer before it died."""
    await rig.publish(1, 2, 3)
    await rig.fetch("one", 3)
    async with rig.consumer(timing=PATIENT).running() as consumer:
        await rig.until(lambda: consumer.seen() == [1, 2, 3], "what was fetched before")
        await rig.nothing_pending()


async def pending_of_another(rig: Rig) -> None:
    """T3: fetched by one that never comes back."""
    await rig.publish(1, 2)
    await rig.fetch("long-dead", 2)
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.seen() == [1, 2], "what another had fetched")
        await rig.nothing_pending()


async def error_is_not_acked(rig: Rig) -> None:
    """T5, T18: while no effect can be had, nothing is acknowledged; afterwards nothing is missing."""
    consumer = rig.consumer(database_away=True)
    await rig.publish(1, 2)
    async with consumer.running():
        await rig.until(lambda: consumer.consumer.check().reason != "starting", "the first failure")
        assert (left := await rig.pending()) == 2, f"{left} entries are pending"
        assert consumer.rows("delivery_attempt") == [], "an attempt was counted"
        consumer.database_away = False
        await rig.until(lambda: consumer.seen() == [1, 2], "what failed at first")
        await rig.nothing_pending()


async def garbage_bytes(rig: Rig) -> None:
    """T6, T7: what cannot be read hides no good entry of its batch."""
    await rig.publish(1)
    await rig.client.xadd(STREAM, {FIELD: garbage()}, id="2-0")
    await rig.client.xadd(STREAM, {"other": b"\xff"}, id="3-0")
    await rig.publish(4)
    async with rig.consumer(timing=PATIENT).running() as consumer:
        await rig.until(lambda: consumer.seen() == [1, 4], "the good entries")
        await rig.until(lambda: len(consumer.rows("dead_letter")) == 2, "two dead letters")
        await rig.nothing_pending()


async def fetch_is_bounded(rig: Rig) -> None:
    """T10: of thousands that wait, one batch is fetched while it is being applied."""
    gate = threading.Event()
    await rig.publish(*range(1, 2001))
    consumer = rig.consumer(pause=lambda: gate.wait(30), timing=PATIENT)
    async with consumer.running():
        try:
            async with asyncio.timeout(rig.patience):
                while not await _fetched(rig):
                    await asyncio.sleep(0.02)
            await asyncio.sleep(0.5)  # whoever fetches more does it now
            assert (fetched := await rig.pending()) == QUICK.batch, f"{fetched} entries were fetched"
        finally:
            gate.set()
        await rig.until(lambda: len(consumer.seen()) == 2000, "all of them")
    assert sorted(consumer.seen()) == list(range(1, 2001))


async def _fetched(rig: Rig) -> bool:
    with contextlib.suppress(ResponseError):
        return await rig.pending() > 0
    return False


async def flushall_revives(rig: Rig, loss: str = "flushall") -> None:
    """T12: stream and group are gone; the relay writes the stream anew."""
    await rig.publish(1, 2)
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.seen() == [1, 2], "the first two")
        await (rig.client.flushall() if loss == "flushall" else rig.client.delete(STREAM))
        while True:  # the relay appends; the consumer may make the empty stream at the same moment
            try:
                await rig.publish(1, 2, 3)
                break
            except ResponseError:
                await rig.client.delete(STREAM)
        await rig.until(lambda: consumer.seen() == [1, 2, 3], "the third, and nothing twice")


async def no_hot_loop(rig: Rig) -> None:
    """T13: an error that lasts, met by the read loop alone, costs a few commands and is told."""
    await rig.client.acl_setuser("reader", enabled=True, nopass=True, keys=["*"], commands=["+@all"])
    url = rig.url.replace("redis://", "redis://reader:any@")
    consumer = type(rig)(rig.engine, url, rig.client, rig.patience).consumer()
    try:
        await rig.publish(1)
        async with consumer.running():
            await rig.until(lambda: consumer.seen() == [1], "the first")
            await rig.client.acl_setuser("reader", enabled=True, commands=["-xreadgroup"])
            before = await refused(rig)
            await asyncio.sleep(1.5)
            asked = await refused(rig) - before
            assert 0 < asked < 30, f"asked {asked} times in 1.5 s"
            assert consumer.consumer.check().status != "ok", "it says that all is well"
            await rig.client.acl_setuser("reader", enabled=True, commands=["+xreadgroup"])
            await rig.publish(2)
            await rig.until(lambda: consumer.seen() == [1, 2], "the second")
    finally:
        await rig.client.acl_deluser("reader")


async def refused(rig: Rig) -> int:
    """How many commands this server has answered with an error."""
    told: Any = await rig.client.info("stats")
    return int(told["total_error_replies"])


async def the_same_entry_twice(rig: Rig) -> None:
    """The stream brings again what had its effect."""
    await rig.publish(1, 2)
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.seen() == [1, 2], "the first two")
        await rig.client.xgroup_setid(STREAM, GROUP, "0")
        await rig.publish(3)
        await rig.until(lambda: 3 in consumer.seen(), "the third")
        await rig.nothing_pending()
    assert consumer.seen() == [1, 2, 3], f"effects: {consumer.seen()}"


async def a_hole_is_filled(rig: Rig, log: LogClient) -> None:
    """An entry that was lost in the middle comes from the event log; the watermark waits for it."""
    await rig.client.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
    await rig.publish(1, 2, 4, 5)
    async with rig.consumer(log=log).running() as consumer:
        await rig.until(lambda: sorted(consumer.seen()) == [1, 2, 3, 4, 5], "the lost one")
    assert consumer.inbox.watermark() == 5


async def one_decides_at_a_time(rig: Rig) -> None:
    """Two processes over one database: what one reads to decide, the other has committed."""
    second_has_read = threading.Event()

    def apply(connection: Connection, events: Sequence[StreamEvent]) -> None:
        total = connection.execute(select(func.count()).select_from(effects)).scalar_one()
        if events[0].sequence == 2:
            second_has_read.set()
        else:
            second_has_read.wait(1.5)
        connection.execute(insert(effects).values(sequence=events[0].sequence, name=str(total)))

    def process(sequence: int) -> None:
        Inbox(rig.engine, apply, utc_now).process([Entry(f"{sequence}-0", entry_bytes(sequence))])

    def both() -> None:
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(process, 1)
            second_has_read.wait(0.3)  # the first has begun
            second = pool.submit(process, 2)
            first.result(20)
            second.result(20)

    await asyncio.to_thread(both)
    consumer = rig.consumer()
    totals = sorted(row["name"] for row in consumer.rows("effect"))
    assert totals == ["0", "1"], f"decided against each other: {totals}"
    assert consumer.inbox.watermark() == 2
