"""The promise about FLUSHALL: under load everybody is level again within ten seconds, and the door never fails."""

import threading
import time
from pathlib import Path

import pytest

from tests.chaos import healing
from tests.chaos.dice import dice
from tests.chaos.faults import FaultLog
from tests.chaos.ledger import Ledger
from tests.chaos.posters import Pace
from tests.chaos.run import Order, put_partners, running, start_posters
from tests.chaos.scene import Scene
from tests.databases import DATABASES

TIMES, WITHIN = 5, 10.0
_BETWEEN = 2.5
"""Long enough that the next one finds something new on the stream."""


@pytest.mark.parametrize("database", DATABASES)
def test_all_consumers_are_level_within_ten_seconds_and_no_answer_fails(database: str, tmp_path: Path) -> None:
    order = Order(database, 100_000, TIMES, 5, tmp_path, load_seconds=400, coming=0, short=True)
    ledger, faults, stopped = Ledger(), FaultLog(), threading.Event()
    with running(order) as system:
        put_partners(system)
        scene = Scene(system, dice("flushall"), short=True)
        posters = start_posters(system, order, ledger, Pace(250, order.events), stopped)
        for _ in range(TIMES):
            time.sleep(_BETWEEN)
            healing.do(scene, faults, "flushall")
        stopped.set()
        for poster in posters:
            poster.join(40)

    healed = [fault.healed for fault in faults.faults if fault.healed is not None]
    assert len(healed) == TIMES
    assert max(healed) <= WITHIN
    assert ledger.failures == []
    assert [poster.error for poster in posters] == [None] * len(posters)
    assert faults.faults[-1].head > faults.faults[0].head > 0
    assert faults.troubles == []
    print(f"{database}: level after FLUSHALL in at most {max(healed):.2f} s")  # noqa: T201  -- `pytest -s` shows the measured maximum
