"""`komerbij backup`: the three databases and the ledger of erasures in one file, while everything goes on."""

import os
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from cli.data_folder import data_path
from cli.databases import database_urls, engine_of
from cli.errors import Complaint
from cli.keys import DataOption
from cli.person_key import fingerprint
from cli.terminal import console
from shared.clock import utc_now
from shared.operators.backup.archive import LEDGER, ArchiveWriter, new_private_file
from shared.operators.backup.copying import NotOursError, copy_database
from shared.operators.backup.manifest import FORMAT, DatabaseCopy, Manifest

IN_ORDER = ("notifications", "reporting", "registration")
"""Consumers first: no copy knows an event that registration's log, copied last, does not have (decision 0040)."""


def backup(
    target: Annotated[Path, typer.Argument(help="The file to write; or a folder, in which it gets a name.")],
    data: DataOption = None,
) -> None:
    """Copy the three databases into one file. Works by the database URLs; everything may go on meanwhile.

    The file holds names and addresses, and no keys: keep it safe, and the person key apart from it.
    """
    folder = data_path(data, os.environ)
    path = _file(target)
    try:
        with new_private_file(path) as file, ArchiveWriter(file) as archive:
            manifest = write_backup(archive, folder, os.environ)
    except FileExistsError:
        raise Complaint(f"{path} is there already; a backup never overwrites another.") from None
    except NotOursError as error:
        raise Complaint(f"{_sentence(error)}. Was {folder} or the URL meant? Nothing was written.") from None
    except OSError as error:
        raise Complaint(f"{path} cannot be written: {error.strerror}.") from None
    for service, copy in manifest.databases.items():
        rows = sum(table.rows for table in copy.tables.values())
        typer.echo(f"{service}: {rows} rows, up to event {copy.sequence}")
    console().print(f"Written: {path} ({path.stat().st_size:,} bytes)", soft_wrap=True, markup=False, highlight=False)
    if manifest.person_key is None:
        typer.echo("No person key was found, so restore cannot tell whether it has the right one.")


def write_backup(archive: ArchiveWriter, folder: Path, environ: Mapping[str, str]) -> Manifest:
    """Copy what is there now. NotOursError, Complaint or OSError where something is not."""
    created_at, copies = utc_now(), dict[str, DatabaseCopy]()
    urls = database_urls(folder, environ)
    for service in IN_ORDER:
        if urls[service].startswith("sqlite:///") and not Path(urls[service].removeprefix("sqlite:///")).exists():
            raise NotOursError(f"there is no database of {service}")
        with engine_of(service, urls[service]) as engine:
            copies[service] = copy_database(engine, service, archive)
    ahead = [name for name, copy in copies.items() if copy.newest > copies["registration"].sequence]
    if ahead:
        raise Complaint(f"{' and '.join(ahead)} knows events that registration's log does not have: look at the URLs.")
    ledger = folder / LEDGER
    manifest = Manifest(
        format=FORMAT,
        product=version("komerbij"),
        created_at=created_at,
        person_key=fingerprint(folder, environ),
        ledger_sha256=archive.add_ledger(ledger.read_bytes()) if ledger.exists() else None,
        databases=copies,
    )
    archive.finish(manifest)
    return manifest


def _file(target: Path) -> Path:
    """In a folder: a name that sorts by time."""
    return target / f"komerbij-{utc_now():%Y-%m-%dT%H%M%SZ}.backup" if target.is_dir() else target


def _sentence(error: Exception) -> str:
    text = str(error)
    return text[:1].upper() + text[1:]
