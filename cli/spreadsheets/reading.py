"""The bytes of a CSV file as rows of text, whichever spreadsheet program saved them."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.errors import Complaint

if TYPE_CHECKING:
    import _csv

DELIMITERS = (";", ",", "\t")
"""Dutch Excel saves `;`, English Excel and most other programs `,`; a tab comes from copy and paste."""

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)
_SPACES = re.compile(r"[\u00a0\u2007\u202f]")

Known = Callable[[str], bool]
"""Is this the name of a column that such a sheet has?"""


@dataclass(frozen=True)
class Row:
    """A row that says something. `number` is the one that a spreadsheet program shows; the header is row 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A header and the rows below it; empty rows and empty columns at the end are gone."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(content: bytes, known: Known) -> Sheet:
    """The rows of a file. Complains, with exit code 2, about what is no CSV text at all."""
    text = _decoded(content)
    hint = _SEPARATOR_LINE.match(text)
    delimiter = None
    if hint and hint[0].endswith("\n"):
        delimiter, text = hint[1], text[hint.end() :]
    records = _records(text, delimiter or _delimiter(text, known))
    rows = [Row(number, cells) for number, record in enumerate(records, 1) if any(cells := _trimmed(record))]
    if not rows:
        raise Complaint("The file has no rows.", 2)
    return Sheet(rows[0].cells, tuple(rows[1:]))


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it (Excel's "Unicode text"), else Windows-1252."""
    if content.startswith(_WORKBOOKS):
        raise Complaint("This is a workbook. Save it as CSV (Bestand, Opslaan als, CSV UTF-8) and load that.", 2)
    encodings = ("utf-16",) if content.startswith(_UTF_16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Complaint("This is no text in UTF-8 or Windows-1252. Save it as CSV UTF-8.", 2)


def _delimiter(text: str, known: Known) -> str:
    """The one under which the first row has most columns that we know; where that says nothing, most columns."""

    def rank(delimiter: str) -> tuple[int, int]:
        try:
            first = next((record for record in _reader(text, delimiter) if any(_trimmed(record))), list[str]())
        except csv.Error:
            return 0, 0
        return sum(known(cell) for cell in first), len(first)

    return max(DELIMITERS, key=rank)


def _reader(text: str, delimiter: str) -> "_csv.Reader":
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _records(text: str, delimiter: str) -> list[list[str]]:
    records: list[list[str]] = []
    reader = _reader(text, delimiter)
    try:
        records.extend(reader)
    except csv.Error as error:
        raise Complaint(f"Row {len(records) + 1} is no CSV: {error} (line {reader.line_num} of the file).") from None
    return records


def _trimmed(record: list[str]) -> tuple[str, ...]:
    """Cells without the spaces around them and without empty cells at the end."""
    cells = [_SPACES.sub(" ", cell).strip() for cell in record]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)
