"""The three services as processes, with a story told to them, for the tests of the HTTP interface as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import System, running_redis
from tests.standards.api.seeding import SERVICES, Seeded, seed
from tests.standards.api.sides import Side
from tests.standards.documented import Documented

SETTINGS = {
    "KOMERBIJ_RATE_LIMIT": "100000000",
    "KOMERBIJ_API_CONTACT": "Beheer KomErbij <beheer@example.org> https://example.org",
    "KOMERBIJ_CORS_ORIGINS": "https://portaal.example.org",
}
"""The operator is named, one foreign page may call, and no limit is met by accident."""


@contextmanager
def _running(folder: Path) -> Iterator[Seeded]:
    """All three over a Redis of their own, seeded."""
    with running_redis(folder / "redis") as server:
        system = System(folder / "services", server.url, SETTINGS)
        try:
            yield seed(system.start())
        finally:
            system.stop()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    """For tests that leave what they find."""
    with _running(tmp_path_factory.mktemp("interface")) as found:
        yield found


@pytest.fixture(scope="module")
def hunting_ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    """For the tester alone: it posts and deletes whatever it can."""
    with _running(tmp_path_factory.mktemp("hunting-ground")) as found:
        yield found


@pytest.fixture(params=SERVICES)
def side(request: pytest.FixtureRequest, seeded: Seeded) -> Iterator[Side]:
    """Each of the three in turn."""
    yield from _side(request.param, seeded)


@pytest.fixture
def registration(seeded: Seeded) -> Iterator[Side]:
    """For rules that only the write door can break."""
    yield from _side("registration", seeded)


def _side(name: str, seeded: Seeded) -> Iterator[Side]:
    with seeded.http(name) as http, seeded.admin(name) as admin:
        body = {"label": "rules", "scopes": ["messages:write"], "partnerId": None}
        key = admin.post("/v1/keys", json=body).json()["key"]
        yield Side(name, http, admin, Documented.by(http), {**seeded.known, "key without scopes": key})
