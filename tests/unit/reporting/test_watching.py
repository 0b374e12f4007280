"""Watching figures: one look for everybody, at once on coming, at most one telling a turn, and an end."""

import asyncio
from collections.abc import Collection
from contextlib import suppress

import pytest

from services.reporting.api.watching import Seen, Watch
from shared.errors import Refusal

TURN = 0.05


class Figures:
    """What a look finds; the test moves it. A look can fail."""

    def __init__(self) -> None:
        self.sequence, self.generation = 7, 0
        self.gone: set[str] = set()
        self.looks: list[frozenset[str]] = []
        self.away = False

    def look(self, keys: Collection[str]) -> Seen:
        self.looks.append(frozenset(keys))
        if self.away:
            raise OSError("the database is away")
        return Seen((self.sequence, self.generation), frozenset(self.gone))


@pytest.fixture(name="figures")
def figures_of_a_test() -> Figures:
    return Figures()


@pytest.fixture(name="watch")
def watch_of_figures(figures: Figures) -> Watch:
    return Watch(figures.look, 2, every=TURN, quiet=60)


async def first(watch: Watch, key: str, number: int) -> list[int | None]:
    """The first so many tellings of somebody who comes and goes."""
    with watch.place(key):
        told = []
        async for one in watch.moves(key):
            told.append(one)
            if len(told) == number:
                break
        return told


async def until(figures: Figures, looks: int) -> None:
    async with asyncio.timeout(20):
        while len(figures.looks) < looks:
            await asyncio.sleep(TURN / 10)


async def test_who_comes_is_told_at_once_and_then_only_what_moved(figures: Figures, watch: Watch) -> None:
    asking = asyncio.create_task(first(watch, "k", 3))
    await until(figures, 4)
    figures.sequence = 9
    await until(figures, 8)
    figures.generation = 1
    assert await asking == [7, 9, 9], "a rebuild moves figures where the sequence stays"


async def test_everybody_is_served_by_the_same_looks_and_nobody_watching_is_no_look(
    figures: Figures, watch: Watch
) -> None:
    asking = [asyncio.create_task(first(watch, key, 2)) for key in ("one", "two")]
    await until(figures, 3)
    figures.sequence = 8
    assert await asyncio.gather(*asking) == [[7, 8], [7, 8]]
    looks = len(figures.looks)
    assert figures.looks[-1] == {"one", "two"}
    await asyncio.sleep(4 * TURN)
    assert len(figures.looks) <= looks + 1
    assert await first(watch, "three", 1) == [8], "and it begins anew"


async def test_who_comes_later_waits_for_no_look_and_hears_no_more_often_for_it(figures: Figures) -> None:
    watch, now = Watch(figures.look, 9, every=0.2), asyncio.get_running_loop().time
    asking = asyncio.create_task(first(watch, "one", 3))
    await until(figures, 1)
    await asyncio.sleep(0.1)
    with watch.place("late"):
        heard: list[tuple[float, int]] = []
        async for _ in watch.moves("late"):
            heard.append((now(), len(figures.looks)))
            figures.sequence += 1
            if len(heard) == 2:
                break
    assert heard[0][1] == 1, "from the look that was there"
    assert heard[1][0] - heard[0][0] > 0.19
    asking.cancel()


async def test_a_key_that_is_taken_back_ends_its_own_watchers_alone(figures: Figures, watch: Watch) -> None:
    leaving, staying = (asyncio.create_task(first(watch, key, 9)) for key in ("bad", "good"))
    await until(figures, 2)
    figures.gone = {"bad"}
    assert await asyncio.wait_for(leaving, 20) == [7]
    assert not staying.done()
    staying.cancel()


async def test_there_are_so_many_places_and_one_comes_free_however_somebody_leaves(watch: Watch) -> None:
    with watch.place("a"):
        with suppress(ZeroDivisionError), watch.place("b"):
            assert refused(watch) == "lock-timeout"
            raise ZeroDivisionError
        assert refused(watch) is None


def refused(watch: Watch) -> str | None:
    """The code with which somebody more is refused."""
    try:
        with watch.place("c"):
            return None
    except Refusal as refusal:
        return refusal.code


async def test_at_the_end_everybody_goes_at_once_and_nobody_comes(figures: Figures) -> None:
    watch = Watch(figures.look, 2, every=60)
    asking = [asyncio.create_task(first(watch, key, 9)) for key in ("one", "two")]
    await until(figures, 1)
    await asyncio.sleep(TURN)
    watch.end()
    assert await asyncio.wait_for(asyncio.gather(*asking), 5) == [[7], [7]]
    assert refused(watch) == "lock-timeout"


async def test_while_nothing_moves_the_line_is_kept_alive_also_when_a_look_fails(figures: Figures) -> None:
    watch = Watch(figures.look, 2, every=TURN, quiet=2 * TURN)
    asking = asyncio.create_task(first(watch, "k", 4))
    await until(figures, 2)
    figures.away = True
    assert await asyncio.wait_for(asking, 20) == [7, None, None, None]
    figures.away, figures.sequence = False, 8
    assert await first(watch, "k", 1) == [8]
