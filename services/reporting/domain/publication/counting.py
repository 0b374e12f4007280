"""From facts to cells: every figure of every table of a year, with the persons that stand behind it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from services.reporting.domain.disclosure.cells import Cell, CellId
from services.reporting.domain.indicators import AnyIndicator
from services.reporting.domain.periods import UNITS, Period, bucket, buckets
from services.reporting.domain.publication.parts import PARTS, Facts, Part
from services.reporting.domain.subjects import Key

Read = Callable[[str], Facts]
"""`Subject.source` -> the facts of the year."""
Rows = Callable[[AnyIndicator, str, Period], Sequence[Key]]
"""Indicator, grouping, period -> the keys that have a row, whether anybody is in it or not, in the order of tables."""

TOTAL: Final = ""
"""The grouping of a table that is its total alone."""


def periods_of(year: Period) -> tuple[Period, ...]:
    """The periods that are published of a year: itself, its quarters, its months."""
    return (year, *buckets("quarter", year), *buckets("month", year))


def groupings(indicator: AnyIndicator) -> tuple[str, ...]:
    """The groupings of an indicator that are none over time."""
    return tuple(name for name in indicator.group_by if name not in UNITS)


def cells_of(year: Period, read: Read, rows: Rows) -> dict[CellId, Cell]:
    """Every figure of a year, a rate as its two sides, in the order of tables.

    A month is a period of its own, not a row of its year: see `disclosure.cells.canonical`.
    """
    cells: dict[CellId, Cell] = {}
    for parts in PARTS.values():
        indicator = parts[0].indicator
        placed = _Placed(indicator, read(indicator.subject.source), year)
        for period in periods_of(year):
            for by in (TOTAL, *groupings(indicator)):
                for key in (None,) if by == TOTAL else rows(indicator, by, period):
                    found = placed.at(period, by, key)
                    for part in parts:
                        name = CellId(part.name, period.label, by, key)
                        cells[name] = _cell(part, name, found, period)
    return cells


class _Placed:
    """The facts of an indicator by period, grouping and key. A flow is put in its month; longer periods are months."""

    def __init__(self, indicator: AnyIndicator, facts: Facts, year: Period) -> None:
        self._subject = indicator.subject
        self._facts: dict[tuple[str, str, Key], list[Any]] = defaultdict(list)
        dimensions = [(by, self._subject.dimensions[by]) for by in groupings(indicator)]
        for fact in facts:
            labels = self._labels(fact, year) if indicator.keep(fact) else ()
            for label in labels:
                self._facts[label, TOTAL, None].append(fact)
                for by, key_of in dimensions:
                    self._facts[label, by, key_of(fact)].append(fact)

    def _labels(self, fact: Any, year: Period) -> Sequence[str]:
        """A stock is looked at on the last day of each period, a flow on its own day."""
        if self._subject.stock:
            return [period.label for period in periods_of(year) if self._subject.counts_in(fact, period)]
        day = self._subject.days(fact).first
        return [bucket("month", day).label] if year.holds(day) else []

    def at(self, period: Period, by: str, key: Key) -> Facts:
        """The facts of one cell."""
        if self._subject.stock:
            return self._facts.get((period.label, by, key), ())
        months = [self._facts.get((month.label, by, key), ()) for month in buckets("month", period)]
        return months[0] if len(months) == 1 else [fact for month in months for fact in month]


def _cell(part: Part, name: CellId, facts: Facts, period: Period) -> Cell:
    if not facts:
        return Cell(name, part.of_nothing, 0, {}, {}, part.protection(name.by))
    value = part.worth(facts, period)
    if part.protection(name.by) == "exempt":
        return Cell(name, value, 0, {}, {}, "exempt")
    lists = _by_partner(part.indicator, facts)
    own = {partner: part.worth(some, period) or 0 for partner, some in lists.items()}
    if part.behind == "heads":
        heads = value or 0
        return Cell(name, value, heads, {partner: heads - mine for partner, mine in own.items()}, own)
    everybody = part.people(facts, period)
    people = {partner: part.people(some, period) for partner, some in lists.items()}
    count = len(everybody)
    if part.behind == "distinct":
        others = {partner: count - len(mine) for partner, mine in people.items()}
    else:
        met = Counter(person for mine in people.values() for person in mine)
        others = {partner: count - sum(met[person] == 1 for person in mine) for partner, mine in people.items()}
    persons = count if part.beside is None else min(count, len(part.beside(facts, period)))
    return Cell(name, value, persons, others, own)


def _by_partner(indicator: AnyIndicator, facts: Facts) -> Mapping[str, Facts]:
    """Partner -> the facts on its own list; in the order of their ids, so that the order of facts means nothing."""
    partner_of = indicator.subject.dimensions["partner"]
    lists: dict[str, list[Any]] = defaultdict(list)
    for fact in facts:
        lists[str(partner_of(fact))].append(fact)
    return {partner: lists[partner] for partner in sorted(lists)}
