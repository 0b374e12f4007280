"""Integer intervals tightened over relations until nothing moves; cells and relations are numbers here."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import sub
from typing import Final

FAR: Final = 10**9
"""Above every figure: nothing is known of how high it can be."""

FREE: Final = 10**15
"""Slack with which a limit says nothing, whatever the number of parts."""


@dataclass(frozen=True, slots=True)
class Link:
    """Limits between the parts and their whole; FREE (-FREE for `least`) where there is none.

    sum of parts <= whole + most;  whole + least <= sum of parts;  each part <= whole + each.
    """

    whole: int
    parts: tuple[int, ...]
    most: int = FREE
    least: int = -FREE
    each: int = FREE


LONGEST_SEARCH: Final = 30
"""Relations that a trial may look at: contradictions are near, and whole years are long."""


class Net:
    """Which relations a cell is in; made once, used for every reader and every round."""

    def __init__(self, size: int, links: Sequence[Link]) -> None:
        self.links = links
        self.as_part: list[list[int]] = [[] for _ in range(size)]
        self.as_whole: list[list[int]] = [[] for _ in range(size)]
        for number, link in enumerate(links):
            self.as_whole[link.whole].append(number)
            for part in link.parts:
                self.as_part[part].append(number)


class Intervals:
    """Lowest and highest value of every cell. Sums are kept, so that a relation that says nothing costs little.

    There must be values that fit in: intervals only ever tighten around them.
    """

    def __init__(self, net: Net, low: list[int], high: list[int]) -> None:
        self.low, self.high = list(low), list(high)
        self._net, self._start = net, (low, high)
        self._least = [link.least for link in net.links]
        size = len(net.links)
        self._sum_low, self._sum_high, self._greatest_low = [0] * size, [0] * size, [0] * size
        # Upper bounds of the parts' widths and heights: they may be out of date, never too small.
        self._widest, self._highest = [0] * size, [0] * size
        self._queue: deque[int] = deque()
        self._waiting = bytearray(size)
        self._trail: list[tuple[list[int], int, int]] | None = None
        self._fits = True
        for number in range(size):
            self._count(number)
        self._look(range(size))
        self.settle()

    def _count(self, number: int) -> None:
        parts, low, high = self._net.links[number].parts, self.low, self.high
        lows, highs = [low[part] for part in parts], [high[part] for part in parts]
        self._sum_low[number], self._greatest_low[number] = sum(lows), max(lows)
        self._sum_high[number], self._highest[number] = sum(highs), max(highs)
        self._widest[number] = max(map(sub, highs, lows))

    def copy(self) -> "Intervals":
        """Another reader who knows as much."""
        other = object.__new__(Intervals)
        other._net, other._start = self._net, self._start
        for name in ("low", "high", "_least", "_sum_low", "_sum_high", "_widest", "_highest", "_greatest_low"):
            setattr(other, name, list(getattr(self, name)))
        other._queue, other._waiting, other._trail = deque(), bytearray(len(self._waiting)), None
        other._fits = True
        return other

    def loosen(self, starts: Mapping[int, tuple[int, int]]) -> None:
        """Less is known of these cells than was: start anew there, and at all that was concluded from them."""
        cells, numbers = self._concluded_from(starts)
        for cell, (low, high) in starts.items():
            self._start[0][cell], self._start[1][cell] = low, high
        for cell in cells:
            self.low[cell], self.high[cell] = self._start[0][cell], self._start[1][cell]
        for number in numbers:
            self._count(number)
        self._look(numbers)
        self.settle()

    def _concluded_from(self, cells: Iterable[int]) -> tuple[set[int], Sequence[int]]:
        """These cells, every cell that a relation with one of them says all that is known of, and so on; the relations.

        What is left as it was is never looser than what can be concluded: the reader is taken for too clever if at all.
        """
        found, waiting = set(cells), list(cells)
        looked: dict[int, None] = {}
        while waiting:
            cell = waiting.pop()
            for number in (*self._net.as_part[cell], *self._net.as_whole[cell]):
                if number not in looked:
                    looked[number] = None
                    link = self._net.links[number]
                    tight = (
                        at for at in link.parts if self._tightened(at) and self._says(self._of_part(number, at), at)
                    )
                    new = [at for at in tight if at not in found]
                    if self._tightened(link.whole) and self._says(self._of_whole(number), link.whole):
                        new += [link.whole] if link.whole not in found else []
                    found.update(new)
                    waiting.extend(new)
        return found, tuple(looked)

    def _tightened(self, cell: int) -> bool:
        return self.low[cell] != self._start[0][cell] or self.high[cell] != self._start[1][cell]

    def at_least(self, cell: int, value: int) -> None:
        """The cell is known to be this or more."""
        more = value - self.low[cell]
        if more <= 0:
            return
        if self._trail is not None:
            self._write_down(self._trail, cell)
            self._fits = self._fits and value <= self.high[cell]
        self.low[cell] = value
        for number in self._net.as_part[cell]:
            self._sum_low[number] += more
            if value > self._greatest_low[number]:
                self._greatest_low[number] = value
        self._look(self._net.as_part[cell])
        self._look(self._net.as_whole[cell])

    def at_most(self, cell: int, value: int) -> None:
        """The cell is known to be this or less."""
        less = self.high[cell] - value
        if less <= 0:
            return
        if self._trail is not None:
            self._write_down(self._trail, cell)
            self._fits = self._fits and value >= self.low[cell]
        self.high[cell] = value
        for number in self._net.as_part[cell]:
            self._sum_high[number] -= less
        self._look(self._net.as_part[cell])
        self._look(self._net.as_whole[cell])

    def overlap(self, number: int, twice: int) -> None:
        """The reader knows that the parts of a union count this many persons more than once."""
        if twice > self._least[number]:
            self._least[number] = twice
            self._look((number,))

    def settle(self) -> None:
        """Tighten until nothing moves."""
        while self._queue:
            number = self._queue.popleft()
            self._waiting[number] = 0
            self._tighten(number)

    def possible(self, cell: int, low: int, high: int) -> bool:
        """May the cell, without contradiction, be `low` to `high`? Nothing is learnt; a long search says yes."""
        trail: list[tuple[list[int], int, int]] = []
        self._trail, self._fits = trail, low <= high
        self.at_least(cell, low)
        self.at_most(cell, high)
        steps = 0
        while self._fits and self._queue and steps < LONGEST_SEARCH:
            number, steps = self._queue.popleft(), steps + 1
            self._waiting[number] = 0
            self._tighten(number)
        for kept, at, value in reversed(trail):
            kept[at] = value
        self._trail = None
        self._waiting = bytearray(len(self._waiting)) if self._queue else self._waiting
        self._queue.clear()
        return self._fits

    def _write_down(self, trail: list[tuple[list[int], int, int]], cell: int) -> None:
        """So that a trial can be taken back."""
        trail += [(self.low, cell, self.low[cell]), (self.high, cell, self.high[cell])]
        for number in self._net.as_part[cell]:
            for kept in (self._sum_low, self._sum_high, self._greatest_low, self._widest, self._highest):
                trail.append((kept, number, kept[number]))

    def _look(self, numbers: Iterable[int]) -> None:
        waiting, queue = self._waiting, self._queue
        for number in numbers:
            if not waiting[number]:
                waiting[number] = 1
                queue.append(number)

    def _tighten(self, number: int) -> None:
        link = self._net.links[number]
        whole, most = link.whole, link.most
        low, high = self._sum_low[number], self._sum_high[number] - self._least[number]
        if low - most > self.low[whole] or self._greatest_low[number] - link.each > self.low[whole]:
            self.at_least(whole, max(low - most, self._greatest_low[number] - link.each))
        if high < self.high[whole]:
            self.at_most(whole, high)
        widest = self._widest[number]
        if self.high[whole] + most - low < widest:
            self._press(number, link)
        if high - self.low[whole] < widest:
            self._lift(number, link)
        if self.high[whole] + link.each < self._highest[number]:
            self._cap(number, link)

    def _press(self, number: int, link: Link) -> None:
        """What the whole has room for above the least of all parts, no part can exceed its own least by more."""
        room = self.high[link.whole] + link.most - self._sum_low[number]
        for part in link.parts:
            if self.high[part] - self.low[part] > room:
                self.at_most(part, self.low[part] + room)
        self._refresh(number, link)

    def _lift(self, number: int, link: Link) -> None:
        """What all parts can miss of their most, no part can miss more of it."""
        spare = self._sum_high[number] - self._least[number] - self.low[link.whole]
        for part in link.parts:
            if self.high[part] - self.low[part] > spare:
                self.at_least(part, self.high[part] - spare)
        self._refresh(number, link)

    def _cap(self, number: int, link: Link) -> None:
        ceiling = self.high[link.whole] + link.each
        for part in link.parts:
            if self.high[part] > ceiling:
                self.at_most(part, ceiling)
        self._refresh(number, link)

    def _refresh(self, number: int, link: Link) -> None:
        if self._trail is not None:
            self._trail += [(kept, number, kept[number]) for kept in (self._widest, self._highest)]
        self._widest[number] = max([self.high[part] - self.low[part] for part in link.parts])
        self._highest[number] = max([self.high[part] for part in link.parts])

    def implied(self, cell: int) -> tuple[int, int]:
        """What the relations alone say of a cell, beside what was known of it by itself."""
        low, high = 0, FAR
        for number in self._net.as_whole[cell]:
            below, above = self._of_whole(number)
            low, high = max(low, below), min(high, above)
        for number in self._net.as_part[cell]:
            below, above = self._of_part(number, cell)
            low, high = max(low, below), min(high, above)
        return low, high

    def pinning(self, cell: int) -> list[int]:
        """The relations that say as much of a cell as is known: its lowest, its highest value, or both."""
        found = [number for number in self._net.as_whole[cell] if self._says(self._of_whole(number), cell)]
        return found + [number for number in self._net.as_part[cell] if self._says(self._of_part(number, cell), cell)]

    def _says(self, bounds: tuple[int, int], cell: int) -> bool:
        return bounds[0] >= max(self.low[cell], 1) or bounds[1] <= self.high[cell]

    def _of_whole(self, number: int) -> tuple[int, int]:
        link = self._net.links[number]
        low = max(self._sum_low[number] - link.most, self._greatest_low[number] - link.each)
        return low, self._sum_high[number] - self._least[number]

    def _of_part(self, number: int, cell: int) -> tuple[int, int]:
        link, whole = self._net.links[number], self._net.links[number].whole
        low = self.low[whole] + self._least[number] - (self._sum_high[number] - self.high[cell])
        room = self.high[whole] + link.most - (self._sum_low[number] - self.low[cell])
        return low, min(room, self.high[whole] + link.each)
