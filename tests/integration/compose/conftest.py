"""The composed system: built, started and healthy once for the tests of a module."""

from collections.abc import Iterator

import pytest

from tests.integration.compose.stack import Stack, why_not


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Up and healthy; its containers, volumes and images go with the module."""
    if reason := why_not():
        pytest.skip(f"containers cannot be tried here: {reason}")
    system = Stack(tmp_path_factory.mktemp("compose"))
    try:
        system.build()
        system.compose("up", "--detach", "--wait", "--wait-timeout", "120", seconds=180)
        yield system
    finally:
        system.remove()
