"""Fill one database from a backup: its schema as it was, every row, and a note that this took place."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Table, delete, func, insert, inspect, make_url, select, text

from shared.database import migrate, schemas
from shared.operators.backup.archive import Archive
from shared.operators.backup.manifest import DatabaseCopy
from shared.operators.backup.rows import VERSIONS, tables_of, values
from shared.operators.restorations import note_restoration

_AT_ONCE = 1000
_OTHERS = text(
    "select count(*) from pg_stat_activity"
    " where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"
)


class UnfitTargetError(Exception):
    """The database cannot take this backup. Says why and what to do, in one sentence."""


def ensure_unused(url: str, service: str) -> None:
    """UnfitTargetError while another process has the database open: it would go on with what it remembers."""
    if not url.startswith("sqlite"):
        return
    file = make_url(url).database
    if not file or not Path(file).exists():
        return
    connection = sqlite3.connect(file, timeout=0.2)
    try:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()  # SQLite refuses while anybody else is connected
    except sqlite3.OperationalError:
        raise UnfitTargetError(_in_use(service)) from None
    except sqlite3.DatabaseError:
        raise UnfitTargetError(f"{file} is no SQLite database, or it is damaged; move it away") from None
    finally:
        connection.close()


def ensure_known(service: str, part: DatabaseCopy, migrations: Path) -> None:
    """UnfitTargetError where a newer version of the product made the backup."""
    known = schemas(migrations)
    if part.schema_version not in known:
        raise UnfitTargetError(
            f"the backup has schema {part.schema_version} of {service}; this version of KomErbij knows none after"
            f" {known[-1]}: use the version that made the backup, or a newer one"
        )


def fill(
    connection: Connection,
    service: str,
    archive: Archive,
    migrations: Path,
    *,
    replace: bool,
    ran_since: bool,
) -> None:
    """Join the caller's transaction: nothing stands before its commit. `replace`: what is there goes.

    `ran_since`: services may have run after the backup, so what they had to do by now they may have done.
    UnfitTargetError where the database is in use, not empty, or not ours.
    """
    part = archive.manifest.databases[service]
    if connection.dialect.name == "postgresql" and connection.execute(_OTHERS).scalar_one():
        raise UnfitTargetError(_in_use(service))
    _empty(connection, service, replace=replace)
    migrate(connection, migrations, part.schema_version)
    tables = {name: table for name, table in tables_of(connection).items() if name != VERSIONS}
    if {name: list(table.columns.keys()) for name, table in tables.items()} != {
        name: copy.columns for name, copy in part.tables.items()
    }:
        raise UnfitTargetError(f"the backup's tables of {service} are not those of schema {part.schema_version}")
    for name, table in tables.items():
        _load(connection, table, archive.lines(service, name))
    if ran_since and "rebuild" in tables:
        note_restoration(connection, part.taken_at, _present(connection))


def _present(connection: Connection) -> datetime:
    """By the clock that the services go by."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    found: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return found


def _in_use(service: str) -> str:
    return f"the database of {service} is in use: stop the services first"


def _empty(connection: Connection, service: str, *, replace: bool) -> None:
    there = inspect(connection).get_table_names()
    if not there:
        return
    if VERSIONS not in there:
        raise UnfitTargetError(
            f"the database of {service} holds tables that are not KomErbij's; give it one of its own"
        )
    if not replace:
        raise UnfitTargetError(f"the database of {service} is not empty; --replace puts the backup in its place")
    found = tables_of(connection)
    next(iter(found.values())).metadata.drop_all(connection)


def _load(connection: Connection, table: Table, lines: Iterator[bytes]) -> None:
    connection.execute(delete(table))  # what a migration puts in
    columns, naive = dict(table.columns), connection.dialect.name == "sqlite"
    while some := [values(line, columns, naive=naive) for line in islice(lines, _AT_ONCE)]:
        connection.execute(insert(table), some)
    _go_on_counting(connection, table)


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL gives the next number from a sequence that knows nothing of rows that came with theirs."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        quoted = connection.dialect.identifier_preparer.format_table(table)
        sequence = connection.execute(select(func.pg_get_serial_sequence(quoted, column.name))).scalar()
        highest = connection.execute(select(func.max(column))).scalar() if sequence else None
        if highest is not None:
            connection.execute(select(func.setval(sequence, highest)))
