"""The engine, and the one place that commits."""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, DateTime, Engine, Table, create_engine, event, inspect, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

_log = logging.getLogger(__name__)
_READING = "komerbij_reading"
_LOCK_STATES = ("55P03", "40P01", "40001")
_LOCK_MS, _SCRUB_MS = 10_000, 2_000
"""How long SQLite waits for a lock; and for readers, while nobody can write."""
_AGAIN_S = 0.01
_SESSION = (
    "-c lock_timeout=10s",
    "-c timezone=UTC",  # in another zone the last hours of the year 9999 cannot be read
    "-c idle_in_transaction_session_timeout=300s",  # a process that hangs loses its transaction, and its locks
    "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3",  # and a machine that is gone
)
"""What every PostgreSQL session asks of the server; what the URL says comes later, and wins (below, too)."""
_PATIENCE: dict[str, Any] = {
    "connect_timeout": 10,
    "client_encoding": "utf8",
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # ms; a server that is gone says nothing, and its caller would wait for minutes
}
_DATA_EXCEPTIONS = "22"
"""PostgreSQL's class of errors whose first line repeats the value."""
_UPGRADE = 8000
"""Any number that only we use: the advisory lock of an upgrade (each service has a database of its own)."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC on both databases; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware to UTC; SQLite keeps it without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back to an aware UTC instant."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def table_of(row: type[SQLModel]) -> Table:
    """The table behind a row class, for Core statements."""
    table = inspect(row).local_table
    if not isinstance(table, Table):
        raise TypeError(f"{row.__name__} is no table")
    return table


Upsert = postgresql.Insert | sqlite.Insert


def upsert(connection: Connection, table: Table) -> Upsert:
    """An insert of this database's dialect, for `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


class _Pool(QueuePool):
    """Closes what comes back after `dispose`, too: a thread still at work while a service stops leaves nothing open."""

    _over = False

    def dispose(self) -> None:
        """Close what is here now; a new pool takes this one's place."""
        self._over = True
        super().dispose()

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        if not self._over:
            super()._do_return_conn(record)
            return
        try:
            record.close()
        finally:
            self._dec_overflow()


_POOL: dict[str, Any] = {"poolclass": _Pool, "pool_size": 8, "max_overflow": 8}


def connect(url: str) -> Engine:
    """An engine for SQLite (WAL, every commit on disk) or PostgreSQL (psycopg); 10 s for a lock on both.

    Its errors never repeat a value: they may be logged, and values may be names and addresses.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, **_POOL, hide_parameters=True, connect_args={"timeout": _LOCK_MS / 1000})
        event.listen(engine, "connect", _sqlite_pragmas)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    address = make_url(url).set(drivername="postgresql+psycopg")
    patience = {name: value for name, value in _PATIENCE.items() if name not in address.query}
    options = " ".join([*_SESSION, str(address.query.get("options", ""))])
    engine = create_engine(
        address,
        **_POOL,
        pool_pre_ping=True,  # a connection that the server ended while it was idle is replaced before it is used
        isolation_level="READ COMMITTED",  # who waited for a lock must see what its holder wrote
        hide_parameters=True,
        connect_args={**patience, "options": options},
    )
    event.listen(engine, "handle_error", _without_values)
    return engine


def _without_values(context: ExceptionContext) -> None:
    """PostgreSQL explains an error with the row at hand ("Key (email)=(...)"): keep its first line alone, or less."""
    original = context.original_exception
    if not isinstance(original, psycopg.Error):
        return
    if isinstance(original, psycopg.OperationalError) and original.diag.message_primary is None:
        return  # no connection: nothing was asked, nothing can be repeated
    state = original.sqlstate or ""
    shown = "" if state.startswith(_DATA_EXCEPTIONS) else original.diag.message_primary or ""
    text = " ".join(part for part in (type(original).__name__, state, shown) if part)
    original.args = (text,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (f"(psycopg) {text}",)


def _sqlite_pragmas(connection: DBAPIConnection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    _to_wal(cursor)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _to_wal(cursor: DBAPICursor) -> None:
    """Of several that open a new file at once SQLite refuses all but one at this, whatever time-out they gave."""
    until = time.monotonic() + _LOCK_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_AGAIN_S)
        else:
            return


def _sqlite_begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get(_READING)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A write transaction: committed when the block ends, rolled back when it raises."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """All that is read in it belongs to one moment; takes no write lock.

    Nothing can be written: PostgreSQL refuses, SQLite rolls it back when the block ends.
    """
    options: dict[str, Any] = {_READING: True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect() as connection:
        yield connection.execution_options(**options)


def ensure_writable(engine: Engine) -> None:
    """Raises unless the database takes a write transaction: SQLite's write lock, a PostgreSQL that is no standby."""
    with transaction(engine) as connection:
        if (
            engine.dialect.name == "postgresql"
            and connection.execute(text("SHOW transaction_read_only")).scalar() == "on"
        ):
            raise ReadOnlyDatabaseError
        connection.execute(text("SELECT 1"))


