"""kill -9 of who sends mails, amid two thousand events: the figures of a naive count, and nobody is told twice.

The other processes are killed in `test_short_chaos`. This one waits until what lay in dead hands is sent after all.
"""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.chaos.conftest import EVER, FIGURES, Hurt
from tests.e2e.programme import two_thousand
from tests.histories.naive import table
from tests.histories.naive_world import Told, world_of
from tests.servers import eventually


def break_and_mend(hurt: Hurt, target: str) -> None:
    """Kill one process and start it again."""
    if target == "redis":
        hurt.redis.kill()
        hurt.redis.start()
    else:
        hurt.system.kill(target)
        hurt.system.start(target)


def log_of(hurt: Hurt) -> list[dict[str, Any]]:
    """The whole event log."""
    items: list[dict[str, Any]] = []
    with hurt.system.client("registration") as client:
        while True:
            after = items[-1]["sequence"] if items else 0
            page = client.get("/v1/log", params={"after": after}).json()
            items += page["items"]
            if page["next"] is None:
                return items


def counted(log: list[dict[str, Any]]) -> dict[str, Any]:
    """The same totals, counted one by one."""
    world = world_of(Told(item["type"].split(".")[2], item["subject"], item["data"]) for item in log)
    return {name: table(world, name, EVER, {}, ())[0].value for name in FIGURES}


@pytest.mark.parametrize("target", ["notifications"])
def test_nothing_is_lost_and_nobody_is_told_twice(hurt: Hurt, target: str) -> None:
    programme = two_thousand(datetime.now(UTC))
    reached = threading.Event()
    poster = threading.Thread(target=hurt.post_all, args=(programme, reached, 1700))
    poster.start()
    assert reached.wait(60)
    break_and_mend(hurt, target)
    poster.join(120)
    assert not poster.is_alive()

    assert {result["outcome"] for result in hurt.acknowledged} <= {"accepted", "duplicate"}
    assert len({result["id"] for result in hurt.acknowledged}) == len(programme)
    hurt.system.settled()
    log = log_of(hurt)
    assert [item["sequence"] for item in log] == list(range(1, hurt.system.head() + 1))
    assert hurt.figures() == counted(log)
    assert_told_once(hurt)


def assert_told_once(hurt: Hurt) -> None:
    """Each message at most one mail, but for those in doubt, which keep their Message-ID."""
    messages = hurt.told_all_that_is_due()
    in_doubt = {
        message["messageId"]
        for message in messages
        for attempt in message["attempts"]
        if attempt["outcome"] == "unknown"
    }
    sent = [message for message in messages if message["status"] == "sent"]
    doubled = {key for key, times in hurt.mails.ids().items() if times > 1}
    assert doubled <= in_doubt
    eventually(lambda: {m["messageId"] for m in sent} <= hurt.mails.ids().keys(), 10, "every sent mail has come")
    active = {m["signup"] for m in messages if m["kind"] in ("confirmation", "waiting-list")}
    assert len(active) == 300
    lost = [m for m in messages if m["status"] == "failed"]
    assert lost == []
