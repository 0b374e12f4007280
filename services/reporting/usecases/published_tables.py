"""What is shown as tables: their JSON, byte for byte as it is served for good; and back again."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import orjson

from services.reporting.domain.disclosure.cells import TIME, CellId, Shown, canonical
from services.reporting.domain.disclosure.rules import published_rate
from services.reporting.domain.indicators import INDICATORS, AnyIndicator
from services.reporting.domain.periods import Period
from services.reporting.domain.publication.counting import TOTAL, Rows, periods_of
from services.reporting.domain.publication.parts import PARTS
from services.reporting.domain.publication.records import StoredTable
from services.reporting.domain.subjects import Key
from services.reporting.usecases.code_lists import Names, label_of

_RATES: Final = frozenset(code for code, parts in PARTS.items() if len(parts) > 1)
ShownCells = Mapping[CellId, Shown]


def tables_of(year: Period, shown: ShownCells, rows: Rows, names: Names) -> Iterator[StoredTable]:
    """Every table of a year: indicator, period, grouping, in that order."""
    for code, indicator in INDICATORS.items():
        for period in periods_of(year):
            total = _figure(shown, CellId(code, period.label))
            for by in (TOTAL, *indicator.group_by):
                keys = rows(indicator, by, period) if by else ()
                values = [_row(shown, indicator, CellId(code, period.label, by, key), names) for key in keys]
                group_by = [by] if by else []
                about = {"indicator": code, "period": period.label, "groupBy": group_by}
                yield StoredTable(code, period.label, by, orjson.dumps({**about, "total": total, "values": values}))


def _row(shown: ShownCells, indicator: AnyIndicator, cell: CellId, names: Names) -> dict[str, Any]:
    key: Key = cell.key
    label = label_of(indicator, cell.by, key, names)
    return {"keys": {cell.by: key}, "label": {cell.by: label}, **_figure(shown, cell)}


def _figure(shown: ShownCells, cell: CellId) -> dict[str, Any]:
    """As it is printed; a rate from what is shown of its two sides alone."""
    found = [shown[canonical(cell._replace(indicator=part.name))] for part in PARTS[cell.indicator]]
    if len(found) == 1:
        return {"value": found[0].value, "status": found[0].status}
    rate, status = published_rate(*found)
    return {"value": rate.value, "status": status}


def sides_of(shown: ShownCells) -> bytes:
    """What was shown of the sides of rates, for later publications to reckon with."""
    return orjson.dumps([[*cell, said.status, said.value] for cell, said in shown.items() if "#" in cell.indicator])


def shown_of(tables: Iterable[StoredTable], sides: bytes) -> dict[CellId, Shown]:
    """What a publication showed, by canonical name."""
    shown: dict[CellId, Shown] = {}
    for table in tables:
        if table.indicator in _RATES or table.group_by in TIME:
            continue
        found, name = orjson.loads(table.body), CellId(table.indicator, table.period)
        figures = [(name, found["total"])] if not table.group_by else []
        figures += [(name._replace(by=table.group_by, key=row["keys"][table.group_by]), row) for row in found["values"]]
        shown.update((cell, Shown(figure["status"], figure["value"])) for cell, figure in figures)
    for *cell, status, value in orjson.loads(sides):
        shown[CellId(*cell)] = Shown(status, value)
    return shown
