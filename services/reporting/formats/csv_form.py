"""`text/csv` (RFC 4180), and the same as Dutch Excel reads it: byte order mark, semicolon, decimal comma."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.reporting.formats.cube import TOTAL, Cube, Number, Point

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula; the wide forms in some languages."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is spelt out; what it says is the same in all."""

    delimiter: str
    decimal: str
    mark: str


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in the digits of a dialect."""

    text: str


RFC_4180: Final = Dialect(",", ".", "")
EXCEL_NL: Final = Dialect(";", ",", "\ufeff")


def write_csv(cube: Cube, dialect: Dialect = RFC_4180) -> bytes:
    """A header, a row per value, and the total as the last row: `row` tells it from the others.

    A null key is an empty cell with its label beside it; a figure that is not there is an empty cell with its status.
    """
    text = io.StringIO()
    text.write(dialect.mark)
    writer = csv.writer(text, delimiter=dialect.delimiter, lineterminator="\r\n")
    writer.writerows([safe(cell) for cell in row] for row in _rows(cube, dialect))
    return text.getvalue().encode()


def safe(cell: str | Numeral) -> str:
    """A text that a spreadsheet would run as a formula gets an apostrophe; a number stays a number."""
    if isinstance(cell, Numeral):
        return cell.text
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _rows(cube: Cube, dialect: Dialect) -> Iterator[list[str | Numeral]]:
    by = cube.group_by
    period = cube.period
    same = [cube.indicator, cube.unit, period.label, period.first.isoformat(), period.last.isoformat()]
    names = [name for dimension in by for name in (dimension, f"{dimension}Label")]
    yield ["indicator", "unit", "period", "from", "to", *names, "row", "value", "status"]
    for line in cube.lines:
        said = [cell for key, label in zip(line.keys, cube.labels(line), strict=True) for cell in (key or "", label)]
        yield [*same, *said, "value", *_figure(line.point, dialect)]
    yield [*same, *(cell for _ in by for cell in ("", TOTAL)), "total", *_figure(cube.total, dialect)]


def _figure(point: Point, dialect: Dialect) -> tuple[str | Numeral, str]:
    return ("" if point.value is None else _numeral(point.value, dialect)), point.status


def _numeral(value: Number, dialect: Dialect) -> Numeral:
    """Digits without separators of thousands."""
    return Numeral(str(value).replace(".", dialect.decimal))