def waited_in_vain(error: Exception) -> bool:
    """Did somebody else hold a lock too long, or was this chosen to end a deadlock? The same may succeed later."""
    if not isinstance(error, OperationalError):
        return False
    name: str = getattr(error.orig, "sqlite_errorname", "")
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or getattr(error.orig, "sqlstate", "") in _LOCK_STATES


def scrub(engine: Engine) -> bool:
    """After a commit that forgot something: empty SQLite's write-ahead log, which keeps former pages.

    False where readers held it for two seconds, in which nobody can write: then it is to be tried again.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout")
        (patience,) = cursor.fetchone() or (_LOCK_MS,)
        cursor.execute(f"PRAGMA busy_timeout={_SCRUB_MS}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        answer = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout={patience}")
        cursor.close()
    finally:
        connection.close()
    return answer is not None and not answer[0]


class ReadOnlyDatabaseError(Exception):
    """The database answers and takes no writes."""


class NewerSchemaError(Exception):
    """The database was brought up to date by a newer version of the code than this one; nothing was changed in it."""


def upgrade(engine: Engine, migrations: Path) -> None:
    """Bring the schema to its newest version (Alembic). Safe to call at every start, by several processes at once.

    NewerSchemaError when the database knows a version that `migrations` does not.
    """
    try:
        with transaction(engine) as connection:
            migrate(connection, migrations)
    except BaseException:
        engine.dispose()  # whoever cannot start keeps nothing open
        raise


def migrate(connection: Connection, migrations: Path, to: str = "head") -> None:
    """Up to a version, within the caller's transaction. Raises as `upgrade` does."""
    config = Config()
    config.set_main_option("script_location", str(migrations))
    _one_at_a_time(connection)
    _refuse_newer(connection, ScriptDirectory.from_config(config), migrations.name)
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def schemas(migrations: Path) -> list[str]:
    """Every version that `migrations` knows, oldest first."""
    return [script.revision for script in ScriptDirectory(str(migrations)).walk_revisions()][::-1]


def _one_at_a_time(connection: Connection) -> None:
    """Whoever comes second waits as long as it takes, and finds the work done. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE})
        connection.execute(text("SET LOCAL lock_timeout TO DEFAULT"))


def _refuse_newer(connection: Connection, scripts: ScriptDirectory, service: str) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    unknown = sorted(set(MigrationContext.configure(connection).get_current_heads()) - known)
    if unknown:
        refusal = NewerSchemaError(
            f"the database of {service} has schema {', '.join(unknown)}; this version of KomErbij knows none after"
            f" {scripts.get_current_head()}. Nothing was changed. Start the newer version again, or restore a backup"
            " made before the upgrade."
        )
        _log.critical("%s", refusal)
        raise refusal
