"""Tallies of months: moved by the difference that activities make, united anew only where persons went."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from pyroaring import BitMap
from sqlalchemy import Connection, Select, delete, select, tuple_

from services.reporting.domain.periods import bucket
from services.reporting.domain.tallies.counting import OF_PERSONS, Cell, Counted
from services.reporting.domain.tally import COUNTERS, PARTS, SETS, Tally, summed
from services.reporting.store.tallies.rows import (
    NOBODY,
    Kept,
    columns_of,
    in_parts,
    key_of,
    set_of,
    stored_key,
    tally_of,
)
from services.reporting.tables import ActivityTallyRow, AudienceTallyRow, MonthTallyRow
from shared.database import table_of, upsert

_month, _activity, _audience = table_of(MonthTallyRow), table_of(ActivityTallyRow), table_of(AudienceTallyRow)
_key = (_month.c.month, _month.c.dimension, _month.c.key)
_COLUMN: Final = {
    "kind": _activity.c.kind,
    "goal": _activity.c.goal,
    "partner": _activity.c.partner_id,
    "series": _activity.c.series,
    "place": _activity.c.neighbourhood,
}
"""Dimension -> where an activity's tally has its key."""


def move(connection: Connection, before: Iterable[Counted[BitMap]], after: Iterable[Counted[BitMap]]) -> None:
    """Take out what activities were and put in what they are; the tallies of activities are written already."""
    out, into = _by_cell(before), _by_cell(after)
    nothing: Kept = Tally(NOBODY, NOBODY)
    differing = [cell for cell in out.keys() | into.keys() if out.get(cell, nothing) != into.get(cell, nothing)]
    kept = dict(_kept(connection, differing))
    cells = {
        cell: _moved(connection, cell, kept.get(cell, nothing), out.get(cell, nothing), into.get(cell, nothing))
        for cell in differing
    }
    empty = [cell for cell, tally in cells.items() if tally == nothing]
    for some in in_parts(empty):
        connection.execute(delete(_month).where(tuple_(*_key).in_([_named(cell) for cell in some])))
    _save(connection, {cell: tally for cell, tally in cells.items() if tally != nothing})


def _by_cell(activities: Iterable[Counted[BitMap]]) -> dict[Cell, Kept]:
    found: dict[Cell, list[Kept]] = {}
    for activity in activities:
        for cell, tally in activity.cells():
            found.setdefault(cell, []).append(tally)
    return {cell: summed(tallies, NOBODY) for cell, tallies in found.items()}


def _kept(connection: Connection, cells: Sequence[Cell]) -> Iterator[tuple[Cell, Kept]]:
    wanted, columns = set(cells), [_month.c[name] for name in PARTS]
    for months in in_parts({cell.month for cell in cells}):
        for row in connection.execute(select(*_key, *columns).where(_month.c.month.in_(months))).all():
            cell = Cell(row[0], row[1], key_of(row[2]))
            if cell in wanted:
                yield cell, tally_of(PARTS, row[3:])


def _moved(connection: Connection, cell: Cell, kept: Kept, out: Kept, into: Kept) -> Kept:
    counters: dict[str, Any] = {
        name: getattr(kept, name) + getattr(into, name) - getattr(out, name) for name in COUNTERS
    }
    persons: dict[str, Any] = {
        name: _united(connection, cell, name)
        if getattr(out, name) - getattr(into, name)
        else getattr(kept, name) | getattr(into, name)
        for name in SETS
    }
    return Tally(**persons, **counters)


def _united(connection: Connection, cell: Cell, name: str) -> BitMap:
    """The persons of a cell from the tallies of its activities: somebody went, and may still be there with another."""
    return NOBODY.union(NOBODY, *map(set_of, connection.execute(_members(cell, name)).scalars()))


def _members(cell: Cell, name: str) -> Select[Any]:
    days = _activity.c.day.between(cell.month, bucket("month", cell.month).last)
    if cell.dimension in OF_PERSONS:
        mine = (_audience.c.dimension == cell.dimension) & (_audience.c.key == stored_key(cell.key))
        joined = _audience.join(_activity, _activity.c.activity == _audience.c.activity)
        return select(_audience.c[name]).select_from(joined).where(days, mine)
    chosen = () if not cell.dimension else (_COLUMN[cell.dimension].is_not_distinct_from(cell.key),)
    return select(_activity.c[name]).where(days, *chosen)


def _save(connection: Connection, cells: dict[Cell, Kept]) -> None:
    if not cells:
        return
    statement = upsert(connection, _month)
    values = {name: statement.excluded[name] for name in PARTS}
    rows = [
        dict(zip(("month", "dimension", "key"), _named(cell), strict=True)) | columns_of(tally, PARTS)
        for cell, tally in cells.items()
    ]
    connection.execute(statement.on_conflict_do_update(index_elements=["month", "dimension", "key"], set_=values), rows)


def _named(cell: Cell) -> tuple[Any, str, str]:
    return cell.month, cell.dimension, stored_key(cell.key)
