"""The oracle is not blind: with a guard taken away in real processes the same run fails, and for that reason."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos import report
from tests.chaos.controls import CONTROLS
from tests.chaos.oracle import judge
from tests.chaos.run import load_and_harm, running


@pytest.mark.parametrize("name", ["compare", "doubt", "inbox"])
def test_a_guard_taken_away_is_found(name: str, tmp_path: Path) -> None:
    control = CONTROLS[name]
    order = replace(control.order, folder=tmp_path)
    with running(order) as system:
        outcome = load_and_harm(system, order)
        verdict = judge(system, outcome)

    assert not report.result(outcome, verdict)["holds"]
    assert verdict.wrong[control.finds] > 0, verdict.examples
