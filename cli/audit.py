"""`komerbij audit`: can anything that publications hide be calculated from all of them together?"""

import os
from typing import Any

import typer
from rich.markup import escape
from rich.table import Table

from cli.addresses import url_of
from cli.client import Client
from cli.data_folder import data_path
from cli.keys import DataOption, KeyOption, UrlOption, admin_key
from cli.terminal import console

_EVERYBODY = "everybody"


def audit(url: UrlOption = None, key: KeyOption = None, data: DataOption = None) -> None:
    """Look what everybody, or a partner with its list, can calculate of what publications hide. Shows no figures."""
    address = url_of("reporting", url, data_path(data, os.environ), os.environ)
    with Client(address, admin_key(key, data)) as client:
        found = client.get("/v1/publications/audit")
    typer.echo(f"{found['cells']} figures in the latest publications, {found['hidden']} of them hidden.")
    if not found["findings"]:
        typer.echo("Nothing that is hidden can be calculated.")
        return
    console().print(_table(found["findings"]))
    raise typer.Exit(1)


def _table(findings: list[dict[str, Any]]) -> Table:
    table = Table()
    for heading in ("hidden figure", "can be calculated by", "from"):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        cells = (finding["figure"], finding["reader"] or _EVERYBODY, "\n".join(finding["relations"]))
        table.add_row(*(escape(cell) for cell in cells))
    return table
