"""The fact sheet "Resultaten tot nu toe" on a terminal, in Dutch."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.dutch import dutch_figure, dutch_growth

_GOALS: Final[Mapping[str, str]] = {
    "awareness": "Bewustwording",
    "initiative": "Initiatieven",
    "local-approach": "Lokale aanpak",
}

Sheet = Mapping[str, Any]


def print_fact_sheet(console: Console, sheet: Sheet) -> None:
    """Lines with both years and growth, then the figures of others, quoted and set apart."""
    console.print(_lines(sheet))
    quoted: Sequence[Mapping[str, Any]] = sheet.get("externalFigures") or []
    if quoted:
        console.print(_quoted(quoted))


def _lines(sheet: Sheet) -> Table:
    table = Table(title="Resultaten tot nu toe", title_justify="left", title_style="bold")
    table.add_column("")
    for heading in (str(sheet["compareTo"]), str(sheet["year"]), "groei"):
        table.add_column(heading, justify="right", no_wrap=True)
    for goal, lines in _by_goal(sheet["lines"]).items():
        table.add_section()
        if goal:
            table.add_row(f"[bold]{_GOALS.get(goal, escape(goal))}[/bold]")
        for line in lines:
            table.add_row(*map(escape, _row(line)))
    return table


def _by_goal(lines: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Lines of the whole programme first, then goal by goal as they come."""
    found: dict[str, list[Mapping[str, Any]]] = {"": []}
    for line in lines:
        found.setdefault(line.get("goal") or "", []).append(line)
    return found


def _row(line: Mapping[str, Any]) -> tuple[str, str, str, str]:
    unit = str(line.get("unit"))
    return (
        str(line["label"]["nl"]),
        dutch_figure(line.get("previous"), unit, precision=line.get("previousPrecision")),
        dutch_figure(line.get("value"), unit, str(line.get("status")), line.get("precision")),
        dutch_growth(line.get("growthPercent")),
    )


def _quoted(figures: Sequence[Mapping[str, Any]]) -> Table:
    table = Table("", "cijfer", "jaar", "bron", title="Cijfers van anderen", title_justify="left", title_style="bold")
    for figure in figures:
        unit = str(figure.get("unit"))
        value = figure.get("value")
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        shown = f"{dutch_figure(value, '')} %" if unit == "percent" and whole else dutch_figure(value, unit)
        source = ", ".join(str(figure[name]) for name in ("source", "instrument") if figure.get(name))
        table.add_row(*map(escape, (str(figure["label"]["nl"]), shown, str(figure.get("year")), source)))
    return table
