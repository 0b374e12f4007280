"""Nobody waits in a circle: who takes several messages of a sign-up takes them in planning's order (PostgreSQL)."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select, text

from services.notifications.app import MIGRATIONS
from services.notifications.domain.receipts import Receipt
from services.notifications.senders.mailbox import MailboxSender
from services.notifications.store.messages import of_signups
from services.notifications.tables import MessageRow
from services.notifications.usecases.receiving import Said, receive
from shared.database import table_of, transaction
from tests.databases import migrated_on
from tests.integration.notifications.conftest import Mailbox
from tests.integration.notifications.registration import ContactServer
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import Story

WAITS = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


@pytest.fixture(name="engine")
def postgres_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with migrated_on(request, "postgresql").engine(MIGRATIONS) as engine:
        yield engine


async def test_a_receipt_that_waits_for_a_last_look_holds_nothing_that_the_look_needs(
    engine: Engine, contacts: ContactServer, mailbox: Mailbox, story: Story
) -> None:
    """A bounce took its own message first; a last look at another of the sign-up was ended by the database for it."""
    rig = Rig(engine, MailboxSender(mailbox.folder), contacts)
    rig.apply(story.activity(), story.signup())
    await rig.work()
    first, last = sorted(row["id"] for row in rig.rows())
    said = Said(last, Receipt("email", "delivered"), None)
    table = table_of(MessageRow)
    with ThreadPoolExecutor(1) as another:
        with transaction(engine) as connection:
            connection.execute(select(table.c.id).where(table.c.id == first).with_for_update())
            received = another.submit(receive, engine, said, rig.clock(), rig.policy)
            await waiting(engine)
            assert len(of_signups(connection, ["avedan/s1"])["avedan/s1"]) == 2
        assert received.result(10).id == last


async def waiting(engine: Engine) -> None:
    """Until somebody waits for a lock, ten seconds at most."""
    for _ in range(500):
        with engine.connect() as connection:
            if connection.execute(text(WAITS)).scalar():
                return
        await asyncio.sleep(0.02)
    raise AssertionError("nobody waits")
