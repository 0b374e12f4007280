"""The example year, loaded once over HTTP into three real processes on a real Redis."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.databases import DATABASES, one_per_service
from tests.servers import ROOT, System, post_batch

EXAMPLE = ROOT / "examples" / "almelo"


def example_lines() -> list[dict[str, Any]]:
    """The file's events in order of arrival."""
    return [json.loads(line) for line in (EXAMPLE / "2023-2024.ndjson").read_text().splitlines()]


def put_partners(system: System) -> None:
    """What an operator does first."""
    setup = json.loads((EXAMPLE / "setup.json").read_text())
    with system.client("registration") as client:
        for partner in setup["partners"]:
            body = {name: value for name, value in partner.items() if name != "partnerId"}
            answer = client.put(f"/v1/partners/{partner['partnerId']}", json=body)
            assert answer.status_code == 200, answer.text


def load(system: System, events: list[dict[str, Any]], chunk: int = 500) -> dict[str, int]:
    """Post events in batches; returns how many of each outcome."""
    counts = {"accepted": 0, "duplicate": 0, "rejected": 0, "failed": 0}
    with system.client("registration") as client:
        for start in range(0, len(events), chunk):
            summary = post_batch(client, events[start : start + chunk])["summary"]
            for outcome in counts:
                counts[outcome] += summary[outcome]
    return counts


def expected() -> dict[str, Any]:
    """The figures that must come out, written down by hand."""
    figures: dict[str, Any] = json.loads((EXAMPLE / "expected.json").read_text())
    return figures


@pytest.fixture(scope="module", params=DATABASES)
def example_year(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, redis_server: str
) -> Iterator[System]:
    """Three processes that hold the example year, on SQLite and on PostgreSQL."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    with one_per_service(request, request.param) as databases:
        system = System(Path(tmp_path_factory.mktemp("year")), redis_server, databases=databases)
        try:
            system.start()
            put_partners(system)
            load(system, example_lines())
            system.settled()
            yield system
        finally:
            system.stop()
