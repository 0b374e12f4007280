"""The quarter-hourly look: what lacked is put in, counted and sent; a registration that is away ends nothing."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete

from services.notifications.contacts import ContactClient
from services.notifications.tables import MessageRow
from services.notifications.upkeep import Upkeep
from services.notifications.usecases import replan
from shared.database import table_of, transaction
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import START, Story
from tests.servers import SERVICE_KEY


async def until(seen: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not seen():
        assert time.monotonic() < deadline, "not seen within 10 s"
        await asyncio.sleep(0.02)


def test_a_start_plans_everybody_a_few_at_a_time(rig: Rig, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replan, "AT_ONCE", 2)
    rig.apply(story.activity(), *(story.signup(f"s{number}") for number in range(5)))
    with transaction(rig.engine) as connection:
        connection.execute(delete(table_of(MessageRow)))
    assert replan.replan_what_comes(rig.engine, rig.clock(), rig.policy) == 10
    assert replan.replan_what_comes(rig.engine, rig.clock(), rig.policy) == 0


async def test_what_lacks_is_put_in_and_counted_and_the_sender_woken(rig: Rig, story: Story) -> None:
    rig.at(START - timedelta(days=2)).apply(story.activity(), story.signup())
    rig.contacts.away = True
    client, woken = ContactClient(rig.contacts.url, SERVICE_KEY), asyncio.Event()
    upkeep = Upkeep(rig.engine, rig.policy, rig.clock, client, woken.set, every=0.05)
    running = asyncio.create_task(upkeep.run())
    try:
        await until(lambda: rig.contacts.asked > 1)
        assert (upkeep.lacking, woken.is_set()) == (0, False)
        with transaction(rig.engine) as connection:
            connection.execute(delete(table_of(MessageRow)))
        await until(lambda: upkeep.lacking == 2)
        assert woken.is_set()
        rig.contacts.away = False
        await until(lambda: rig.row("reminder")["probed_at"] is not None)
    finally:
        await upkeep.stop()
        await running
        await client.close()
    assert (len(rig.rows()), upkeep.lacking) == (2, 2)
