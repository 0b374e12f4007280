"""Integer intervals tightened over relations until nothing moves; cells and relations are numbers here."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import sub
from typing import Final

from services.reporting.domain.disclosure.net import FAR, FREE, VAST, Net

LONGEST_SEARCH: Final = 30
"""Relations that a trial may look at: contradictions are near, and whole years are long."""


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
        self._trail: list[int] | None = None
        self._kept: list[int] = []
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
        other._fits, other._kept = True, []
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
            around = [number for number in self._net.around[waiting.pop()] if number not in looked]
            looked.update(dict.fromkeys(around))
            for number in around:
                new = [at for at in self._tightened(number, found) if self._says(self._of_part(number, at), at)]
                whole = self._net.links[number].whole
                if whole not in found and self._is_tight(whole) and self._says(self._of_whole(number), whole):
                    new.append(whole)
                found.update(new)
                waiting += new
        return found, tuple(looked)

    def _tightened(self, number: int, found: Collection[int]) -> Sequence[int]:
        """The parts of a relation of which more is known than at the start."""
        low, high, (least, most) = self.low, self.high, self._start
        parts = self._net.links[number].parts
        return [at for at in parts if (low[at] != least[at] or high[at] != most[at]) and at not in found]

    def _is_tight(self, cell: int) -> bool:
        return self.low[cell] != self._start[0][cell] or self.high[cell] != self._start[1][cell]

    def at_least(self, cell: int, value: int) -> None:
        """The cell is known to be this or more."""
        more = value - self.low[cell]
        if more <= 0:
            return
        if self._trail is not None:
            self._trail += (cell, self.low[cell], self.high[cell])
            self._fits = self._fits and value <= self.high[cell]
        self.low[cell] = value
        sums, greatest = self._sum_low, self._greatest_low
        for number in self._net.as_part[cell]:
            sums[number] += more
            if value > greatest[number]:
                self._keep(number)
                greatest[number] = value
        self._look_around(cell)

    def at_most(self, cell: int, value: int) -> None:
        """The cell is known to be this or less."""
        less = self.high[cell] - value
        if less <= 0:
            return
        if self._trail is not None:
            self._trail += (cell, self.low[cell], self.high[cell])
            self._fits = self._fits and value >= self.low[cell]
        self.high[cell] = value
        sums = self._sum_high
        for number in self._net.as_part[cell]:
            sums[number] -= less
        self._look_around(cell)

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
        if low > high:
            return False
        self._trail, self._fits = [], True
        self.at_least(cell, low)
        self.at_most(cell, high)
        steps = 0
        while self._fits and self._queue and steps < LONGEST_SEARCH:
            number, steps = self._queue.popleft(), steps + 1
            self._waiting[number] = 0
            self._tighten(number)
        self._take_back(self._trail)
        return self._fits

    def _take_back(self, trail: Sequence[int]) -> None:
        """What a trial changed: of cells 3 numbers each, of relations 4."""
        self._trail = None
        for number in self._queue:
            self._waiting[number] = 0
        self._queue.clear()
        for at in range(len(trail) - 3, -1, -3):
            cell, low, high = trail[at : at + 3]
            less, more = self.low[cell] - low, high - self.high[cell]
            self.low[cell], self.high[cell] = low, high
            for number in self._net.as_part[cell]:
                self._sum_low[number] -= less
                self._sum_high[number] += more
        kept = self._kept
        for at in range(len(kept) - 4, -1, -4):
            number, greatest, widest, highest = kept[at : at + 4]
            self._greatest_low[number], self._widest[number], self._highest[number] = greatest, widest, highest
        kept.clear()

    def _keep(self, number: int) -> None:
        """So that a trial can be taken back."""
        if self._trail is not None:
            self._kept += (number, self._greatest_low[number], self._widest[number], self._highest[number])

    def _look_around(self, cell: int) -> None:
        waiting, queue = self._waiting, self._queue
        for number in self._net.around[cell]:
            if not waiting[number]:
                waiting[number] = 1
                queue.append(number)

    def _look(self, numbers: Iterable[int]) -> None:
        waiting, queue = self._waiting, self._queue
        for number in numbers:
            if not waiting[number]:
                waiting[number] = 1
                queue.append(number)

    def _tighten(self, number: int) -> None:
        whole, parts, most, _, each = self._net.links[number]
        low, high = self.low, self.high
        bottom, top = self._sum_low[number], self._sum_high[number] - self._least[number]
        widest = self._widest[number]
        least = max(bottom - most, self._greatest_low[number] - each)
        if least > low[whole]:
            self.at_least(whole, least)
        if top < high[whole] and top < VAST:
            self.at_most(whole, top)
        roof = high[whole] if high[whole] < VAST else FREE
        if roof + most - bottom < widest:
            self._press(number, parts, roof + most - bottom)
        if top - low[whole] < widest:
            self._lift(number, parts, self._sum_high[number] - self._least[number] - low[whole])
        if roof + each < self._highest[number]:
            self._cap(number, parts, roof + each)

    def _press(self, number: int, parts: Sequence[int], room: int) -> None:
        """What the whole has room for above the least of all parts, no part can exceed its own least by more."""
        low, high = self.low, self.high
        wide = [part for part in parts if high[part] - low[part] > room]
        for part in wide:
            self.at_most(part, low[part] + room)
        self._keep(number)
        self._widest[number] = room if wide else max([high[part] - low[part] for part in parts])

    def _lift(self, number: int, parts: Sequence[int], spare: int) -> None:
        """What all parts can miss of their most, no part can miss more of it."""
        low, high = self.low, self.high
        wide = [part for part in parts if high[part] - low[part] > spare]
        for part in wide:
            self.at_least(part, high[part] - spare)
        self._keep(number)
        self._widest[number] = spare if wide else max([high[part] - low[part] for part in parts])

    def _cap(self, number: int, parts: Sequence[int], ceiling: int) -> None:
        high = self.high
        tall = [part for part in parts if high[part] > ceiling]
        for part in tall:
            self.at_most(part, ceiling)
        self._keep(number)
        self._highest[number] = ceiling if tall else max([high[part] for part in parts])

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
