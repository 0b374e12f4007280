"""The traps of a Redis consumer, each on a real server and on both databases; numbers as in docs/decisions."""

import asyncio
import threading
import time
from dataclasses import replace
from typing import Any

import orjson
import pytest

from shared.events.streams import FIELD, STREAM
from shared.messaging.timing import Timing
from tests.integration.shared import scenarios
from tests.integration.shared.rig import GROUP, QUICK, Rig, entry_bytes, garbage


async def test_t01_backlog_is_seen(rig: Rig) -> None:
    await scenarios.backlog_is_seen(rig)


async def test_t02_restart_hears_new(rig: Rig) -> None:
    await rig.publish(1, 2)
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.seen() == [1, 2])
    await rig.publish(3)
    async with rig.consumer().running() as again:
        await rig.until(lambda: again.seen() == [1, 2, 3])


async def test_t03_pending_after_kill(rig: Rig) -> None:
    await scenarios.pending_after_kill(rig)


async def test_t03_pending_of_another_consumer_is_taken_over(rig: Rig) -> None:
    await scenarios.pending_of_another(rig)


async def test_t03_pending_entries_that_were_deleted_hide_no_other_and_are_counted(rig: Rig) -> None:
    """Found by reading: a page of deleted entries ended the drain."""
    await rig.publish(*range(1, 121))
    await rig.fetch("one", 120)
    await rig.client.xdel(STREAM, *(f"{n}-0" for n in range(1, 101)))
    async with rig.consumer(timing=scenarios.PATIENT).running() as consumer:
        await rig.until(lambda: consumer.seen() == list(range(101, 121)))
        await rig.nothing_pending()


async def test_t04_failure_is_retried(rig: Rig) -> None:
    left = [2]

    def twice(event: Any) -> bool:
        if event.sequence == 2 and left[0]:
            left[0] -= 1
            return True
        return False

    await rig.publish(1, 2, 3)
    async with rig.consumer(fails=twice).running() as consumer:
        await rig.until(lambda: sorted(consumer.seen()) == [1, 2, 3])
    assert consumer.rows("delivery_attempt") == []


async def test_t04_what_fails_eight_times_is_a_dead_letter_without_a_body(rig: Rig) -> None:
    await rig.publish(1, 2, 3)
    async with rig.consumer(fails=lambda event: event.sequence == 2).running() as consumer:
        await rig.until(lambda: sorted(consumer.seen()) == [1, 3])
        await rig.until(lambda: len(consumer.rows("dead_letter")) == 1)
    letter = consumer.rows("dead_letter")[0]
    assert (letter["stream_id"], letter["attempts"], letter["body"]) == ("2-0", 8, "")
    assert letter["type"] == "nl.meedoen.partner-joined.v1"
    assert consumer.inbox.watermark() == 3
    assert consumer.rows("delivery_attempt") == []


async def test_t05_t18_error_is_not_acked_and_nothing_swallowed(rig: Rig) -> None:
    await scenarios.error_is_not_acked(rig)


async def test_t06_bad_item_in_batch_t07_garbage_bytes(rig: Rig) -> None:
    await scenarios.garbage_bytes(rig)


async def test_t08_string_data(rig: Rig) -> None:
    await rig.client.xadd(STREAM, {FIELD: b'"just a string"'}, id="1-0")
    await rig.publish(2)
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.seen() == [2])
        await rig.until(lambda: [row["stream_id"] for row in consumer.rows("dead_letter")] == ["1-0"])


async def test_t09_enschede(rig: Rig) -> None:
    await rig.publish(1, name="Wijkcentrum Enschedé 100% €")
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.seen() == [1])
    assert consumer.rows("dead_letter") == []


async def test_t10_fetch_is_bounded(rig: Rig) -> None:
    await scenarios.fetch_is_bounded(rig)


async def test_t11_prompt_after_idle(rig: Rig) -> None:
    """With the timing that services have: an idle block of a second, far below the socket's ten."""
    async with rig.consumer(timing=Timing()).running() as consumer:
        await rig.publish(1)
        await rig.until(lambda: consumer.seen() == [1])
        await asyncio.sleep(1.5)
        before = asyncio.get_running_loop().time()
        await rig.publish(2)
        await rig.until(lambda: consumer.seen() == [1, 2])
        assert asyncio.get_running_loop().time() - before < 1.5


async def test_t16_slow_batch_once(rig: Rig) -> None:
    """A batch takes longer than the time after which others take it over."""
    began, go = threading.Event(), threading.Event()

    def slowly() -> None:
        if not began.is_set():
            began.set()
            go.wait(20)

    await rig.publish(*range(1, 11))
    slow, other = rig.consumer(name="slow", pause=slowly), rig.consumer(name="other")
    async with slow.running():
        await rig.until(began.is_set, "the slow one has begun")
        async with other.running():
            try:
                async with asyncio.timeout(rig.patience):
                    while await pending_of(rig, b"other") != 10:
                        await asyncio.sleep(0.05)
            finally:
                go.set()
            await rig.until(lambda: sorted(slow.seen()) == list(range(1, 11)), "all of them")
            await rig.nothing_pending()
    assert slow.seen() == list(range(1, 11))


async def pending_of(rig: Rig, consumer: bytes) -> int:
    """What was fetched under this name, or taken over, and not acknowledged."""
    found = await rig.client.xinfo_consumers(STREAM, GROUP)
    return sum(one["pending"] for one in found if one["name"] == consumer)


