"""What a reader can calculate with: the relations between the cells of a year, from their names alone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.reporting.domain.disclosure.cells import CellId, parent_periods
from services.reporting.domain.disclosure.natures import ACROSS, NATURES, TAKEN_AS_SUMS, Across, Law, Nature

Nests = Mapping[tuple[str, str], Mapping[str, str | None]]
"""What everybody can look up: (grouping, key) -> its key in coarser groupings.

("activity", "avedan/a1") -> {"kind": "bingo", "series": "avedan/s1"}; ("partner", "avedan") -> {"partnerKind": ...}.
That an activity and a series belong to their partner stands in the key and need not be told.
"""

_OF_A_PARTNER: Final = ("activity", "series")


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """How parts stand to a whole; each is its own, whatever it has in common with another."""

    law: Law
    whole: CellId
    parts: tuple[CellId, ...]


_Table = Mapping[tuple[str, str, str], Sequence[CellId]]


def relations(ids: Iterable[CellId], nests: Nests) -> Iterator[Relation]:
    """Every relation between the cells that are there; ids are canonical. Order follows that of the ids."""
    known = dict.fromkeys(ids)
    tables: dict[tuple[str, str, str], list[CellId]] = defaultdict(list)
    for cell in known:
        tables[cell.indicator, cell.period, cell.by].append(cell)
    yield from _over_groups(known, tables)
    yield from _over_time(known)
    yield from _nested(known, tables, nests)
    for across in ACROSS:
        yield from _across(known, across)


def _over_groups(known: Mapping[CellId, None], tables: _Table) -> Iterator[Relation]:
    for (indicator, period, by), rows in tables.items():
        total = CellId(indicator, period)
        if by and total in known:
            law = "sum" if by in TAKEN_AS_SUMS else NATURES[indicator].over_groups
            yield Relation(law, total, tuple(rows))


def _over_time(known: Mapping[CellId, None]) -> Iterator[Relation]:
    inside: dict[CellId, list[CellId]] = defaultdict(list)
    longer = {period: parent_periods(period) for period in {cell.period for cell in known}}
    for cell in known:
        for period in longer[cell.period]:
            parent = CellId(cell.indicator, period, cell.by, cell.key)
            if parent in known:
                inside[parent].append(cell)
                break
    for whole, parts in inside.items():
        nature = NATURES[whole.indicator]
        if nature.over_time != "last":
            yield Relation(_law_over_time(nature, whole), whole, tuple(parts))
        elif last := _last_part(whole, parts):
            yield Relation("sum", whole, (last,))


def _law_over_time(nature: Nature, whole: CellId) -> Law:
    if not whole.by and nature.totals_over_time:
        return nature.totals_over_time
    assert nature.over_time != "last"  # noqa: S101  -- the caller looked; this tells the type checker
    return nature.over_time


def _last_part(whole: CellId, parts: Sequence[CellId]) -> CellId | None:
    """The part that ends with the whole, if it is there."""
    year, _, quarter = whole.period.partition("-Q")
    ends = (f"{year}-{3 * int(quarter):02}",) if quarter else (f"{year}-Q4", f"{year}-12")
    return next((part for part in parts if part.period in ends), None)


def _nested(known: Mapping[CellId, None], tables: _Table, nests: Nests) -> Iterator[Relation]:
    for (indicator, period, by), rows in tables.items():
        groups: dict[CellId, list[CellId]] = defaultdict(list)
        for cell in rows:
            for name, key in _coarser(by, cell.key, nests):
                groups[CellId(indicator, period, name, key)].append(cell)
        over_groups = NATURES[indicator].over_groups
        for whole, parts in groups.items():
            if whole in known:
                yield Relation(_law_nested(by, over_groups), whole, tuple(parts))


def _coarser(by: str, key: str | None, nests: Nests) -> Iterator[tuple[str, str | None]]:
    if key is None:
        return
    if by in _OF_A_PARTNER:
        yield "partner", key.partition("/")[0]
    yield from nests.get((by, key), {}).items()


def _law_nested(by: str, over_groups: Law) -> Law:
    """Not everything is in a series: those of a partner are not the whole of it."""
    if by != "series":
        return over_groups
    return "at-most" if over_groups == "sum" else "within"


def _across(known: Mapping[CellId, None], across: Across) -> Iterator[Relation]:
    for cell in known:
        if cell.indicator != across.whole or across.only_by not in (None, cell.by):
            continue
        names = (CellId(name, cell.period, cell.by, cell.key) for name in across.parts)
        parts = tuple(part for part in names if part in known)
        if len(parts) == len(across.parts) or (parts and across.law == "within"):
            yield Relation(across.law, cell, parts)
