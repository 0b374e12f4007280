"""The databases of a run as an outsider sees them: where they are, what is in them, how they are hurt."""

import contextlib
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from tests.chaos.ports import steady_port
from tests.databases import PostgresServer

SERVICES = ("registration", "notifications", "reporting")
CONSUMERS = ("notifications", "reporting")
TALLY = "chaos_effect"
_CREATE = f"CREATE TABLE IF NOT EXISTS {TALLY} (sequence BIGINT NOT NULL, event_id VARCHAR NOT NULL)"
_DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")
_HOT = {"registration": "log_head", "notifications": "position", "reporting": "position"}
"""A table that every write transaction of the service needs."""


class Stores(Protocol):
    """What both kinds of database offer a run."""

    kind: str

    def start(self) -> None:
        """Before the services."""

    def stop(self) -> None:
        """After them."""

    def direct(self, service: str) -> str:
        """A URL that passes no proxy."""

    def lock(self, service: str, seconds: float) -> None:
        """Hold what every writer needs."""


def rows(stores: Stores, service: str, statement: str, **values: Any) -> Sequence[Any]:
    """What a statement finds, read past every service."""
    engine = _engine(stores.direct(service))
    try:
        with engine.connect() as connection:
            return connection.execute(text(statement), values).all()
    finally:
        engine.dispose()


def watermark(stores: Stores, service: str) -> int:
    """How far a consumer is; -1 while its database cannot be asked."""
    with contextlib.suppress(SQLAlchemyError, psycopg.Error, sqlite3.Error):
        found = rows(stores, service, "SELECT watermark FROM position WHERE name = 'main'")
        return int(found[0][0]) if found else 0
    return -1


def head(stores: Stores) -> int:
    """The last number of the log; -1 while its database cannot be asked."""
    with contextlib.suppress(SQLAlchemyError, psycopg.Error, sqlite3.Error):
        return int(rows(stores, "registration", "SELECT coalesce(max(sequence), 0) FROM event_log")[0][0])
    return -1


def make_tally(stores: Stores) -> None:
    """The tables in which effects are counted."""
    for service in CONSUMERS:
        engine = _engine(stores.direct(service))
        with engine.begin() as connection:
            connection.execute(text(_CREATE))
        engine.dispose()


def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        return create_engine(url, connect_args={"timeout": 5.0})
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))


@dataclass
class SqliteStores:
    """A file for each service."""

    folder: Path
    kind: str = "sqlite"

    def start(self) -> None:
        """The folder is enough."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def stop(self) -> None:
        """Files need no end."""

    def direct(self, service: str) -> str:
        """The file."""
        return f"sqlite:///{self.folder / service}.db"

    def lock(self, service: str, seconds: float) -> None:
        """Be the one writer that SQLite allows."""
        connection = sqlite3.connect(self.folder / f"{service}.db", timeout=10, isolation_level=None)
        try:
            with contextlib.suppress(sqlite3.OperationalError):
                connection.execute("BEGIN EXCLUSIVE")
                time.sleep(seconds)
                connection.execute("ROLLBACK")
        finally:
            connection.close()


@dataclass
class PostgresStores:
    """A server of our own with a database for each service; commits are on disk, as a crash is among the faults."""

    kind: str = "postgresql"
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="komerbij-chaos-")))
    """Its own: the server may run as another user, who is let into no folder of ours."""
    server: PostgresServer = field(init=False)

    def __post_init__(self) -> None:
        self.server = PostgresServer(self.folder, steady_port(), _DURABLE)

    def start(self) -> None:
        """The server and three empty databases; the services are no superuser."""
        self.server.start()
        with self.admin() as admin:
            admin.execute("CREATE ROLE services LOGIN PASSWORD 'services'")
            for service in SERVICES:
                admin.execute(f"CREATE DATABASE {service} OWNER services")

    def stop(self) -> None:
        """End the server, and let go of its data."""
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def direct(self, service: str) -> str:
        """As the services' own role, so that what we make is theirs, too."""
        return f"postgresql://services:services@127.0.0.1:{self.server.port}/{service}"

    def through(self, port: int, service: str) -> str:
        """The same through a proxy."""
        return f"postgresql://services:services@127.0.0.1:{port}/{service}"

    def lock(self, service: str, seconds: float) -> None:
        """Hold a table that every write transaction needs."""
        with psycopg.connect(self.direct(service), connect_timeout=5) as connection:
            connection.execute("SET lock_timeout = '5s'")
            with contextlib.suppress(psycopg.errors.LockNotAvailable):
                connection.execute(f"LOCK TABLE {_HOT[service]} IN ACCESS EXCLUSIVE MODE")
                time.sleep(seconds)
            connection.rollback()

    @contextlib.contextmanager
    def admin(self) -> Iterator["psycopg.Connection[Any]"]:
        """A superuser's line."""
        with psycopg.connect(self.server.url, autocommit=True, connect_timeout=5) as connection:
            yield connection

    def terminate(self, service: str) -> None:
        """End every session of a service, in the middle of whatever it does."""
        with self.admin() as admin:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [service])

    def read_only(self, on: bool) -> None:
        """As after a fail-over to a standby: everything can be read, nothing written."""
        with self.admin() as admin:
            admin.execute(f"ALTER SYSTEM SET default_transaction_read_only = {'on' if on else 'off'}")
            admin.execute("SELECT pg_reload_conf()")

    def closed(self, service: str, closed: bool) -> None:
        """No new session for a service; those that are open end."""
        with self.admin() as admin:
            admin.execute(f"ALTER DATABASE {service} CONNECTION LIMIT {0 if closed else -1}")
        if closed:
            self.terminate(service)
