"""The services for the tests of standards: real processes, their own Redis, a new partner for every test."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import System, running_redis
from tests.standards.rings import Ring, rings_of
from tests.standards.visitors import Visitor

_numbers = itertools.count(1)
UNHURRIED = {"KOMERBIJ_RATE_LIMIT": "1000000"}
"""Tests post more than any partner would."""


@pytest.fixture(scope="session")
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that no other test empties or writes to."""
    with running_redis(tmp_path_factory.mktemp("redis-of-standards")) as server:
        yield server.url


@pytest.fixture(scope="session")
def registration_process(tmp_path_factory: pytest.TempPathFactory, own_redis: str) -> Iterator[System]:
    """Registration as a process, whose stream nobody reads: every entry stays."""
    system = System(Path(tmp_path_factory.mktemp("standards")), own_redis, UNHURRIED)
    try:
        yield system.start("registration")
    finally:
        system.stop()


@pytest.fixture(scope="session")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """All three on a Redis of their own: there the stream is trimmed once both consumers have read it."""
    with running_redis(tmp_path_factory.mktemp("redis-of-three")) as server:
        system = System(Path(tmp_path_factory.mktemp("three")), server.url, UNHURRIED)
        try:
            yield system.start()
        finally:
            system.stop()


@pytest.fixture(scope="session")
def rings(three: System) -> Iterator[dict[str, Ring]]:
    """Keys of every kind, by service."""
    with rings_of(three) as found:
        yield found


@pytest.fixture
def visitor(registration_process: System, own_redis: str) -> Iterator[Visitor]:
    """A partner that nobody else is, with a key."""
    with registration_process.client("registration") as http:
        yield Visitor.arrive(http, f"visitor-{next(_numbers)}", own_redis)
