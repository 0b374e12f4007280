"""Chaos in small, with a fixed seed: load and faults together, then every question of the oracle, on both databases."""

from pathlib import Path

import pytest

from tests.chaos import report
from tests.chaos.oracle import judge
from tests.chaos.run import Order, load_and_harm, running
from tests.databases import DATABASES

KINDS = (
    "flushall",
    "kill-notifications",
    "stray-entry",
    "lost-tail",
    "kill-reporting",
    "forged-entry",
    "kill-registration",
    "del-stream",
    "lines-torn",
    "redis-empty",
)


@pytest.mark.parametrize("database", DATABASES)
def test_nothing_is_lost_and_nothing_happens_twice(database: str, tmp_path: Path) -> None:
    order = Order(
        database, 4000, len(KINDS), 3, tmp_path, load_seconds=20, coming=3, signups=10, limit_seconds=90,
        patience=0.5, short=True, only=KINDS,
    )  # fmt: skip
    with running(order) as system:
        outcome = load_and_harm(system, order)
        verdict = judge(system, outcome)

    found = report.result(outcome, verdict)
    assert found["wrong"] == {}, found["examples"]
    assert {fault.kind for fault in outcome.faults.faults} == set(KINDS)
    assert found["posted"] == 4000
    assert verdict.numbers["mails taken"] > 0
