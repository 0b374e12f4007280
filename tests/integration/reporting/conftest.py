"""A migrated SQLite database per test, and one that is shared where it is emptied by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.reporting.app import MIGRATIONS
from shared.database import connect, upgrade
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.story import Story


@pytest.fixture(name="engine")
def fresh_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = connect(f"sqlite:///{tmp_path / 'reporting.db'}")
    upgrade(engine, MIGRATIONS)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module", name="shared_engine")
def engine_of_the_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = connect(f"sqlite:///{tmp_path_factory.mktemp('shared') / 'reporting.db'}")
    upgrade(engine, MIGRATIONS)
    yield engine
    engine.dispose()


@pytest.fixture(name="ledger")
def fresh_ledger(engine: Engine) -> Ledger:
    return Ledger(engine)


@pytest.fixture(name="story")
def fresh_story() -> Story:
    return Story()
