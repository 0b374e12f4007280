"""A migrated database per test, on SQLite and on PostgreSQL, and one that is shared where it is emptied by hand."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from services.reporting.app import MIGRATIONS
from tests.databases import DATABASES, migrated_on
from tests.histories.logs import registration_database
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.story import Story


@pytest.fixture(name="engine", params=DATABASES)
def fresh_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with migrated_on(request, request.param).engine(MIGRATIONS) as engine:
        yield engine


@pytest.fixture(scope="module", name="shared_engine", params=DATABASES)
def engine_of_the_module(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with migrated_on(request, request.param).engine(MIGRATIONS) as engine:
        yield engine


@pytest.fixture(name="ledger")
def fresh_ledger(engine: Engine) -> Ledger:
    return Ledger(engine)


@pytest.fixture(name="story")
def fresh_story() -> Story:
    return Story()


@pytest.fixture(name="quick")
def ledger_on_sqlite(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """Where one database is enough."""
    with migrated_on(request, "sqlite").engine(MIGRATIONS) as engine:
        yield Ledger(engine)


@pytest.fixture(scope="module", name="registration")
def registration_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database of registration, in which histories are written down."""
    with registration_database(tmp_path_factory.mktemp("registration")) as engine:
        yield engine
