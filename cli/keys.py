"""`komerbij keys`: list, create and delete the keys of one service."""

import os
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from cli.addresses import url_of
from cli.client import Client
from cli.data_folder import ADMIN_KEY, data_path, find_key
from cli.errors import Complaint
from cli.terminal import console


class Service(StrEnum):
    """Each service keeps keys of its own."""

    REGISTRATION = "registration"
    NOTIFICATIONS = "notifications"
    REPORTING = "reporting"


app = typer.Typer(help="The keys of one service.", no_args_is_help=True)

ServiceOption = Annotated[Service, typer.Option("--service", help="Whose keys.")]
UrlOption = Annotated[str | None, typer.Option("--url", help="Address, else the data folder's.")]
KeyOption = Annotated[
    str | None, typer.Option("--key", help="Admin key, else KOMERBIJ_ADMIN_KEY, else the data folder's.")
]
DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder, else KOMERBIJ_DATA, else ./var.")]


def admin_key(given: str | None, data: Path | None) -> str:
    """The admin key a command may use. Complains where there is none."""
    folder = data_path(data, os.environ)
    key = given or find_key(ADMIN_KEY, folder, os.environ)
    if not key:
        raise Complaint(f"There is no key: give --key, set {ADMIN_KEY}, or point --data at a folder that has one.", 2)
    return key


def _service(service: Service, url: str | None, key: str | None, data: Path | None) -> Client:
    folder = data_path(data, os.environ)
    return Client(url_of(service, url, folder, os.environ), admin_key(key, data))


@app.command("list")
def every(service: ServiceOption, url: UrlOption = None, key: KeyOption = None, data: DataOption = None) -> None:
    """List the keys; what a key itself is, is never shown again."""
    with _service(service, url, key, data) as client:
        items = _pages(lambda **query: client.get("/v1/keys", **query))
    if not items:
        typer.echo(f"{service.capitalize()} has no keys of its own; the admin key works.")
        return
    table = Table()
    for heading in ("key id", "label", "partner", "scopes", "made", "last used"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "key id")
    for item in items:
        times = (_to_the_second(item[name]) for name in ("createdAt", "lastUsedAt"))
        cells = (item["keyId"], item["label"], item["partnerId"], ", ".join(item["scopes"]), *times)
        table.add_row(*(escape(str(cell or "–")) for cell in cells))
    console().print(table)


def _to_the_second(instant: str | None) -> str | None:
    """RFC 3339 without its fraction."""
    return instant and re.sub(r"\.\d+", "", instant)


def _pages(ask: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    page = ask()
    items: list[dict[str, Any]] = page["items"]
    while page.get("next"):
        page = ask(cursor=page["next"])
        items += page["items"]
    return items


@app.command()
def create(
    service: ServiceOption,
    scope: Annotated[
        list[str], typer.Option("--scope", help="events:write, statistics:read, ...; repeat for several.")
    ],
    label: Annotated[str, typer.Option("--label", help="What it is for.")],
    partner: Annotated[str | None, typer.Option("--partner", help="The partner it is bound to.")] = None,
    url: UrlOption = None,
    key: KeyOption = None,
    data: DataOption = None,
) -> None:
    """Make a key and show it, this once."""
    body: dict[str, Any] = {"scopes": scope, "label": label, **({"partnerId": partner} if partner else {})}
    with _service(service, url, key, data) as client:
        made = client.request("POST", "/v1/keys", json=body).json()
    typer.echo(f"key id: {made['keyId']}")
    typer.echo(f"key:    {made['key']}")
    typer.echo("Keep it now: it is not shown again.")


@app.command()
def delete(
    service: ServiceOption,
    key_id: Annotated[str, typer.Argument(help="From `komerbij keys list`.")],
    url: UrlOption = None,
    key: KeyOption = None,
    data: DataOption = None,
) -> None:
    """Take a key back; it stops working at once."""
    with _service(service, url, key, data) as client:
        client.request("DELETE", f"/v1/keys/{key_id}")
    typer.echo(f"Key {key_id} no longer works.")
