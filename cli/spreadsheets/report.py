"""What loading a sheet shows: a bar, a table of faults by row and column, a line of counts."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table

from cli.spreadsheets.columns import Fault
from cli.spreadsheets.loading import Watch

MOST_SHOWN = 200
_ROWS_NAMED = 5


@contextmanager
def advancing(console: Console, what: str) -> Iterator[Watch]:
    """A bar on a terminal; nothing elsewhere."""
    if not console.is_terminal:
        yield lambda _share: None
        return
    with Bar(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task(escape(what), total=1.0)
        yield lambda share: bar.update(task, completed=share)


def print_faults(console: Console, title: str, faults: Iterable[Fault]) -> None:
    """A row per fault in the order of the file, the first ones when there are very many."""
    found = sorted(faults, key=lambda fault: fault.row)
    if not found:
        return
    table = Table(title=title, title_justify="left")
    for heading in ("row", "column", "code", "what"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("row", "code"))
    for fault in found[:MOST_SHOWN]:
        table.add_row(str(fault.row or "–"), *map(escape, (fault.column, fault.code, fault.text)))
    console.print(table)
    if len(found) > MOST_SHOWN:
        console.print(f"... and {len(found) - MOST_SHOWN} more", highlight=False)


def print_odd(console: Console, odd: dict[str, list[int]]) -> None:
    """Facts that were taken although something looks odd, by what looks odd."""
    for name, rows in sorted(odd.items()):
        console.print(f"Looks odd ({name}): {_named(rows)}.", highlight=False, markup=False)


def _named(rows: Sequence[int]) -> str:
    unique = sorted(set(rows))
    shown = ", ".join(map(str, unique[:_ROWS_NAMED]))
    more = f" and {len(unique) - _ROWS_NAMED} more" if len(unique) > _ROWS_NAMED else ""
    return f"row{'s' if len(unique) > 1 else ''} {shown}{more}"
