"""An indicator over facts: filters, cells, and a total that is computed by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.reporting.domain.figures import Figure
from services.reporting.domain.indicators import AnyIndicator
from services.reporting.domain.periods import UNITS, Period, bucket, buckets
from services.reporting.domain.subjects import Key

Keys = tuple[Key, ...]
Filters = Mapping[str, tuple[str, ...]]
"""Dimension -> the keys that may be; `UNKNOWN` stands for facts that do not say."""

UNKNOWN = "onbekend"


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a table; `keys` in the order of `groupBy`."""

    keys: Keys
    figure: Figure


@dataclass(frozen=True, slots=True)
class Table:
    """An indicator in a period. The total is never the sum of the rows: a person at two kinds counts once."""

    total: Figure
    rows: tuple[Row, ...] = ()


@dataclass(slots=True)
class _Cell:
    period: Period
    facts: list[Any] = field(default_factory=list)


def evaluate(
    indicator: AnyIndicator, facts: Sequence[Any], period: Period, filters: Filters, group_by: Sequence[str]
) -> Table:
    """The total and, with `group_by`, a row for every combination of keys that has data; rows are not sorted."""
    kept = [fact for fact in facts if indicator.keep(fact) and _passes(indicator, fact, filters)]
    total = indicator.measure([fact for fact in kept if indicator.subject.counts_in(fact, period)], period)
    if not group_by:
        return Table(total)
    cells = _cells(indicator, kept, period, group_by)
    return Table(total, tuple(Row(keys, indicator.measure(cell.facts, cell.period)) for keys, cell in cells.items()))


def _passes(indicator: AnyIndicator, fact: Any, filters: Filters) -> bool:
    for name, values in filters.items():
        key = bucket(name, indicator.subject.days(fact).first).label if name in UNITS else _key(indicator, fact, name)
        if not allowed(key, values):
            return False
    return True


def allowed(key: Key, values: Sequence[str]) -> bool:
    """Does a filter with these values let the key pass?"""
    return (UNKNOWN if key is None else key) in values


def _key(indicator: AnyIndicator, fact: Any, name: str) -> Key:
    return indicator.subject.dimensions[name](fact)


def _cells(indicator: AnyIndicator, facts: Sequence[Any], period: Period, group_by: Sequence[str]) -> dict[Keys, _Cell]:
    cells: dict[Keys, _Cell] = {}
    unit = next((unit for unit in UNITS if unit in group_by), None)
    for fact in facts:
        for moment in _moments(indicator, fact, period, unit):
            keys = tuple(
                bucket(name, moment).label if name in UNITS else _key(indicator, fact, name) for name in group_by
            )
            if keys not in cells:
                cells[keys] = _Cell(bucket(unit, moment).clipped(period) if unit else period)
            cells[keys].facts.append(fact)
    return cells


def _moments(indicator: AnyIndicator, fact: Any, period: Period, unit: str | None) -> Iterator[date]:
    """The days that place a fact in time: its own day; for a stock the last day of each bucket that finds it active."""
    subject = indicator.subject
    if subject.stock and unit:
        active = period.clipped(subject.days(fact))
        yield from (part.last for part in buckets(unit, _reach(active, unit, period)) if subject.counts_in(fact, part))
    elif subject.counts_in(fact, period):
        yield period.last if subject.stock else subject.days(fact).first


def _reach(active: Period, unit: str, period: Period) -> Period:
    """The buckets that an active stretch touches, whole, inside the period: others cannot find it active."""
    if active.last < active.first:
        return active
    touched = Period("", bucket(unit, active.first).first, bucket(unit, active.last).last)
    return touched.clipped(period)