async def test_t17_one_loop(rig: Rig) -> None:
    """However often the group is lost, one loop reads."""
    async with rig.consumer().running() as consumer:
        for n in range(1, 4):
            await rig.lose_stream()
            await rig.publish(n)
            await rig.until(lambda n=n: n in consumer.seen())  # type: ignore[misc]  # a default binds the loop's value
        waiting = [sum("b" in c["flags"] for c in await rig.client.client_list()) for _ in range(20)]
        assert max(waiting) == 1
    assert consumer.seen() == [1, 2, 3]


async def test_the_same_entry_twice_has_one_effect(rig: Rig) -> None:
    await scenarios.the_same_entry_twice(rig)


async def test_t20_deploy_loses_nothing(rig: Rig) -> None:
    """Stopped in the middle of a batch, three times, under one name; nothing is missing, nothing comes twice."""
    await rig.publish(*range(1, 601))
    slow = replace(scenarios.PATIENT, batch=40)
    for _ in range(3):
        busy = threading.Event()
        pause = threading.Event()

        def slowly(busy: threading.Event = busy, pause: threading.Event = pause) -> None:
            busy.set()
            pause.wait(0.1)

        async with rig.consumer(pause=slowly, timing=slow).running():
            await rig.until(busy.is_set)
    async with rig.consumer(timing=slow).running() as consumer:
        await rig.until(lambda: len(consumer.seen()) >= 600)
        await rig.nothing_pending()
    assert sorted(consumer.seen()) == list(range(1, 601))


async def test_t21_lag_is_known(rig: Rig) -> None:
    """Redis itself says None after a deletion; our own ids say how far behind we are."""
    gate = threading.Event()
    consumer = rig.consumer(pause=lambda: gate.wait(20), timing=replace(QUICK, batch=2))
    await rig.client.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
    await rig.publish(*range(1, 10))
    await rig.client.xdel(STREAM, "5-0")
    async with consumer.running():
        try:
            await rig.until(lambda: consumer.consumer.check().lag == 9, "the lag")
            assert (await rig.client.xinfo_groups(STREAM))[0]["lag"] is None
        finally:
            gate.set()
        await rig.until(lambda: consumer.seen() == [1, 2, 3, 4, 6, 7, 8, 9])
        await rig.until(lambda: consumer.consumer.check().lag == 5, "5 is missing, and there is no log")


async def test_t22_dead_letters_survive(rig: Rig) -> None:
    await rig.client.xadd(STREAM, {FIELD: garbage()}, id="1-0")
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: len(consumer.rows("dead_letter")) == 1)
        await rig.client.flushall()
    assert len(consumer.rows("dead_letter")) == 1


async def test_t28_missing_id_refused(rig: Rig) -> None:
    """Nothing is invented for what an event does not say."""
    members = ("id", "time", "specversion", "source", "type", "subject", "data")
    for sequence, member in enumerate(members, start=1):
        event = orjson.loads(entry_bytes(sequence))
        del event[member]
        await rig.client.xadd(STREAM, {FIELD: orjson.dumps(event)}, id=f"{sequence}-0")
    await rig.publish(8)
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.seen() == [8])
        await rig.until(lambda: len(consumer.rows("dead_letter")) == len(members))
    reasons = {row["stream_id"]: row["reason"] for row in consumer.rows("dead_letter")}
    assert reasons == {f"{n}-0": f"attributes missing or wrong: {member}" for n, member in enumerate(members, start=1)}


async def test_n5_alien_id_dead_letter(rig: Rig) -> None:
    """It moves no watermark."""
    await rig.publish(1)
    await rig.client.xadd(STREAM, {FIELD: entry_bytes(2)}, id="900-7")
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: len(consumer.rows("dead_letter")) == 1)
    assert (consumer.seen(), consumer.inbox.watermark()) == ([1], 1)


@pytest.mark.parametrize("stream_id", [2**63, 2**64 - 1])
async def test_n5_a_number_that_no_database_can_hold_stops_nothing(rig: Rig, stream_id: int) -> None:
    """Found by reading: it could be neither applied nor counted as failed, and came back for ever."""
    await rig.publish(1)
    await rig.client.xadd(STREAM, {FIELD: entry_bytes(stream_id)}, id=f"{stream_id}-0")
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: len(consumer.rows("dead_letter")) == 1 and consumer.seen() == [1])
        await rig.nothing_pending()


async def test_n5_an_id_with_a_nul_stops_nothing(rig: Rig) -> None:
    """PostgreSQL keeps none: it could be neither applied nor counted as failed."""
    forged = {**orjson.loads(entry_bytes(1)), "id": "a\0b"}
    await rig.client.xadd(STREAM, {FIELD: orjson.dumps(forged)}, id="1-0")
    await rig.publish(2)
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: len(consumer.rows("dead_letter")) == 1 and consumer.seen() == [2])
        await rig.nothing_pending()


async def test_n7_drain_ends(rig: Rig) -> None:
    await rig.publish(*range(1, 181))
    await rig.fetch("one", 180)
    async with rig.consumer(fails=lambda event: event.sequence % 60 == 0).running() as consumer:
        await rig.publish(181)
        await rig.until(lambda: len(consumer.seen()) == 178)


async def test_processes_over_one_database_decide_one_at_a_time(rig: Rig) -> None:
    await scenarios.one_decides_at_a_time(rig)


async def test_told_to_stop_it_ends_after_the_batch_at_hand_even_while_it_drains(rig: Rig) -> None:
    await rig.publish(*range(1, 301))
    await rig.fetch("one", 300)
    consumer = rig.consumer(pause=lambda: time.sleep(0.2))
    task = asyncio.create_task(consumer.consumer.run())
    await rig.until(lambda: len(consumer.seen()) >= 1)
    await consumer.consumer.stop()
    await asyncio.wait_for(task, 25)
    assert 1 <= len(consumer.seen()) < 300
    assert await rig.pending() == 300 - len(consumer.seen())
