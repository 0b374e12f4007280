"""What a load shows: a bar on a terminal, quiet lines elsewhere, a summary and the refusals at the end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table

from cli.journal import Progress
from cli.load import Watch, whole_file

QUIET_SECONDS = 10.0
_SHOWN = 200


@contextmanager
def watching(console: Console, path: Path) -> Iterator[Watch]:
    """A watch that suits the console."""
    if not console.is_terminal:
        yield _quiet(console, path)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task(escape(path.name), total=1.0)
        yield lambda progress: bar.update(task, completed=whole_file(progress.position, path))


def _quiet(console: Console, path: Path) -> Watch:
    spoken = time.monotonic()

    def watch(progress: Progress) -> None:
        nonlocal spoken
        if time.monotonic() - spoken >= QUIET_SECONDS:
            spoken = time.monotonic()
            share = whole_file(progress.position, path)
            console.print(f"{path.name}: {share:.0%}, {progress.received} lines", markup=False, highlight=False)

    return watch


def summary(progress: Progress) -> str:
    """One line: every line of the file is in exactly one of these counts."""
    return (
        f"{progress.received} events: {progress.accepted} accepted, {progress.duplicate} duplicate, "
        f"{progress.rejected} rejected, {progress.failed} failed"
    )


def print_refusals(console: Console, progress: Progress) -> None:
    """A row per line that was not taken, the first ones when there are very many."""
    if not progress.refusals:
        return
    table = Table("line", "id", "code", "detail", title="Not taken", title_justify="left")
    for refusal in progress.refusals[:_SHOWN]:
        table.add_row(str(refusal.number), *map(escape, (refusal.id, refusal.code or refusal.outcome, refusal.detail)))
    console.print(table)
    more = progress.rejected + progress.failed - _SHOWN
    if more > 0:
        console.print(f"... and {more} more", highlight=False)
