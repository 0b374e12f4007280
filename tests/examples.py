"""How many examples a property is held to: few in `make test`, as many as wanted in a long run."""

import os

import pytest
from sqlalchemy import Engine

MAY_BE_LONG = pytest.mark.timeout(6 * 3600 if "KOMERBIJ_TEST_EXAMPLES" in os.environ else 300)
"""For what a long run holds to thousands of examples."""


def examples(usual: int, engine: Engine | None = None) -> int:
    """So many, or KOMERBIJ_TEST_EXAMPLES; on PostgreSQL, where each costs more, a quarter of it."""
    wanted = int(os.environ.get("KOMERBIJ_TEST_EXAMPLES", str(usual)))
    return max(1, wanted // 4) if engine is not None and engine.dialect.name == "postgresql" else wanted
