"""Failure test 7: chaos with a fixed seed, load and faults together, then every question of the oracle."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos import report, tampering
from tests.chaos.dice import dice
from tests.chaos.faults import kills
from tests.chaos.oracle import judge
from tests.chaos.run import Order, load_and_harm, running
from tests.databases import DATABASES

LONG = float(os.environ.get("KOMERBIJ_TEST_CHAOS", "0"))
"""Seconds of kills, 120 for the whole of failure test 7; without it each kind of fault once, which is shorter."""
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


def order_for(database: str, folder: Path) -> Order:
    """PostgreSQL is ended at once and started again in the middle, and two processes of notifications run over it."""
    middle = ("kill-postgresql",) if database == "postgresql" else ()
    kinds = kills(dice(3, database), LONG) if LONG else KINDS
    half = len(kinds) // 2
    short = Order(
        database, 4000, len(kinds) + len(middle), 3, folder, load_seconds=20, coming=3, signups=10, limit_seconds=90,
        patience=0.5, short=True, kinds=(*kinds[:half], *middle, *kinds[half:]),
    )  # fmt: skip
    if not LONG:
        return short
    return replace(short, events=int(LONG * 120), load_seconds=LONG, coming=6, signups=20, limit_seconds=LONG * 3)


@pytest.mark.parametrize("database", DATABASES)
def test_f07_amid_kills_and_restarts_everybody_is_told_or_listed_once_and_the_sums_add_up(
    database: str, tmp_path: Path
) -> None:
    order = order_for(database, tmp_path)
    with running(order) as system:
        outcome = load_and_harm(system, order)
        verdict = judge(system, outcome)

    found = report.result(outcome, verdict)
    print(report.in_words(found))  # noqa: T201  -- `pytest -s` shows the numbers
    assert found["wrong"] == {}, found["examples"]
    assert [fault.kind for fault in outcome.faults.faults] == list(order.kinds)
    assert found["posted"] == order.events
    assert verdict.numbers["mails taken"] > 0
    assert outcome.said.sums > 0
    assert verdict.people.lists.lines
    assert tampering.unseen(verdict.people, list(system.mail.taken)) == []
