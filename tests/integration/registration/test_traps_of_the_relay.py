"""One test per trap of the guide on the backbone that the relay must not fall into; each on a real server."""

import pytest

from shared.events.streams import STREAM
from tests.integration.registration import scenarios
from tests.integration.registration.stream import Road, arrived, relaying, until


async def test_every_event_is_one_entry_under_its_own_number(road: Road) -> None:
    road.log(3)
    async with relaying(road) as relay:
        await arrived(road)
        assert [entry_id for entry_id, _ in road.on_stream()] == ["1-0", "2-0", "3-0"]
        await until(lambda: relay.check().status == "ok")


async def test_what_is_committed_later_follows_at_once(road: Road) -> None:
    async with relaying(road) as relay:
        await until(lambda: relay.check().status == "ok")
        for _ in range(3):
            road.log(2)
            relay.wake()
            await arrived(road)
    assert road.sequences() == [1, 2, 3, 4, 5, 6]


async def test_a_backlog_of_several_batches_arrives_in_order(road: Road) -> None:
    road.log(1203)
    async with relaying(road):
        await arrived(road)
    assert road.sequences() == list(range(1, 1204))


async def test_a_crash_between_send_and_mark_sends_nothing_twice(road: Road) -> None:
    road.log(5)
    async with relaying(road):
        await arrived(road)
    road.published(2)
    async with relaying(road):
        await until(lambda: road.head().published == 5)
    assert road.on_stream() == road.in_log()


async def test_a_crash_between_send_and_mark_hides_nothing_that_came_since(road: Road) -> None:
    road.log(5)
    async with relaying(road):
        await arrived(road)
    road.published(2)
    road.log(2)
    async with relaying(road):
        await arrived(road)


@pytest.mark.parametrize("loss", ["flushall", "del"])
async def test_t12_a_lost_stream_is_sent_again_under_the_same_numbers(road: Road, loss: str) -> None:
    road.log(7)
    async with relaying(road):
        await arrived(road)
        before = road.on_stream()
        road.redis.flushall() if loss == "flushall" else road.redis.delete(STREAM)
        await arrived(road)
        assert road.on_stream() == before


async def test_t12_a_lost_stream_heals_while_a_consumer_makes_its_group_again(road: Road) -> None:
    road.log(4)
    async with relaying(road):
        await arrived(road)
        road.redis.delete(STREAM)
        road.groups()
        await arrived(road)


async def test_n1_tail_loss_then_publish(road: Road) -> None:
    await scenarios.tail_loss_then_publish(road)


async def test_n1_a_lost_tail_is_found_though_nothing_is_published(road: Road) -> None:
    road.log(3)
    async with relaying(road):
        await arrived(road)
        snapshot = road.snapshot()
        road.log(3)
        await arrived(road)
        road.redis.restore(STREAM, 0, snapshot, replace=True)
        await arrived(road)


@pytest.mark.parametrize("entry_id", ["*", "6-0", "5-1", "9-0", "900-7"])
async def test_t23_foreign_entry_heals(road: Road, entry_id: str) -> None:
    await scenarios.foreign_entry(road, entry_id)


async def test_t23_a_foreign_entry_heals_though_nothing_is_published(road: Road) -> None:
    road.log(5)
    async with relaying(road):
        await arrived(road)
        road.foreign()
        await arrived(road)


@pytest.mark.parametrize("entry_id", ["1-0", "3-0", "5-0"])
async def test_t23_a_foreign_entry_in_the_place_of_ours_after_a_loss_heals(road: Road, entry_id: str) -> None:
    road.log(5)
    async with relaying(road):
        await arrived(road)
    road.redis.delete(STREAM)
    road.foreign(entry_id)
    async with relaying(road):
        await arrived(road)


async def test_t23_a_foreign_entry_that_was_removed_again_leaves_no_hole(road: Road) -> None:
    road.log(3)
    async with relaying(road):
        await arrived(road)
    road.log(5)
    road.foreign("6-0")
    road.redis.xdel(STREAM, "6-0")
    async with relaying(road):
        await arrived(road)


async def test_t23_another_kind_of_value_in_the_place_of_the_stream_heals(road: Road) -> None:
    road.log(3)
    async with relaying(road):
        await arrived(road)
        road.redis.set(STREAM, "no stream at all")
        await until(lambda: road.redis.type(STREAM) == b"stream")
        await arrived(road)


async def test_t23_the_last_entry_taken_away_by_hand_comes_back(road: Road) -> None:
    road.log(3)
    async with relaying(road):
        await arrived(road)
        road.redis.xdel(STREAM, "3-0")
        await arrived(road)


async def test_t23_a_foreign_entry_before_the_first_of_ours_heals(road: Road) -> None:
    road.foreign("1-0")
    road.log(3)
    async with relaying(road):
        await arrived(road)


async def test_n6_resend_from_floor(road: Road) -> None:
    await scenarios.resend_from_floor(road)


async def test_n6_a_foreign_entry_is_rewritten_from_the_floor(road: Road) -> None:
    road.log(8)
    road.confirmed(8)
    async with relaying(road) as relay:
        await until(lambda: road.head().published == 8)
        road.foreign()
        await until(lambda: road.sequences() == [])
        road.log(2)
        relay.wake()
        await until(lambda: road.sequences() == [9, 10])
