"""The three services as processes, with a story told to them, for the tests of the HTTP interface as a whole."""

from collections.abc import Iterator

import pytest

from tests.servers import System
from tests.standards.api.seeding import Seeded, seed

SETTINGS = {
    "KOMERBIJ_RATE_LIMIT": "100000000",
    "KOMERBIJ_API_CONTACT": "Beheer KomErbij <beheer@example.org> https://example.org",
    "KOMERBIJ_CORS_ORIGINS": "https://portaal.example.org",
}
"""The operator is named, one foreign page may call, and no limit is met by accident."""


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory, own_redis: str) -> Iterator[Seeded]:
    """All three, seeded."""
    system = System(tmp_path_factory.mktemp("interface"), own_redis, SETTINGS)
    try:
        yield seed(system.start(), own_redis)
    finally:
        system.stop()
