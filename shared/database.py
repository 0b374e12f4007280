"""The engine, and the one place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, DateTime, Engine, Table, create_engine, event, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

_READING = "komerbij_reading"


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


def connect(url: str) -> Engine:
    """An engine for SQLite (WAL, every commit on disk) or PostgreSQL (psycopg); 10 s for a lock on both.

    Its errors never repeat a value: they may be logged, and values may be names and addresses.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, pool_size=8, max_overflow=8, hide_parameters=True, connect_args={"timeout": 10.0})
        event.listen(engine, "connect", _sqlite_pragmas)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    psycopg = url.replace("postgresql://", "postgresql+psycopg://", 1)
    patience = {"options": "-c lock_timeout=10s"}
    return create_engine(psycopg, pool_pre_ping=True, hide_parameters=True, connect_args=patience)


def _sqlite_pragmas(connection: DBAPIConnection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


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
    """A consistent view for reading; takes no write lock, and whatever was written in it is rolled back."""
    with engine.connect() as connection:
        yield connection.execution_options(**{_READING: True})


def ensure_writable(engine: Engine) -> None:
    """Raises unless the database answers within a write transaction (on SQLite: the write lock can be had)."""
    with transaction(engine) as connection:
        connection.execute(text("SELECT 1"))


def upgrade(engine: Engine, migrations: Path) -> None:
    """Bring the schema to its newest version (Alembic). Safe to call at every start."""
    config = Config()
    config.set_main_option("script_location", str(migrations))
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
