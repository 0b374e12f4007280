"""Question f: is every row of both consumers what the log alone makes of it?"""

import time
from typing import Any

import httpx

from tests.chaos.stores import CONSUMERS
from tests.chaos.system import ChaosSystem
from tests.chaos.verdict import Verdict

_PATIENCE = 300.0


def judge_rebuilds(system: ChaosSystem, verdict: Verdict) -> None:
    """Each builds its tables again beside the live ones, and compares the two; nothing is switched."""
    for service in CONSUMERS:
        with system.client(service) as client:
            found = _rebuilt(client)
        same = found["status"] == "done" and found["digest"] == found["liveDigest"] is not None
        verdict.demand(same, "rebuild", f"{service}: {found}")
        verdict.count(f"events rebuilt by {service}", found["events"])


def _rebuilt(client: httpx.Client) -> Any:
    begun = client.post("/v1/rebuilds")
    begun.raise_for_status()
    deadline = time.monotonic() + _PATIENCE
    while True:
        found: Any = client.get(f"/v1/rebuilds/{begun.json()['id']}").json()
        if found["status"] != "running" or time.monotonic() > deadline:
            return found
        time.sleep(0.2)
