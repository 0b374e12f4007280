"""Real processes for the tests of the cli: started, watched by pid, and never left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[3]

DEADLINE = 30.0


def eventually(holds: Callable[[], object], what: str, within: float = DEADLINE) -> None:
    """Poll until it holds; fail with `what` after the deadline."""
    end = time.monotonic() + within
    while not holds():
        assert time.monotonic() < end, f"not within {within:g} s: {what}"
        time.sleep(0.02)


def lives(pid: int) -> bool:
    """A process that runs; a zombie does not."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def descendants(pid: int) -> list[int]:
    """All that stem from a process and live."""
    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


@contextmanager
def python(
    *arguments: str, env: dict[str, str] | None = None, cwd: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A Python process with its output in a pipe; ended with all its children when the test is over."""
    full = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    command = [sys.executable, *arguments]
    process = subprocess.Popen(command, env=full, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    born: list[int] = []
    try:
        yield process
    finally:
        if process.poll() is None:
            born = descendants(process.pid)
            process.send_signal(signal.SIGKILL)
        process.communicate()
        end(born)


def end(pids: list[int]) -> None:
    """Kill whichever of these a failed test has left."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
