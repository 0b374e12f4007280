"""A running registration for each test, without Redis unless the test brings one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from services.registration.app import MIGRATIONS
from shared.database import connect, upgrade
from tests.integration.registration.running import Registration, running_registration
from tests.integration.registration.stream import Road


@pytest.fixture
def registration(tmp_path: Path) -> Iterator[Registration]:
    """The real application on a database of its own; nobody listens at its Redis."""
    with running_registration(tmp_path) as running:
        yield running


@pytest.fixture
def road(tmp_path: Path, redis_url: str) -> Iterator[Road]:
    """A migrated database and an empty stream."""
    engine = connect(f"sqlite:///{tmp_path / 'registration.db'}")
    upgrade(engine, MIGRATIONS)
    with redis.Redis.from_url(redis_url) as client:
        yield Road(engine, client, redis_url)
    engine.dispose()
