"""`komerbij load FILE.csv --as KIND`: one sheet from its bytes to a table of what was not taken."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from rich.console import Console

from cli.client import Client
from cli.errors import Complaint
from cli.spreadsheets.columns import HEADER, Fault
from cli.spreadsheets.earlier import Earlier
from cli.spreadsheets.facts import Entry
from cli.spreadsheets.layouts import LAYOUTS, Kind, Layout
from cli.spreadsheets.loading import Load
from cli.spreadsheets.reading import read_sheet
from cli.spreadsheets.report import advancing, print_faults, print_odd
from cli.spreadsheets.rows import Findings, read_rows
from cli.spreadsheets.secret import Secret, secret_beside
from cli.spreadsheets.undo import undo_path
from cli.spreadsheets.vanished import cancellations, vanished
from cli.spreadsheets.verdicts import Tally, is_of_the_file
from cli.write_door import WriteDoor

ASKED_FOR: Final = (Kind.ACTIVITIES, Kind.SERIES, Kind.ATTENDANCE)
"""Sheets whose earlier state is looked up at the service, under the partner's name."""


@dataclass(frozen=True)
class Wishes:
    """What the command line asks for."""

    kind: Kind
    partner: str | None = None
    dry_run: bool = False
    skip_faulty: bool = False
    cancel_vanished: bool = False


def wishes_for(file: Path, kind: Kind | None, partner: str | None, **flags: bool) -> Wishes | None:
    """What was asked for; None for a file of events. Complains about what does not go together."""
    if kind in ASKED_FOR and not partner:
        raise Complaint(
            "Say whose sheet it is (--partner): else nobody can look up what was there before, and the undo file "
            "would cancel activities or take back attendance that others had reported.",
            2,
        )
    if kind:
        return Wishes(kind, partner, **flags)
    if file.suffix.lower() in (".csv", ".txt", ".tsv"):
        raise Complaint(f"Say what the rows of {file.name} are: --as {'|'.join(LAYOUTS)}.", 2)
    if partner or flags["skip_faulty"] or flags["cancel_vanished"]:
        raise Complaint("--partner, --skip-faulty and --cancel-vanished are for spreadsheets (--as).", 2)
    return None


def load_sheet(file: Path, wishes: Wishes, client: Client, screen: Console, now: datetime) -> bool:
    """Load a sheet and tell about it; True when every row was taken. Complains when nothing can be said at all."""
    layout = LAYOUTS[wishes.kind]
    secret = secret_beside(file, keep=not wishes.dry_run)
    findings = _read(file, layout, secret)
    destination = f"{client.url} {wishes.partner or ''}".strip()
    load = Load(file, layout, findings.header, wishes.partner, destination, now, secret)
    door, earlier = WriteDoor(client), Earlier(client, wishes.partner)
    faulty = {fault.row for fault in findings.faults}
    gone = vanished(findings.entries, load.here, earlier, faulty)
    entries = [*findings.entries, *(cancellations(gone) if wishes.cancel_vanished else [])]
    checked = _check(load, entries, findings.faults, door, earlier, screen)
    wrong = [*findings.faults, *(fault for fault in checked.faults if is_of_the_file(fault))]
    _tell_vanished(gone, wishes, screen)
    if wishes.dry_run or (wrong and not wishes.skip_faulty):
        _tell(screen, "Not taken", [*findings.faults, *checked.faults], checked, entries)
        why = "dry run" if wishes.dry_run else "mend the file and load it again, or use --skip-faulty"
        screen.print(f"Nothing was stored ({why}).", highlight=False)
        return not checked.faults and not findings.faults
    refused = {fault.row for fault in wrong}
    return _post(load, [entry for entry in entries if entry.row not in refused], wrong, door, earlier, screen)


def _read(file: Path, layout: Layout, secret: Secret) -> Findings:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Complaint(f"{file} cannot be read: {error.strerror}.", 2) from None

    def known(heading: str) -> bool:
        return any(column.goes_by(heading) for column in layout.columns)

    return read_rows(layout, read_sheet(content, known), secret)


def _check(
    load: Load, entries: list[Entry], faults: tuple[Fault, ...], door: WriteDoor, earlier: Earlier, screen: Console
) -> Tally:
    """The door's faults too; where it cannot be asked, those of the file are told all the same."""
    try:
        with advancing(screen, "checking") as watch:
            return load.check(entries, door, earlier, watch)
    except Complaint:
        print_faults(screen, "Faults in the file", faults)
        raise


def _post(
    load: Load, entries: list[Entry], skipped: list[Fault], door: WriteDoor, earlier: Earlier, screen: Console
) -> bool:
    with advancing(screen, load.sheet.name) as watch:
        tally = load.post(entries, door, earlier, watch)
    _tell(screen, "Not taken", [*skipped, *tally.faults], tally, entries)
    if skipped:
        screen.print(f"{len({fault.row for fault in skipped})} faulty rows were left out.", highlight=False)
    if tally.outcomes["accepted"] and load.layout.kind == "withdrawals":
        screen.print("A withdrawal cannot be taken back: there is nothing to undo.", highlight=False)
    elif tally.outcomes["accepted"]:
        screen.print(f"To take this load back: komerbij load {undo_path(load.sheet)}", highlight=False, soft_wrap=True)
    return not skipped and not tally.faults


def _tell(screen: Console, title: str, faults: list[Fault], tally: Tally, entries: list[Entry]) -> None:
    unread = {fault.row for fault in faults if fault.row != HEADER} - {entry.row for entry in entries}
    tally.outcomes["rejected"] += len(unread)
    print_faults(screen, title, faults)
    print_odd(screen, tally.odd)
    screen.print(str(tally), highlight=False)


def _tell_vanished(gone: list[str], wishes: Wishes, screen: Console) -> None:
    if gone:
        what = "will be cancelled" if wishes.cancel_vanished else "stay as they are; --cancel-vanished cancels them"
        screen.print(f"No longer in the file: {', '.join(gone)}. They {what}.", highlight=False, markup=False)
