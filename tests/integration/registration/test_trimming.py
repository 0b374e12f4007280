"""Trimming drops what every consumer has read, and never anything else (trap T15)."""

import pytest

from tests.integration.registration import scenarios
from tests.integration.registration.stream import Road, all_marked, arrived, relaying, until


async def test_t15_unread_survives_trim(road: Road) -> None:
    await scenarios.unread_survives_trim(road)


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
        await until(lambda: road.sequences() == [5] and all_marked(road))
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
