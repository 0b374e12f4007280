"""`komerbij restore`: put a backup into empty databases, or in the place of what is there."""

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from cli.backup import IN_ORDER
from cli.data_folder import DataFolder, data_path
from cli.databases import MIGRATIONS, database_urls, engine_of
from cli.errors import Complaint
from cli.keys import DataOption
from cli.ledger import complete_ledger
from cli.old_stream import forget_stream
from cli.person_key import demand_key
from shared.database import scrub, transaction
from shared.operators.backup.archive import Archive, DamagedBackupError
from shared.operators.backup.filling import UnfitTargetError, ensure_known, ensure_unused, fill


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `komerbij backup` wrote.")],
    data: DataOption = None,
    replace: Annotated[bool, typer.Option("--replace", help="What is in the databases now goes.")] = False,
    nothing_ran_since: Annotated[
        bool,
        typer.Option(
            "--nothing-ran-since",
            help="For a move: the services had ended before the backup was made, so nothing was told since.",
        ),
    ] = False,
    without_redis: Annotated[
        bool, typer.Option("--without-redis", help="Leave the stream alone: that Redis is empty, or gone for good.")
    ] = False,
    lost_person_key: Annotated[
        bool, typer.Option("--lost-person-key", help="Restore although the backup's person key is gone.")
    ] = False,
) -> None:
    """Put a backup into the three databases. Works by the database URLs; the services must have ended.

    Whatever message was due between the backup and now may have been sent: it is held, and people are on the call list.
    """
    folder = DataFolder(data_path(data, os.environ))
    with folder.locked(), ExitStack() as opened:
        archive = _open(file)
        opened.callback(archive.close)
        if not lost_person_key:
            demand_key(archive.manifest.person_key, folder.path, os.environ)
        urls = database_urls(folder.path, os.environ)
        forget = partial(forget_stream, folder, os.environ, leave_alone=without_redis)
        try:
            _check(archive, urls)
            _fill_all(archive, urls, replace=replace, ran_since=not nothing_ran_since, before_commit=forget)
        except UnfitTargetError as error:
            raise Complaint(f"{str(error)[:1].upper()}{str(error)[1:]}. Nothing was changed.") from None
        _tell(archive, complete_ledger(folder, archive.ledger()))


def _open(file: Path) -> Archive:
    try:
        return Archive(file)
    except DamagedBackupError as error:
        raise Complaint(f"{str(error)[:1].upper()}{str(error)[1:]}. Nothing was changed.") from None
    except OSError as error:
        raise Complaint(f"{file} cannot be read: {error.strerror}.") from None


def _check(archive: Archive, urls: Mapping[str, str]) -> None:
    if sorted(archive.manifest.databases) != sorted(IN_ORDER):
        raise UnfitTargetError("the backup does not have the three databases")
    for service in IN_ORDER:
        ensure_known(service, archive.manifest.databases[service], MIGRATIONS / service)
        ensure_unused(urls[service], service)


def _fill_all(
    archive: Archive, urls: Mapping[str, str], *, replace: bool, ran_since: bool, before_commit: Callable[[], None]
) -> None:
    """All three are filled before one is committed; consumers are committed first, so that none is ahead of the log."""
    with ExitStack() as engines, ExitStack() as open_transactions:
        for service in reversed(IN_ORDER):
            engine = engines.enter_context(engine_of(service, urls[service]))
            engines.callback(scrub, engine)
            connection = open_transactions.enter_context(transaction(engine))
            fill(connection, service, archive, MIGRATIONS / service, replace=replace, ran_since=ran_since)
        before_commit()


def _tell(archive: Archive, erasures: int) -> None:
    for service, copy in archive.manifest.databases.items():
        rows = sum(table.rows for table in copy.tables.values())
        typer.echo(f"{service}: {rows} rows, up to event {copy.sequence}, of {copy.taken_at:%Y-%m-%d %H:%M:%S} UTC")
    if erasures:
        typer.echo("The ledger of erasures came from the backup: who was erased since is erased only if you ask again.")
    typer.echo("Restored. Access keys are those of the backup: look at `komerbij keys list`, and start the services.")
