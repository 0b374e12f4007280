"""A property-based tester finds nothing in the three documents: no 5xx, no undocumented answer ("Must hold" 4)."""

from pathlib import Path

import pytest

from tests.standards.api.seeding import SERVICES, Seeded
from tests.standards.api.tester import examine, left_alone
from tests.standards.documented import Documented


@pytest.mark.timeout(1900)
@pytest.mark.parametrize("service", SERVICES)
def test_the_tester_reaches_every_operation_and_finds_nothing(
    service: str, hunting_ground: Seeded, tmp_path: Path
) -> None:
    found = examine(hunting_ground.system.url(service), tmp_path)
    with hunting_ground.http(service) as http:
        offered = [one.name for one in Documented.by(http).operations() if one.name not in left_alone()]
    assert found.nothing, found.text
    assert found.operations == len(offered)
    assert [name for name in offered if not found.accepted.get(name)] == [], "no request came beyond a refusal"
