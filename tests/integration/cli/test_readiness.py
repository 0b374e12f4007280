"""Waiting for services: all, and no longer than it makes sense."""

import os
import sys
from pathlib import Path

import pytest

from cli.children import Plan
from cli.errors import Complaint
from cli.readiness import until_ready
from cli.supervisor import Child, Supervisor
from tests.unit.cli.stand_in import Memory, standing_in


async def remarks(folder: Path, memory: Memory, within: float) -> list[str]:
    """What is said of one service that answers as `memory` says, while its process lives and logs."""
    program = "import time; print('working on it', flush=True); time.sleep(600)"
    child = Child("reporting", (sys.executable, "-c", program), dict(os.environ), folder / "reporting.log")
    supervisor = Supervisor(lambda _: None)
    supervisor.start(child)
    said: list[str] = []
    try:
        with standing_in(memory) as url:
            await until_ready(supervisor, Plan((child,), {"reporting": url}, "", ()), said.append, within)
        return said
    finally:
        await supervisor.stop()


async def test_a_service_that_is_well_is_told_to_be_ready(tmp_path: Path) -> None:
    assert await remarks(tmp_path, Memory(), 10) == ["reporting is ready"]


async def test_a_service_that_stays_degraded_is_ready_with_a_remark(tmp_path: Path) -> None:
    memory = Memory(ready={"status": "degraded", "checks": {"redis": {"status": "degraded", "reason": "away"}}})
    assert await remarks(tmp_path, memory, 1) == ["reporting is degraded: redis: away"]


async def test_a_service_that_lives_but_is_never_ready_is_told_with_reason_and_log(tmp_path: Path) -> None:
    memory = Memory(ready={"status": "down", "checks": {"database": {"status": "down", "reason": "read-only"}}})
    with pytest.raises(Complaint) as complaint:
        await remarks(tmp_path, memory, 1.5)
    assert "does not become ready (database: read-only)" in complaint.value.sentence
    assert "working on it" in complaint.value.sentence
