"""The rows of a sheet as entries, with every fault of every cell at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cli.spreadsheets.columns import Column, Fault, Header, RowFault, read_header
from cli.spreadsheets.facts import Entry
from cli.spreadsheets.layouts import Layout
from cli.spreadsheets.reading import Row, Sheet
from cli.spreadsheets.secret import Secret
from cli.spreadsheets.shapes import SHAPES, numbered
from cli.spreadsheets.values import CellFault


@dataclass(frozen=True)
class Findings:
    """What a sheet says, and what is wrong with it. A header with faults leaves no entries."""

    header: Header
    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]


def read_rows(layout: Layout, sheet: Sheet, secret: Secret) -> Findings:
    """Read every row; one with a fault gives no entry. `secret` numbers sign-ups that have no number."""
    header = read_header(sheet.header, layout.columns, layout.one_of)
    if header.faults:
        return Findings(header, (), header.faults)
    entries: dict[str, Entry] = {}
    faults: list[Fault] = []
    for row in sheet.rows:
        values, wrong = _values(layout, header, row)
        if not wrong:
            found, wrong = _entries(layout, header, row.number, numbered(layout, values, secret))
            wrong = wrong + _again(found, entries)
            entries.update((entry.key, entry) for entry in found if entry.key not in entries)
        faults += wrong
    return Findings(header, tuple(entries.values()), tuple(faults))


def _values(layout: Layout, header: Header, row: Row) -> tuple[dict[str, Any], list[Fault]]:
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for at, cell in enumerate(row.cells):
        column = header.columns[at] if at < len(header.columns) else None
        if not cell:
            continue
        if column is None:
            faults.append(Fault(row.number, f"column {at + 1}", "has a value, but the column has no name"))
            continue
        try:
            values[column.name] = column.read(cell)
        except CellFault as fault:
            faults.append(Fault(row.number, header.headings[at], str(fault)))
            values[column.name] = None
    return values, faults + _empty(layout, header, row.number, values)


def _empty(layout: Layout, header: Header, number: int, values: Mapping[str, Any]) -> list[Fault]:
    faults = [
        Fault(number, header.heading(column), "is empty")
        for column in layout.columns
        if column.required and column.name not in values
    ]
    columns = {column.name: column for column in layout.columns}
    for choice in layout.one_of:
        if not any(all(name in values for name in names) for names in choice):
            offered = [names for names in choice if all(header.has(name) for name in names)]
            shown = " or ".join(" with ".join(header.heading(columns[name]) for name in names) for names in offered)
            faults.append(Fault(number, shown, "is empty"))
    return faults


def _entries(layout: Layout, header: Header, number: int, values: Mapping[str, Any]) -> tuple[list[Entry], list[Fault]]:
    columns: dict[str, Column] = {column.name: column for column in layout.columns}
    try:
        shaped = SHAPES[layout.kind](layout, values)
    except RowFault as fault:
        return [], [Fault(number, header.heading(columns[fault.column]), fault.text)]
    return [Entry(number, f"{layout.kind} {key}", tuple(facts)) for key, facts in shaped], []


def _again(found: list[Entry], known: Mapping[str, Entry]) -> list[Fault]:
    """The same thing twice in one file: nobody could say which of the two holds."""
    return [
        Fault(entry.row, "", f"is about the same thing as row {known[entry.key].row}")
        for entry in found
        if entry.key in known
    ]
