"""A property-based tester finds nothing in the three documents: no 5xx, no undocumented answer ("Must hold" 4)."""

from pathlib import Path

import pytest

from tests.standards.api.seeding import SERVICES, Seeded
from tests.standards.api.tester import examine
from tests.standards.documented import Documented

STREAM = "text/event-stream"
"""An answer that goes on: the tester is told to leave it alone."""


@pytest.mark.timeout(1900)
@pytest.mark.parametrize("service", SERVICES)
def test_the_tester_reaches_every_operation_and_finds_nothing(
    service: str, hunting_ground: Seeded, tmp_path: Path
) -> None:
    found = examine(hunting_ground.system.url(service), tmp_path)
    with hunting_ground.http(service) as http:
        operations = Documented.by(http).operations()
        offered = [
            one.name for one in operations if STREAM not in one.described["responses"].get("200", {}).get("content", {})
        ]
    assert found.nothing, found.text
    assert found.operations == len(offered)
    assert [name for name in offered if not found.accepted.get(name)] == [], "no request came beyond a refusal"
