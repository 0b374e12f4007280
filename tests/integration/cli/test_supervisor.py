"""The supervisor with small real processes: restarts, order at the end, and nobody left behind."""

import asyncio
import os
import signal
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from cli import tether
from cli.supervisor import Child, Supervisor
from tests.integration.cli.processes import end, eventually, lives, python

SLEEPER = "import time; time.sleep(600)"
NOTES_ITS_END = """
import pathlib, signal, sys, time
def end(*_):
    time.sleep(0.3)
    with open({ended!r}, "a") as file:
        file.write({name!r} + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
pathlib.Path({ready!r}).touch()
time.sleep(600)
"""
DEAF = """
import pathlib, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path({ready!r}).touch()
time.sleep(600)
"""


def child(folder: Path, name: str, program: str, grace: float = 10.0) -> Child:
    return Child(name, (sys.executable, "-c", program), dict(os.environ), folder / f"{name}.log", grace)


async def until(holds: Callable[[], object], what: str) -> None:
    await asyncio.to_thread(eventually, holds, what)


async def test_a_child_that_is_killed_starts_again_and_the_operator_hears_of_it(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    supervisor.start(child(tmp_path, "one", SLEEPER))
    await until(lambda: supervisor.pid("one"), "started")
    first = supervisor.pid("one")
    assert first
    os.kill(first, signal.SIGKILL)
    await until(lambda: supervisor.pid("one") not in (None, first), "started again")
    await supervisor.stop()
    assert said == [f"one was killed by signal 9; it starts again in 0.2 s (log: {tmp_path / 'one.log'})"]


async def test_a_child_that_keeps_ending_is_started_ever_more_slowly(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    supervisor.start(child(tmp_path, "one", "import sys; sys.exit(3)"))
    await until(lambda: supervisor.failures("one") >= 3, "three failures")
    await supervisor.stop()
    assert [text.partition("again in ")[2].partition(" s")[0] for text in said[:3]] == ["0.2", "0.5", "1"]
    assert "ended with exit code 3" in said[0]


async def test_a_child_that_waits_for_its_restart_lets_itself_be_cancelled_while_it_is_ended(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    others = asyncio.all_tasks()
    supervisor.start(child(tmp_path, "one", "raise SystemExit(3)"))
    (life,) = asyncio.all_tasks() - others
    await until(lambda: len(said) >= 3, "waits for its fourth life")
    stopping = asyncio.create_task(supervisor.stop())
    for _ in range(2):  # `stop` takes one turn of the loop, the end of each child the next
        await asyncio.sleep(0)
    life.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert life.cancelled()


async def test_mending_runs_between_two_lives_and_is_reported(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    doomed = child(tmp_path, "one", "raise SystemExit(1)")
    supervisor.start(Child(doomed.name, doomed.argv, doomed.env, doomed.log, mend=lambda n: f"mended after {n}"))
    await until(lambda: "mended after 2" in said, "mended twice")
    await supervisor.stop()


async def test_output_of_a_child_is_in_its_log_which_is_private(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda _: None)
    supervisor.start(child(tmp_path, "one", "print('hello', flush=True); " + SLEEPER))
    log = tmp_path / "one.log"
    await until(lambda: log.exists() and log.read_text() == "hello\n", "the log")
    await supervisor.stop()
    assert log.stat().st_mode & 0o777 == 0o600


async def test_the_latest_tier_ends_first_and_has_ended_before_the_next_is_told(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    supervisor = Supervisor(lambda _: None)
    for name in ("redis", "service"):
        ready = tmp_path / f"{name}.ready"
        program = NOTES_ITS_END.format(ended=str(ended), name=name, ready=str(ready))
        supervisor.start(child(tmp_path, name, program))
        await until(ready.exists, name)
    await supervisor.stop()
    assert ended.read_text().split() == ["service", "redis"]


async def test_who_does_not_listen_is_killed_after_its_grace(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    supervisor = Supervisor(lambda _: None)
    supervisor.start(child(tmp_path, "deaf", DEAF.format(ready=str(ready)), grace=0.2))
    await until(ready.exists, "ready")
    pid = supervisor.pid("deaf")
    assert pid
    await supervisor.stop()
    assert not lives(pid)


async def test_hurry_ends_the_grace(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    supervisor = Supervisor(lambda _: None)
    supervisor.start(child(tmp_path, "deaf", DEAF.format(ready=str(ready)), grace=600))
    await until(ready.exists, "ready")
    stopping = asyncio.create_task(supervisor.stop())
    await asyncio.sleep(0)
    supervisor.hurry()
    await asyncio.wait_for(stopping, 10)


async def test_a_program_that_is_not_there_is_reported(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    supervisor.start(Child("none", ("/nowhere/program",), {}, tmp_path / "none.log"))
    await until(lambda: said, "a report")
    await supervisor.stop()
    assert "ended with exit code 127" in said[0]
    assert "/nowhere/program: No such file" in (tmp_path / "none.log").read_text()


DRIVER = textwrap.dedent(
    """
    import asyncio, os, pathlib, sys
    from cli.supervisor import Child, Supervisor

    async def main(folder):
        supervisor = Supervisor(print)
        names = ("one", "two", "three")
        supervisor.start(*(Child(n, (sys.executable, "-c", %r), dict(os.environ), folder / n) for n in names))
        while not all(supervisor.pid(n) for n in names):
            await asyncio.sleep(0.01)
        print(*(supervisor.pid(n) for n in names), flush=True)
        await asyncio.sleep(600)

    asyncio.run(main(pathlib.Path(sys.argv[1])))
    """
)


def test_all_children_die_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    with python("-c", DRIVER % deaf, str(tmp_path)) as driver:
        assert driver.stdout
        pids = [int(word) for word in driver.stdout.readline().split()]
        try:
            assert len(pids) == 3
            assert all(lives(pid) for pid in pids)
            driver.kill()
            driver.wait()
            eventually(lambda: not any(lives(pid) for pid in pids), "all gone", within=5)
        finally:
            end(pids)


def test_a_child_whose_parent_has_gone_already_does_not_start(tmp_path: Path) -> None:
    proof = tmp_path / "started"
    someone_else = str(os.getppid())
    with python(tether.__file__, someone_else, "/bin/touch", str(proof)) as process:
        assert process.wait() == 1
    assert not proof.exists()


def test_an_idle_supervisor_sleeps_and_does_not_poll(tmp_path: Path) -> None:
    with python("-c", DRIVER % SLEEPER, str(tmp_path)) as driver:
        assert driver.stdout
        driver.stdout.readline()
        process = psutil.Process(driver.pid)
        before = process.num_ctx_switches().voluntary
        time.sleep(1.5)  # what is counted is how often it wakes up meanwhile
        assert process.num_ctx_switches().voluntary - before <= 10
