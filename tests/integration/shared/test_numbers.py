"""What a consumer tells Prometheus, and how it keeps its group tidy."""

import asyncio
import threading
from dataclasses import replace

from prometheus_client import REGISTRY, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from shared.events.streams import FIELD, STREAM
from shared.messaging.subscription import consumer_name
from tests.databases import DatabaseUrl
from tests.integration.shared.rig import GROUP, QUICK, Rig, garbage, open_database


def told() -> dict[tuple[str, str], float]:
    """(metric without its prefix, group) -> value, as Prometheus reads them."""
    families = text_string_to_metric_families(generate_latest(REGISTRY).decode())
    ours = [one for family in families for one in family.samples if one.name.startswith("komerbij_consumer_")]
    found = {(one.name.removeprefix("komerbij_consumer_"), one.labels["group"]): one.value for one in ours}
    assert len(found) == len(ours), "no sample comes twice"
    assert all(set(one.labels) == {"group"} for one in ours)
    return found


async def test_t19_lag_per_group(rig: Rig, database_url: DatabaseUrl) -> None:
    """Two groups in one process: one has everything, the other is held up."""
    gate = threading.Event()
    other: Engine = open_database(database_url("other"))
    held = replace(rig, engine=other).consumer(group="notifications", pause=lambda: gate.wait(20))
    await rig.publish(*range(1, 8))
    async with rig.consumer().running() as consumer, held.running():
        try:
            await rig.until(lambda: consumer.seen() == list(range(1, 8)))
            await rig.until(lambda: told().get(("lag_events", GROUP)) == 0)
            await rig.until(lambda: told().get(("lag_events", "notifications")) == 7)
            numbers = told()
            assert numbers["watermark", GROUP] == 7
            assert numbers["watermark", "notifications"] == 0
            assert numbers["applied_events_total", GROUP] == 7
            assert numbers["silent_seconds", GROUP] < 10
        finally:
            gate.set()
        await rig.until(lambda: told()["watermark", "notifications"] == 7)
    assert told() == {}
    other.dispose()


async def test_t19_every_number_is_counted(rig: Rig) -> None:
    await rig.publish(1, 2, 3)
    await rig.client.xadd(STREAM, {FIELD: garbage()}, id="4-0")
    consumer = rig.consumer(fails=lambda event: event.sequence == 3, timing=replace(QUICK, claim_idle=30.0))
    async with consumer.running():
        await rig.until(lambda: consumer.seen() == [1, 2])
        await rig.until(lambda: told()["open_attempts", GROUP] == 1)
        await rig.client.xgroup_setid(STREAM, GROUP, "0")
        await rig.publish(5)
        await rig.until(lambda: told()["duplicate_events_total", GROUP] == 2)
        numbers = told()
    assert (numbers["dead_letters", GROUP], numbers["deleted_entries_total", GROUP]) == (1, 0)
    assert (numbers["applied_events_total", GROUP], numbers["watermark", GROUP]) == (3, 2)
    assert numbers["batches_total", GROUP] >= 2


async def test_t19_deleted_entries_are_a_loss_that_is_counted(rig: Rig) -> None:
    await rig.publish(1, 2, 3)
    await rig.fetch("long-dead", 3)
    await rig.client.xdel(STREAM, "2-0")
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.seen() == [1, 3])
        await rig.until(lambda: told()["deleted_entries_total", GROUP] == 1)


async def test_t19_metrics_are_answered_while_the_database_is_away(rig: Rig) -> None:
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: consumer.consumer.check().status == "ok")
        await rig.until(lambda: ("dead_letters", GROUP) in told())
        consumer.rows("effect")
        with rig.engine.begin() as connection:
            connection.exec_driver_sql("drop table dead_letter")
        numbers = told()
    assert ("dead_letters", GROUP) not in numbers
    assert ("silent_seconds", GROUP) in numbers


async def test_consumers_that_are_gone_are_removed_but_never_one_with_entries(rig: Rig) -> None:
    await rig.publish(1, 2)
    await rig.client.xgroup_create(STREAM, GROUP, id="0")
    await rig.client.xgroup_createconsumer(STREAM, GROUP, "gone")
    await rig.client.xreadgroup(GROUP, "left-something", {STREAM: ">"}, count=1)
    await asyncio.sleep(0.6)
    timing = replace(QUICK, claim_idle=60.0, gone_after=0.5, tidy=0.2)

    async with rig.consumer(timing=timing).running() as consumer:
        await rig.until(lambda: consumer.seen() == [2])
        async with asyncio.timeout(rig.patience):
            while len(names := await consumers(rig)) != 2:
                await asyncio.sleep(0.05)
    assert names == {"one", "left-something"}


async def consumers(rig: Rig) -> set[str]:
    return {found["name"].decode() for found in await rig.client.xinfo_consumers(STREAM, GROUP)}


def test_a_consumer_has_a_name_of_its_process_that_stays_over_restarts() -> None:
    assert consumer_name("reporting", 8003) == consumer_name("reporting", 8003)
    assert consumer_name("reporting", 8003) != consumer_name("reporting", 8013)
    assert consumer_name("reporting", 8003).startswith("reporting-")
