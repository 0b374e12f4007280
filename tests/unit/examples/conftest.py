"""The committed example, read once."""

import json
from typing import Any

import pytest

from examples.almelo import count

FOLDER = count.EXPECTED.parent


@pytest.fixture(scope="session")
def lines() -> list[str]:
    """The lines of the committed file."""
    return (FOLDER / count.EVENTS).read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="session")
def events(lines: list[str]) -> list[dict[str, Any]]:
    """The same lines, parsed."""
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def setup() -> dict[str, Any]:
    """The committed set-up."""
    found: dict[str, Any] = json.loads((FOLDER / count.SETUP).read_text(encoding="utf-8"))
    return found
