"""A running registration for each test, on both databases, and without Redis unless the test brings one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from sqlalchemy import Engine, make_url

from services.registration.app import MIGRATIONS
from shared.database import connect, upgrade
from tests.databases import DATABASES, fresh_postgres, sqlite_files
from tests.integration.registration.running import Registration, running_registration
from tests.integration.registration.stream import Road


@pytest.fixture(scope="session")
def migrated(postgres_server: str) -> Iterator[str]:
    """The name of a PostgreSQL database with our schema, to be copied."""
    with fresh_postgres(postgres_server) as url_of:
        url = url_of("migrated")
        engine = connect(url)
        upgrade(engine, MIGRATIONS)
        engine.dispose()
        yield str(make_url(url).database)


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with our schema, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        url = sqlite_files(tmp_path)("registration")
        engine = connect(url)
        upgrade(engine, MIGRATIONS)
        engine.dispose()
        yield url
    else:
        server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("migrated")
        with fresh_postgres(server, template) as url_of:
            yield url_of("registration")


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """Into that database."""
    found = connect(database)
    yield found
    found.dispose()


@pytest.fixture
def registration(tmp_path: Path, database: str) -> Iterator[Registration]:
    """The real application on a database of its own; nobody listens at its Redis."""
    with running_registration(tmp_path, database_url=database) as running:
        yield running


@pytest.fixture
def road(engine: Engine, redis_url: str) -> Iterator[Road]:
    """A migrated database and an empty stream."""
    with redis.Redis.from_url(redis_url) as client:
        yield Road(engine, client, redis_url)
