"""`komerbij rebuild`: make a consumer's tables again from the event log, and say whether they were right."""

import os
import time
from enum import StrEnum
from typing import Annotated, Any

import typer

from cli.addresses import url_of
from cli.client import Client
from cli.data_folder import data_path
from cli.keys import DataOption, KeyOption, UrlOption, admin_key
from cli.terminal import console

_EVERY = 0.5


class Consumer(StrEnum):
    """The services whose tables are made of events."""

    REPORTING = "reporting"
    NOTIFICATIONS = "notifications"


def rebuild(
    service: Annotated[Consumer, typer.Argument(help="Whose tables.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Where the tables differ from the log, put the new ones in their place.")
    ] = False,
    url: UrlOption = None,
    key: KeyOption = None,
    data: DataOption = None,
) -> None:
    """Make the tables of a consumer again from the event log, beside the live ones, and compare. Needs no Redis."""
    address = url_of(service, url, data_path(data, os.environ), os.environ)
    with Client(address, admin_key(key, data)) as client:
        begun = client.request("POST", "/v1/rebuilds", json={"replace": replace}).json()
        ended = _watch(client, begun["id"])
    _tell(ended)
    if ended["status"] != "done":
        raise typer.Exit(1)


def _watch(client: Client, rebuild_id: str) -> dict[str, Any]:
    screen = console()
    with screen.status("reading the event log") as shown:
        while (found := client.get(f"/v1/rebuilds/{rebuild_id}"))["status"] == "running":
            shown.update(f"{found['events']} events applied")
            time.sleep(_EVERY)
    return found


def _tell(ended: dict[str, Any]) -> None:
    typer.echo(f"{ended['events']} events read; {ended['status']}.")
    if ended.get("digest"):
        typer.echo(f"rebuilt: {ended['digest']}")
        typer.echo(f"live:    {ended['liveDigest']}")
    if ended.get("reason"):
        typer.echo(ended["reason"][0].upper() + ended["reason"][1:] + ".")
    if ended["status"] == "failed" and ended.get("digest"):
        typer.echo("To put the rebuilt tables in the place of the live ones: the same command with --replace.")
