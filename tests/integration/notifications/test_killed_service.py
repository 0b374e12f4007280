"""The real service between a real Redis and its database, killed with -9: nothing missed, nothing twice."""

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from services.notifications.app import MIGRATIONS
from tests.databases import DATABASES, migrated_on
from tests.integration.notifications.adding_up import adds_up
from tests.integration.notifications.living import PATIENCE, Living, living
from tests.integration.notifications.mortal import POLICY
from tests.servers import eventually

KILLS = int(os.environ.get("KOMERBIJ_TEST_KILLS", "1"))
"""How often it is killed while events arrive; every time costs a start."""


@pytest.fixture(name="life", scope="module", params=DATABASES)
def running_service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """Started once, after its first events were published."""
    folder = tmp_path_factory.mktemp("living")
    with migrated_on(request, request.param).url(MIGRATIONS) as url, living(folder, url) as life:
        life.publish(life.story.activity(), life.story.signup("before"))
        life.start()
        yield life


def test_f08_an_event_that_was_published_before_the_first_start_arrives(life: Living) -> None:
    assert [row["kind"] for row in life.told("before")] == ["confirmation", "reminder"]
    assert life.inbox("before") == 1


def test_f13_killed_between_commit_and_acknowledgement_nothing_is_told_twice_and_nobody_forgotten_comes_back(
    life: Living,
) -> None:
    """Redis takes no acknowledgement, so that the process dies with all of it committed and none acknowledged.

    Then that of the erasure alone counts as arrived: what is delivered again is older, and nothing else guards it.
    """
    story = life.story
    eventually(lambda: life.unacknowledged() == 0, PATIENCE, "all that was published before is done")
    events = [story.signup("once"), story.signup("forgotten"), story.erased("pid-forgotten")]
    with life.refusing("xack"):
        life.publish(*events)
        before = life.told("once")
        assert life.watermark() == events[-1].sequence
        assert life.unacknowledged() == len(events)
        life.kill()
    life.acknowledge(events[-1])
    life.start()
    eventually(lambda: life.unacknowledged() == 0, PATIENCE, "what was delivered again is acknowledged")
    assert life.rows("once") == before
    assert life.inbox("once") == 1
    assert life.rows("forgotten") == []


@pytest.mark.parametrize("how", ["flushed", "killed and back empty"])
def test_f14_a_redis_that_lost_everything_and_is_written_anew_leaves_the_rows_and_sends_nothing(
    life: Living, how: str
) -> None:
    old, new = f"old-{how.split(maxsplit=1)[0]}", f"new-{how.split(maxsplit=1)[0]}"
    life.publish(life.story.signup(old))
    before = life.told(old)
    if how == "flushed":
        with life.redis.client() as client:
            client.flushall()
    else:
        life.redis.kill()
        life.redis.forget_everything()
        life.redis.start()
    life.write(*life.story.events)
    life.publish(life.story.signup(new))
    life.told(new)
    eventually(lambda: life.unacknowledged() == 0, PATIENCE, "all that was written anew is done")
    assert life.rows(old) == before
    assert (life.inbox(old), life.inbox(new)) == (1, 1)
    assert life.most_copies() == 1


def test_f09_killed_while_events_arrive_it_misses_none_and_tells_nobody_twice(life: Living) -> None:
    enough = threading.Event()
    keys: list[str] = []

    def post() -> None:
        while not enough.wait(0.1):
            keys.append(f"meanwhile-{len(keys)}")
            life.publish(life.story.signup(keys[-1]))

    poster = threading.Thread(target=post)
    poster.start()
    try:
        for _ in range(KILLS):
            posted = len(keys)
            eventually(lambda posted=posted: len(life.rows(*keys[posted:])) > 0, PATIENCE, "it plans what arrives")  # type: ignore[misc]  # a default
            life.kill()
            life.start()
    finally:
        enough.set()
        poster.join()
    eventually(lambda: len(life.rows(*keys)) == 2 * len(keys), PATIENCE, "every sign-up is planned")
    assert len(keys) > KILLS
    assert life.most_copies() == 1
    adds_up(life.engine, datetime.now(UTC), POLICY)
