"""A running registration for each test, without Redis unless the test brings one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.registration.running import Registration, running_registration


@pytest.fixture
def registration(tmp_path: Path) -> Iterator[Registration]:
    """The real application on a database of its own; nobody listens at its Redis."""
    with running_registration(tmp_path) as running:
        yield running
