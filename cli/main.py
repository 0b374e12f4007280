"""The commands of `komerbij`, and plain sentences for what can go wrong."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cli import dead_letters, keys
from cli.addresses import PORTS, url_of
from cli.audit import audit
from cli.backup import backup
from cli.client import Client
from cli.data_folder import ADMIN_KEY, DataFolder, data_path, find_key
from cli.doctor.command import doctor
from cli.errors import Complaint
from cli.journal import state_folder
from cli.keys import DataOption, KeyOption, UrlOption, admin_key
from cli.load_events import load_events
from cli.rebuild import rebuild
from cli.restore import restore
from cli.run import run as run_system
from cli.spreadsheets.command import load_sheet, wishes_for
from cli.spreadsheets.layouts import Kind
from cli.status import print_standings, standing
from cli.terminal import console
from shared.clock import utc_now


class PlainErrors(TyperGroup):
    """A complaint is a sentence on standard error and an exit code, at whatever command."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Complaint as complaint:
            typer.echo(complaint.sentence, err=True)
            raise typer.Exit(complaint.exit_code) from None


app = typer.Typer(
    cls=PlainErrors,
    help="KomErbij: sign-ups, reminders and safe statistics for a coalition against loneliness.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.add_typer(keys.app, name="keys")
app.add_typer(dead_letters.app, name="dead-letters")
app.command()(rebuild)
app.command()(audit)
app.command()(backup)
app.command()(restore)
app.command()(doctor)


@app.command()
def run(
    data: DataOption = None,
    example: Annotated[
        bool, typer.Option("--example", help="Load the example of Almelo and show the fact sheet.")
    ] = False,
) -> None:
    """Start everything on this machine and stay until Ctrl-C."""
    folder = DataFolder(data_path(data, os.environ))
    run_system(folder, dict(os.environ), console(), example=example)


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="One CloudEvent a line (NDJSON); with --as: a spreadsheet (CSV).")],
    kind: Annotated[Kind | None, typer.Option("--as", help="What the rows of a spreadsheet are.")] = None,
    partner: Annotated[
        str | None, typer.Option("--partner", help="Whose spreadsheet; needed for activities, series and attendance.")
    ] = None,
    url: UrlOption = None,
    key: Annotated[
        str | None, typer.Option("--key", help="The partner's key (events:write) or the admin key, else as elsewhere.")
    ] = None,
    data: DataOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Decide and answer, store nothing.")] = False,
    skip_faulty: Annotated[bool, typer.Option("--skip-faulty", help="Load the good rows of a faulty sheet.")] = False,
    cancel_vanished: Annotated[
        bool, typer.Option("--cancel-vanished", help="Cancel days of a series that the sheet no longer has.")
    ] = False,
) -> None:
    """Post a file of events or a spreadsheet; after an interruption the same command goes on where it was."""
    if not file.is_file():
        raise Complaint(f"There is no file {file}.", 2)
    wishes = wishes_for(file, kind, partner, dry_run=dry_run, skip_faulty=skip_faulty, cancel_vanished=cancel_vanished)
    address = url_of("registration", url, data_path(data, os.environ), os.environ)
    with Client(address, admin_key(key, data)) as client:
        try:
            if wishes:
                taken = load_sheet(file, wishes, client, console(), utc_now())
            else:
                taken = load_events(file, client, console(), state_folder(os.environ), dry_run=dry_run)
        except KeyboardInterrupt:
            raise Complaint("Stopped. The same command goes on where it was.") from None
    if not taken:
        raise typer.Exit(1)


@app.command()
def status(
    url: Annotated[list[str] | None, typer.Option("--url", help="SERVICE=ADDRESS; repeat for several.")] = None,
    key: KeyOption = None,
    data: DataOption = None,
) -> None:
    """One screen: is each service ready, and if not, why; lag, dead letters, messages due, publications, keys."""
    folder = data_path(data, os.environ)
    given = dict(text.partition("=")[::2] for text in url or [])
    unknown = sorted(set(given) - set(PORTS))
    if unknown:
        raise Complaint(f"--url takes SERVICE=ADDRESS with {', '.join(PORTS)}; not {', '.join(unknown)}.", 2)
    with_key = key or find_key(ADMIN_KEY, folder, os.environ)
    now = utc_now()
    found = [standing(name, url_of(name, given.get(name), folder, os.environ), with_key, now) for name in PORTS]
    print_standings(console(), found)


if __name__ == "__main__":
    app()
