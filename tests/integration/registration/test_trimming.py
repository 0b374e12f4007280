"""Trimming drops what every consumer has read, and never anything else (trap T15)."""

import pytest

from shared.events.streams import STREAM
from tests.integration.registration.stream import Road, arrived, relaying, until


async def test_t15_a_trim_drops_what_every_group_has_read_and_never_what_one_has_not(road: Road) -> None:
    road.log(10)
    async with relaying(road):
        await arrived(road)
    road.groups()
    road.read("notifications", 8, acknowledge=8)
    road.read("reporting", 6, acknowledge=3)
    async with relaying(road, trim_every=0):
        await until(lambda: road.sequences() == [4, 5, 6, 7, 8, 9, 10])
    assert road.head().replay_floor == 3
    pending = road.redis.xpending(STREAM, "reporting")
    assert pending["pending"] == 3, "what is still open can still be read"


async def test_t15_what_all_have_read_leaves_an_empty_stream_that_goes_on_where_it_was(road: Road) -> None:
    road.log(4)
    async with relaying(road):
        await arrived(road)
    road.groups()
    for group in ("notifications", "reporting"):
        road.read(group, 4, acknowledge=4)
    async with relaying(road, trim_every=0) as relay:
        await until(lambda: road.sequences() == [])
        road.log(1)
        relay.wake()
        await until(lambda: road.sequences() == [5])
    assert (road.head().replay_floor, road.head().published) == (4, 5)


@pytest.mark.parametrize("groups", [(), ("notifications",), ("reporting", "somebody-else")])
async def test_t15_nothing_is_trimmed_while_a_group_is_missing(road: Road, groups: tuple[str, ...]) -> None:
    road.log(4)
    async with relaying(road):
        await arrived(road)
    road.groups(*groups) if groups else None
    for group in groups:
        road.read(group, 4, acknowledge=4)
    async with relaying(road, trim_every=0) as relay:
        road.log(1)
        relay.wake()
        await arrived(road)
    assert road.sequences() == [1, 2, 3, 4, 5]
    assert road.head().replay_floor == 0
