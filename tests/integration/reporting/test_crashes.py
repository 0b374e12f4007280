"""A reader that dies with its work done and not acknowledged, or not committed: nothing twice, nothing lost."""

import asyncio
from collections.abc import Iterator

import pytest
import redis
from sqlalchemy import Engine

from services.reporting.app import MIGRATIONS
from services.reporting.consumer import GROUP
from services.reporting.usecases.apply_events import apply
from shared.clock import utc_now
from shared.database import connect
from shared.events.envelope import StreamEvent
from shared.events.streams import FIELD, STREAM
from shared.messaging.inbox import Inbox
from shared.messaging.subscription import StreamConsumer
from tests.databases import DATABASES, migrated_on
from tests.integration.reporting.ledger import Ledger, entry_of
from tests.integration.reporting.mortal_reader import NAME, mortals
from tests.integration.reporting.story import Story
from tests.servers import eventually


@pytest.fixture(name="url", params=DATABASES)
def database_of_reporting(request: pytest.FixtureRequest) -> Iterator[str]:
    with migrated_on(request, request.param).url(MIGRATIONS) as url:
        yield url


def publish(client: "redis.Redis", events: list[StreamEvent]) -> None:
    """As the relay does."""
    for event in events:
        entry = entry_of(event)
        client.xadd(STREAM, {FIELD: entry.body}, id=entry.stream_id)


def pending(client: "redis.Redis") -> int:
    """How many entries were fetched and are not acknowledged."""
    found: dict[str, int] = client.xpending(STREAM, GROUP)
    return found["pending"]


async def read_on(engine: Engine, redis_url: str, client: "redis.Redis") -> None:
    """One that lives, until everything is acknowledged."""
    consumer = StreamConsumer(
        redis_url=redis_url, group=GROUP, consumer=NAME, inbox=Inbox(engine, apply, utc_now), log=None
    )
    reading = asyncio.create_task(consumer.run())
    await asyncio.to_thread(eventually, lambda: pending(client) == 0, 30, "all is acknowledged")
    await consumer.stop()
    await reading


def test_c14_three_deaths_between_commit_and_acknowledgement_count_nothing_twice_and_one_before_loses_nothing(
    url: str, redis_url: str
) -> None:
    story, engine = Story(), connect(url)
    ledger = Ledger(engine)
    with redis.Redis.from_url(redis_url) as client, mortals(url, redis_url) as die:
        for number in range(4):
            begin = len(story.events)
            story.activity(f"avedan/a{number}", capacity=10)
            story.crowd(f"avedan/a{number}", "anna", f"pid-{number}", partySize=2)
            story.heads(f"avedan/a{number}", 5)
            publish(client, story.events[begin:])
            die("after the commit" if number < 3 else "before the commit")
            told = min(number + 1, 3)
            assert pending(client) >= 4, "what it had fetched is not acknowledged"
            assert (ledger.total("attendances"), ledger.total("visits")) == (4 * told, 5 * told)
        asyncio.run(read_on(engine, redis_url, client))
    assert (ledger.total("attendances"), ledger.total("participants"), ledger.total("visits")) == (16, 5, 20)
    assert {row[0] for row in ledger.rows("inbox")} == set(range(1, 17))
    engine.dispose()
