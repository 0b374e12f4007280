"""Fixtures for all tests: a real Redis and a real PostgreSQL, from containers where an engine runs, else processes."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from testcontainers.community.redis import RedisContainer

from tests.databases import (
    DATABASES,
    DatabaseUrl,
    MigratedDatabases,
    engine_runs,
    fresh_postgres,
    postgres,
    sqlite_files,
)
from tests.servers import ROOT, RedisServer

LONG_FIRST = ("api/test_property_based", "tests/chaos/", "tests/e2e/", "tests/pages/", "registration/test_replays")

os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):  # else every service that a test starts compiles everything anew
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / "var" / "byte-code"))
# No test speaks TLS with anybody outside. Each HTTP client, and so each look whether a service is ready, would read the
# certificates of all authorities of the world, which takes 25 ms of processor time.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = os.devnull


def pytest_configure() -> None:
    """Told to end (a time limit), end as by Ctrl-C: what fixtures started must not stay behind."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take minutes come first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: next((place for place, name in enumerate(LONG_FIRST) if name in item.nodeid), 99))


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server for the whole session: given, in a container, or embedded."""
    given = os.environ.get("KOMERBIJ_TEST_REDIS_URL")
    if given:
        yield given
    elif engine_runs():
        with RedisContainer("redis:8") as container:
            yield f"redis://{container.get_container_host_ip()}:{container.get_exposed_port(6379)}/0"
    else:
        server = RedisServer(tmp_path_factory.mktemp("redis")).start()
        yield server.url
        server.kill()


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The same server, empty."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server for the whole session, as a role that may create databases."""
    with contextlib.ExitStack() as running:
        try:
            url = running.enter_context(postgres())
        except LookupError as missing:
            pytest.skip(str(missing))
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[DatabaseUrl]:
    """Empty PostgreSQL databases of this test alone: the URL of the one with a name; the same name, the same one."""
    with fresh_postgres(postgres_server) as url_of:
        yield url_of


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> DatabaseUrl:
    """Empty databases of this test alone, once on SQLite and once on PostgreSQL: the URL of the one with a name."""
    found: DatabaseUrl = sqlite_files(tmp_path)
    if request.param == "postgresql":
        found = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> MigratedDatabases:
    """Databases with a service's newest schema, quickly: copies of one that was migrated."""
    return MigratedDatabases(tmp_path_factory.mktemp("migrated"))


@pytest.fixture(scope="session")
def migrated_postgresql(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MigratedDatabases]:
    """The same on PostgreSQL."""
    databases = MigratedDatabases(tmp_path_factory.mktemp("migrated"), postgres_server)
    yield databases
    databases.close()
