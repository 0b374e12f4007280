"""Limits between figures and the wholes they are part of; figures and relations are numbers here."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

FAR: Final = 10**9
"""Above every figure: nothing is known of how high it can be."""

VAST: Final = FAR // 2
"""More than this is still nothing known: what is far, less a few, moves no limit."""

FREE: Final = 10**15
"""Slack with which a limit says nothing, whatever the number of parts."""


class Link(NamedTuple):
    """Limits between the parts and their whole; FREE (-FREE for `least`) where there is none.

    sum of parts <= whole + most;  whole + least <= sum of parts;  each part <= whole + each.
    """

    whole: int
    parts: tuple[int, ...]
    most: int = FREE
    least: int = -FREE
    each: int = FREE


class Net:
    """Which relations a cell is in; made once, used for every reader and every round."""

    def __init__(self, size: int, links: Sequence[Link]) -> None:
        self.links = links
        as_part: list[list[int]] = [[] for _ in range(size)]
        as_whole: dict[int, list[int]] = defaultdict(list)
        for number, link in enumerate(links):
            as_whole[link.whole].append(number)
            for part in link.parts:
                as_part[part].append(number)
        self.as_part = [tuple(numbers) for numbers in as_part]
        self.as_whole = [tuple(as_whole.get(at, ())) for at in range(size)]
        self.around = [parts + wholes for parts, wholes in zip(self.as_part, self.as_whole, strict=True)]
