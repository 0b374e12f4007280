"""Rounds in turn (A B A B ...), medians and spread: ratios hold where a machine's speed drifts."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to do the same work. `prepare` is not timed; what it gives is handed to `work`."""

    name: str
    prepare: Callable[[], object]
    work: Callable[[object], None]


@dataclass(frozen=True, slots=True)
class Row:
    """What one contender did: events a second (median, least, most) and its share of the floor."""

    area: str
    name: str
    median: float
    least: float
    most: float
    of_floor: float


def measure(area: str, count: int, contenders: Sequence[Contender]) -> list[Row]:
    """The contenders in turn, five rounds; the first is the floor. `count`: events a round."""
    speeds: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for _ in range(ROUNDS):
        for contender in contenders:
            prepared = contender.prepare()
            started = time.perf_counter()
            contender.work(prepared)
            speeds[contender.name].append(count / (time.perf_counter() - started))
    floor = statistics.median(speeds[contenders[0].name])
    return [
        Row(area, name, statistics.median(found), min(found), max(found), statistics.median(found) / floor)
        for name, found in speeds.items()
    ]
