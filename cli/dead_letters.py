"""`komerbij dead-letters`: what a consumer could not read or gave up; look, try again, drop."""

import base64
import os
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.markup import escape
from rich.table import Table

from cli.addresses import url_of
from cli.client import Client, members, nobody_answers, sentence
from cli.data_folder import data_path
from cli.errors import Complaint
from cli.keys import DataOption, KeyOption, UrlOption, admin_key
from cli.terminal import console

GONE = 404


class Reader(StrEnum):
    """The services that read the stream."""

    REPORTING = "reporting"
    NOTIFICATIONS = "notifications"


app = typer.Typer(help="Events that a consumer could not read, or gave up.", no_args_is_help=True)

ServiceOption = Annotated[Reader, typer.Option("--service", help="Whose dead letters.")]
LetterId = Annotated[int, typer.Argument(min=1, help="From `komerbij dead-letters list`.")]


def _client(service: Reader, url: str | None, key: str | None, data: Path | None) -> Client:
    return Client(url_of(service, url, data_path(data, os.environ), os.environ), admin_key(key, data))


@app.command("list")
def every(
    service: Annotated[Reader | None, typer.Option("--service", help="Whose; without it those of both.")] = None,
    url: UrlOption = None,
    key: KeyOption = None,
    data: DataOption = None,
) -> None:
    """List them, oldest first."""
    if url and service is None:
        raise Complaint("--url is the address of one service: say which with --service.", 2)
    table, found = Table(), 0
    for heading in ("service", "id", "entry", "type", "reason", "attempts", "at"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "id")
    for one in [service] if service else list(Reader):
        with _client(one, url, key, data) as client:
            for letter in _letters(client):
                found += 1
                table.add_row(*(escape(cell) for cell in (one.value, *_cells(letter))))
    if not found:
        typer.echo("There are no dead letters.")
        return
    console().print(table)


def _cells(letter: dict[str, Any]) -> tuple[str, ...]:
    at = re.sub(r"\.\d+", "", letter["at"])
    kind = letter["type"] or "–"
    return (str(letter["id"]), letter["streamId"], kind, letter["reason"], str(letter["attempts"]), at)


def _letters(client: Client) -> Iterator[dict[str, Any]]:
    page = client.get("/v1/dead-letters")
    yield from page["items"]
    while page.get("next"):
        page = client.get("/v1/dead-letters", cursor=page["next"])
        yield from page["items"]


@app.command()
def show(
    letter: LetterId, service: ServiceOption, url: UrlOption = None, key: KeyOption = None, data: DataOption = None
) -> None:
    """Everything that is kept of one."""
    with _client(service, url, key, data) as client:
        found = client.get(f"/v1/dead-letters/{letter}")
    for name, value in zip(("id", "entry", "type", "reason", "attempts", "at"), _cells(found), strict=True):
        typer.echo(f"{name + ':':<10}{value}")
    body = base64.b64decode(found["body"]).decode(errors="backslashreplace")
    typer.echo(f"{'body:':<10}{_printable(body) if body else 'none is kept: the event log has it'}")


def _printable(text: str) -> str:
    """Bytes of a stranger must not steer a terminal."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


@app.command()
def retry(
    service: ServiceOption,
    letter: Annotated[int | None, typer.Argument(min=1, help="From `komerbij dead-letters list`.")] = None,
    every_one: Annotated[bool, typer.Option("--all", help="All of them, oldest first.")] = False,
    url: UrlOption = None,
    key: KeyOption = None,
    data: DataOption = None,
) -> None:
    """Apply the event as the log has it now; what fails again is kept. Safe to repeat."""
    if (letter is None) != every_one:
        raise Complaint("Give the id of one letter, or --all.", 2)
    with _client(service, url, key, data) as client:
        ids = [found["id"] for found in _letters(client)] if letter is None else [letter]
        kept = sum(not _tried(client, one, alone=not every_one) for one in ids)
    if every_one:
        typer.echo(f"{len(ids) - kept} applied, {kept} kept.")
    if kept:
        raise typer.Exit(1)


def _tried(client: Client, letter: int, *, alone: bool) -> bool:
    """Has it had its effect? One of many that is gone meanwhile has: somebody else tried it."""
    try:
        answer = client.send("POST", f"/v1/dead-letters/{letter}/retry")
    except httpx.TransportError as error:
        raise Complaint(nobody_answers(client.url, error)) from None
    if answer.status_code == GONE and not alone:
        return True
    if not answer.is_success:
        raise Complaint(sentence(answer))
    became = members(answer)
    applied = bool(became["outcome"] == "applied")
    typer.echo(f"{letter}: {became['outcome']}" + ("" if applied else f" ({became.get('reason')})"))
    return applied


@app.command()
def drop(
    letter: LetterId, service: ServiceOption, url: UrlOption = None, key: KeyOption = None, data: DataOption = None
) -> None:
    """Delete one for good; its event has no effect on this service."""
    with _client(service, url, key, data) as client:
        client.request("DELETE", f"/v1/dead-letters/{letter}")
    typer.echo(f"Dead letter {letter} of {service.value} is gone.")
