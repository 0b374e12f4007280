"""The command: what was found as a table, the worst first."""

import os

import typer
from rich.markup import escape
from rich.table import Table

from cli.data_folder import data_path
from cli.doctor.about_servers import ABOUT_SERVERS
from cli.doctor.about_settings import ABOUT_SETTINGS
from cli.doctor.probes import look_around
from cli.doctor.situation import Finding, Situation
from cli.keys import DataOption
from cli.terminal import console

_COLOURS = {"wrong": "red", "look": "yellow"}


def doctor(data: DataOption = None) -> None:
    """Say which settings and servers will hurt, before they do. Reads the environment as the services would."""
    found = findings(look_around(data_path(data, os.environ), os.environ))
    if not found:
        typer.echo("Nothing found that will hurt.")
        return
    table = Table()
    for heading in ("", "about", "it", "do"):
        table.add_column(heading, overflow="fold")
    for one in found:
        colour = _COLOURS[one.level]
        table.add_row(f"[{colour}]{one.level}[/{colour}]", *map(escape, (one.subject, one.says, one.do)))
    console().print(table)
    if any(one.level == "wrong" for one in found):
        raise typer.Exit(1)


def findings(situation: Situation) -> list[Finding]:
    """Of every rule, what is wrong first."""
    found = [one for rule in (*ABOUT_SERVERS, *ABOUT_SETTINGS) for one in rule(situation)]
    return sorted(found, key=lambda one: one.level != "wrong")
