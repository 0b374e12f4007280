"""An indicator over tallies: the same table as over the facts they were counted from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Generic

from services.reporting.domain.evaluation import Keys, Row, Table, allowed
from services.reporting.domain.figures import Figure
from services.reporting.domain.indicators import Tallied
from services.reporting.domain.periods import UNITS, Period, bucket, in_whole_months
from services.reporting.domain.questions import Question
from services.reporting.domain.subjects import Key
from services.reporting.domain.tallies.counting import OF_PERSONS
from services.reporting.domain.tally import SETS, P, Tally, summed

Firsts = Callable[[Period], P]
"""A period -> the persons whose first presence as participant ever lies in it."""

_KEPT_UNDER: Final = {"partnerKind": "partner", "municipality": "partner"}
"""What a partner is may change or come later, so it is looked up when an answer is made."""


@dataclass(frozen=True, slots=True)
class Part(Generic[P]):
    """A tally, and under which day and keys it counts. The first of a month stands for all of the month."""

    day: date
    keys: Mapping[str, Key]
    tally: Tally[P]


@dataclass(slots=True)
class _Cell(Generic[P]):
    period: Period
    tallies: list[Tally[P]] = field(default_factory=list)


def dimensions(question: Question, tallied: Tallied) -> frozenset[str]:
    """The dimensions of tallies that a question is about, time apart."""
    named = (name for name in (*question.group_by, *question.filters) if name not in UNITS)
    kept = {_KEPT_UNDER.get(name, name) for name in named}
    return frozenset("place" if name == "neighbourhood" and tallied.of_place else name for name in kept)


def needs_facts(question: Question, tallied: Tallied) -> bool:
    """Sums by two things about persons at once: only sets can be intersected inside an activity."""
    return dimensions(question, tallied) >= set(OF_PERSONS) and not set(tallied.parts) <= set(SETS)


def months_suffice(question: Question, tallied: Tallied) -> bool:
    """Whole months and at most one dimension: then tallies of months answer, whatever lies behind them."""
    about = dimensions(question, tallied)
    return len(about) <= 1 and "activity" not in about and in_whole_months(question.period)


def passes(question: Question, day: date, keys: Mapping[str, Key]) -> bool:
    """Does a tally with this day and these keys pass the filters?"""
    return all(allowed(_key(name, day, keys), values) for name, values in question.filters.items())


def table(question: Question, tallied: Tallied, parts: Iterable[Part[P]], firsts: Firsts[P], nobody: P) -> Table:
    """The total and a row for every combination of keys that has data; `parts` passed the filters."""
    cells: dict[Keys, _Cell[P]] = {}
    unit = next((unit for unit in UNITS if unit in question.group_by), None)
    for part in parts:
        keys = tuple([_key(name, part.day, part.keys) for name in question.group_by])
        if keys not in cells:
            cells[keys] = _Cell(bucket(unit, part.day).clipped(question.period) if unit else question.period)
        cells[keys].tallies.append(part.tally)
    sums = {keys: (summed(cell.tallies, nobody), cell.period) for keys, cell in cells.items()}
    total = summed((tally for tally, _ in sums.values()), nobody)
    rows = (
        Row(keys, _figure(tallied, tally, period, firsts))
        for keys, (tally, period) in sums.items()
        if tally.has(tallied.parts)
    )
    return Table(_figure(tallied, total, question.period, firsts), tuple(rows) if question.group_by else ())


def _key(name: str, day: date, keys: Mapping[str, Key]) -> Key:
    return bucket(name, day).label if name in UNITS else keys[name]


def _figure(tallied: Tallied, tally: Tally[P], period: Period, firsts: Firsts[P]) -> Figure:
    return tallied.figure(tally, lambda: firsts(period))
