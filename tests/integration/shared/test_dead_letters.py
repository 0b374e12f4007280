"""What is kept as a dead letter, what a retry does, and that nobody who was erased is left in them."""

import base64
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest

from shared.errors import Refusal
from shared.events.streams import FIELD, STREAM
from shared.messaging.cloud_event_format import Entry
from tests.integration.shared.desk import Desk, entry
from tests.integration.shared.rig import Rig, entry_bytes, erasure_bytes, garbage

PID, TOKEN = "k7e2xq4n5m6p7q2r3s4t5u6v7w2x3y4z", "t-0123456789abcdef"
UNKNOWN = orjson.dumps({**orjson.loads(entry_bytes(2)), "type": "nl.meedoen.moon-landed.v1"})


def test_a_retry_applies_an_event_that_was_given_up_once(desk: Desk) -> None:
    letter = desk.give_up(1)
    assert desk.consumer.seen() == []
    assert desk.box.retry(letter).outcome == "applied"
    assert (desk.consumer.seen(), desk.box.page(0, 10)) == ([1], [])
    with pytest.raises(Refusal, match="no dead letter"):
        desk.box.retry(letter)
    desk.take(entry(1))
    assert desk.consumer.seen() == [1]


def test_what_fails_again_is_kept_with_an_attempt_more_and_nothing_of_it_stands(desk: Desk) -> None:
    letter = desk.give_up(1)
    desk.broken.add(1)
    became = desk.box.retry(letter)
    assert (became.outcome, became.reason) == ("kept", "ValueError while applying")
    assert (desk.only["attempts"], desk.consumer.seen()) == (9, [])
    desk.broken.clear()
    assert desk.box.retry(letter).outcome == "applied"


def test_two_retries_at_once_have_one_effect(desk: Desk) -> None:
    letter = desk.give_up(1)

    def retry(_: int) -> str:
        try:
            return desk.box.retry(letter).outcome
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(retry, range(4)))
    assert outcomes == ["applied", "not-found", "not-found", "not-found"]
    assert desk.consumer.seen() == [1]


def test_the_event_is_fetched_from_the_log_as_it_is_now(desk: Desk) -> None:
    """Kept bytes would bring back somebody who was erased meanwhile."""
    letter = desk.give_up(1)
    assert desk.only["body"] == ""
    desk.log.changed[1] = entry_bytes(1, name="sealed")
    desk.box.retry(letter)
    assert [row["name"] for row in desk.consumer.rows("effect")] == ["sealed"]


def test_a_log_that_is_away_counts_no_attempt(desk: Desk) -> None:
    letter = desk.give_up(1)
    desk.log.away = True
    became = desk.box.retry(letter)
    assert (became.outcome, desk.only["attempts"]) == ("kept", 8)
    assert "out of reach" in (became.reason or "")


def test_a_retry_of_an_unreadable_entry_applies_the_logs_event_of_that_number(desk: Desk) -> None:
    desk.take(entry(1), entry(2, garbage()))
    assert desk.only["body"] != ""
    assert desk.box.retry(desk.only["id"]).outcome == "applied"
    assert desk.consumer.seen() == [1, 2]
    assert desk.consumer.inbox.watermark() == 2


def test_a_retry_of_an_unreadable_entry_whose_event_came_otherwise_applies_nothing_twice(desk: Desk) -> None:
    desk.take(entry(1), entry(2, garbage()))
    desk.take(entry(2), from_log=True)
    assert desk.box.retry(desk.only["id"]).outcome == "applied"
    assert (desk.consumer.seen(), desk.box.page(0, 10)) == ([1, 2], [])


@pytest.mark.parametrize("stream_id", ["900-7", "11-0", "18446744073709551615-0"])
def test_a_foreign_entry_is_kept_until_it_is_dropped(desk: Desk, stream_id: str) -> None:
    desk.take(Entry(stream_id, garbage()))
    letter = desk.only
    became = desk.box.retry(letter["id"])
    assert became.outcome == "kept"
    assert "foreign" in (became.reason or "")
    assert desk.box.get(letter["id"])["body"] == base64.b64encode(garbage()).decode()
    desk.box.drop(letter["id"])
    assert desk.box.page(0, 10) == []
    with pytest.raises(Refusal, match="no dead letter"):
        desk.box.drop(letter["id"])


def test_an_event_that_an_update_makes_readable_is_applied_by_a_retry(desk: Desk) -> None:
    desk.log.changed[2] = UNKNOWN
    desk.take(entry(1), entry(2, UNKNOWN))
    desk.take(entry(2, UNKNOWN), from_log=True)
    assert (desk.only["type"], desk.only["body"]) == ("nl.meedoen.moon-landed.v1", "")
    assert desk.consumer.inbox.watermark() == 2
    assert desk.box.retry(desk.only["id"]).reason == "unknown type"
    del desk.log.changed[2]  # as if this version knew the type
    assert desk.box.retry(desk.only["id"]).outcome == "applied"
    assert desk.consumer.seen() == [1, 2]


def test_an_event_that_the_log_brings_after_all_is_no_dead_letter_any_more(desk: Desk) -> None:
    """A forgery took the place of event 1 and failed; the real one came later."""
    desk.broken.add(1)
    desk.take(entry(1, entry_bytes(1).replace(b"event-1", b"forged-1")), times=8)
    assert desk.only["stream_id"] == "1-0"
    desk.broken.clear()
    desk.take(entry(1))
    assert (desk.consumer.seen(), desk.box.page(0, 10)) == ([1], [])


def test_an_erasure_takes_the_pid_out_of_bodies_that_are_kept(desk: Desk) -> None:
    damaged = b"{" + entry_bytes(5, name=PID)
    desk.take(entry(5, damaged), Entry("900-1", damaged))
    assert desk.bodies().count(PID.encode()) == 2
    desk.take(entry(6, erasure_bytes(6, PID, TOKEN)))
    assert PID.encode() not in desk.bodies()
    assert desk.bodies().count(TOKEN.encode()) == 2


def test_an_entry_that_comes_after_its_person_was_erased_leaves_no_pid_once_its_place_is_filled(desk: Desk) -> None:
    damaged = entry(5, b"{" + entry_bytes(5, name=PID))
    desk.take(entry(6, erasure_bytes(6, PID, TOKEN)))
    desk.take(damaged)
    desk.take(entry(5), from_log=True)
    assert PID.encode() not in desk.bodies()
    desk.box.drop(desk.only["id"])
    desk.take(damaged)
    assert PID.encode() not in desk.bodies()


def test_an_erasure_that_was_given_up_can_still_be_applied_after_the_log_lost_the_pid(desk: Desk) -> None:
    erasure = entry(3, erasure_bytes(3, PID, TOKEN))
    desk.take(Entry("900-1", PID.encode()))
    desk.broken.add(3)
    desk.take(erasure, times=8)
    desk.log.changed[3] = erasure_bytes(3, TOKEN, TOKEN)
    desk.broken.clear()
    given_up = desk.box.page(0, 10)[1]
    assert desk.box.retry(given_up["id"]).outcome == "applied"
    assert desk.consumer.seen() == [3]
    assert desk.bodies() == TOKEN.encode()


async def test_t22_a_retry_needs_no_redis(rig: Rig, desk: Desk) -> None:
    await rig.client.xadd(STREAM, {FIELD: garbage()}, id="1-0")
    async with rig.consumer().running() as consumer:
        await rig.until(lambda: len(consumer.rows("dead_letter")) == 1)
        await rig.client.flushall()
    assert desk.box.retry(desk.only["id"]).outcome == "applied"
