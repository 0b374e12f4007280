"""`komerbij load FILE.ndjson`: a file of events, and what is said about it at the end."""

from pathlib import Path

from rich.console import Console

from cli.client import Client
from cli.journal import MOST_REFUSALS, Journal
from cli.load import DRY, load_file
from cli.load_report import print_refusals, summary, watching
from cli.spreadsheets.undo import SUFFIX, taken_back
from cli.write_door import WriteDoor


def load_events(file: Path, client: Client, screen: Console, state: Path, *, dry_run: bool) -> bool:
    """Post a file of events and tell about it; True when every line was taken."""
    journal = None if dry_run else Journal(state, file, client.url)
    undoes = file.name.endswith(SUFFIX)
    most = None if undoes else MOST_REFUSALS
    with watching(screen, file) as watch:
        progress = load_file(file, WriteDoor(client), watch, journal=journal, dry_run=dry_run, most_refusals=most)
    if journal:
        if undoes:
            taken_back(file, {refusal.id for refusal in progress.refusals})
        journal.drop()
    print_refusals(screen, progress)
    screen.print(summary(progress) + (" (dry run: nothing was stored)" if dry_run else ""), highlight=False)
    if dry_run and progress.received > DRY.events:
        screen.print(f"A dry run decides per {DRY.events} lines: a later part does not see an earlier one.")
    return not progress.rejected and not progress.failed
