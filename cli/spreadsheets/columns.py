"""Columns by their Dutch and English names, and a sheet's header read as such."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cli.spreadsheets.values import Read, folded, text


@dataclass(frozen=True)
class Column:
    """One column. `dutch` are its Dutch names, the first of which is shown; `pointer` is what it fills in the event."""

    name: str
    dutch: tuple[str, ...]
    read: Read = text
    required: bool = False
    pointer: str = ""

    @property
    def place(self) -> str:
        """JSON Pointer into the event."""
        return self.pointer or f"/data/{self.name}"

    @property
    def shown(self) -> str:
        """How it is named to a person."""
        return self.dutch[0]

    def goes_by(self, heading: str) -> bool:
        """Is that heading one of its names, whatever its case, spaces and accents?"""
        return folded(heading) in {folded(name) for name in (self.name, *self.dutch)}


HEADER: Final = 1
"""The row that faults of a header are in."""


@dataclass(frozen=True)
class Fault:
    """What is wrong, in which row and column. Row 1 is the header; a column of "" is the whole row."""

    row: int
    column: str
    text: str
    code: str = ""


class RowFault(Exception):  # noqa: N818  -- the operator's to mend, not a defect
    """The cells of a row do not go together; `column` is the name of the one to look at."""

    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column = column
        self.text = text


Alternatives = tuple[tuple[str, ...], ...]
"""Sets of column names, one of which must be filled completely."""


@dataclass(frozen=True)
class Header:
    """Which column stands where; `faults` says what is wrong with the header as a whole."""

    columns: tuple[Column | None, ...]
    headings: tuple[str, ...]
    faults: tuple[Fault, ...]

    def heading(self, column: Column) -> str:
        """The column's heading as it stands in the file; its usual name where the file does not have it."""
        found = (self.headings[at] for at, one in enumerate(self.columns) if one is column)
        return next(found, column.shown)

    def has(self, name: str) -> bool:
        """Does the sheet have that column?"""
        return any(column is not None and column.name == name for column in self.columns)


def read_header(headings: Sequence[str], columns: Sequence[Column], one_of: Sequence[Alternatives]) -> Header:
    """The header, with everything that is unknown, double or missing at once."""
    found = tuple(_column(heading, columns) for heading in headings)
    header = Header(found, tuple(headings), ())
    faults = [*_strangers(header, columns), *_doubles(header), *_missing(header, columns, one_of)]
    return Header(found, tuple(headings), tuple(faults))


def _column(heading: str, columns: Iterable[Column]) -> Column | None:
    return next((column for column in columns if column.goes_by(heading)), None)


def _strangers(header: Header, columns: Sequence[Column]) -> list[Fault]:
    unknown = [
        heading for heading, column in zip(header.headings, header.columns, strict=True) if heading and column is None
    ]
    if not unknown:
        return []
    names = ", ".join(column.shown for column in columns)
    return [Fault(HEADER, heading, f"is no column of such a sheet; it may have: {names}") for heading in unknown]


def _doubles(header: Header) -> list[Fault]:
    seen: dict[str, str] = {}
    faults = []
    for heading, column in zip(header.headings, header.columns, strict=True):
        if column is not None and column.name in seen:
            faults.append(Fault(HEADER, heading, f"is the same column as {seen[column.name]}"))
        elif column is not None:
            seen[column.name] = heading
    return faults


def _missing(header: Header, columns: Sequence[Column], one_of: Sequence[Alternatives]) -> list[Fault]:
    faults = [
        Fault(HEADER, column.shown, "is missing")
        for column in columns
        if column.required and not header.has(column.name)
    ]
    shown = {column.name: column.shown for column in columns}
    for choice in one_of:
        if not any(all(header.has(name) for name in names) for names in choice):
            wanted = " or ".join(" with ".join(shown[name] for name in names) for names in choice)
            faults.append(Fault(HEADER, wanted, "is missing"))
    return faults
