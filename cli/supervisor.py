"""Keeps child processes alive: starts, restarts with back-off, ends them in order, takes them along when it dies."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli import tether

BACKOFF = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before a restart, by failures in a row; the embedded Redis must be back within the contract's 10 s."""

STEADY_AFTER = 20.0
"""Seconds of life after which earlier failures no longer count."""

_LOG_LIMIT = 20 * 1024 * 1024
_PRIVATE = 0o077


@dataclass(frozen=True)
class Child:
    """A process to keep. Output goes to `log`; `mend(failures)` runs before a restart and may say what it did."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    log: Path
    grace: float = 10.0
    """Seconds between TERM and KILL at the end."""
    mend: Callable[[int], str | None] | None = None


class Supervisor:
    """Children in tiers: every `start` is one; `stop` ends the latest tier first, a tier's members together.

    Must be used from the main thread's event loop: the kernel ties a child to the thread that started it.
    """

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._tiers: list[list[_Life]] = []
        self._hurry = asyncio.Event()

    def start(self, *children: Child) -> None:
        """Start a tier and keep it alive until `stop`."""
        self._tiers.append([_Life(child, self._report, self._hurry) for child in children])

    async def stop(self) -> None:
        """TERM, grace, KILL, tier by tier; when this returns no child is left."""
        while self._tiers:
            await asyncio.gather(*(life.end() for life in self._tiers[-1]))
            self._tiers.pop()

    @property
    def has_children(self) -> bool:
        """Was anything started that `stop` has not ended?"""
        return bool(self._tiers)

    def hurry(self) -> None:
        """No more grace: whoever still lives is killed."""
        self._hurry.set()

    def pid(self, name: str) -> int | None:
        """The process that runs now, None between two lives."""
        return self._life(name).pid

    def failures(self, name: str) -> int:
        """How often it died in a row without having been steady in between."""
        return self._life(name).failures

    def _life(self, name: str) -> "_Life":
        return next(life for tier in self._tiers for life in tier if life.child.name == name)


class _Life:
    """One child over all its lives, driven by one task, so that starting and ending cannot cross."""

    def __init__(self, child: Child, report: Callable[[str], None], hurry: asyncio.Event) -> None:
        self.child = child
        self.failures = 0
        self.pid: int | None = None
        self._report = report
        self._hurry = hurry
        self._ending = asyncio.Event()
        self._task = asyncio.create_task(self._keep())

    async def end(self) -> None:
        self._ending.set()
        await self._task

    async def _keep(self) -> None:
        while not self._ending.is_set():
            born = time.monotonic()
            how = await self._one_life()
            if self._ending.is_set():
                return
            self.failures = 1 if time.monotonic() - born >= STEADY_AFTER else self.failures + 1
            delay = BACKOFF[min(self.failures, len(BACKOFF)) - 1]
            self._report(f"{self.child.name} {how}; it starts again in {delay:g} s (log: {self.child.log})")
            self._mend()
            with suppress(TimeoutError):
                async with asyncio.timeout(delay):  # wait_for of Python 3.11 may swallow a cancellation
                    await self._ending.wait()

    async def _one_life(self) -> str:
        try:
            process = await _spawn(self.child)
        except OSError as error:
            return f"could not be started ({error.strerror})"
        self.pid = process.pid
        await _first_of(process.wait(), self._ending.wait())
        if process.returncode is None:
            await self._terminate(process)
        self.pid = None
        code = await process.wait()
        return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"

    async def _terminate(self, process: Process) -> None:
        with suppress(ProcessLookupError):
            process.terminate()
        if not self._hurry.is_set():
            await _first_of(process.wait(), self._hurry.wait(), asyncio.sleep(self.child.grace))
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def _mend(self) -> None:
        said = self.child.mend(self.failures) if self.child.mend else None
        if said:
            self._report(said)


async def _spawn(child: Child) -> Process:
    """In a session of its own, so that the terminal's Ctrl-C reaches the supervisor alone and the order stays ours."""
    log = os.open(_fresh(child.log), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    tie = (sys.executable, "-I", "-S", tether.__file__, str(os.getpid()))
    try:
        return await asyncio.create_subprocess_exec(
            *tie,
            *child.argv,
            env=child.env,
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            umask=_PRIVATE,
        )
    finally:
        os.close(log)


def _fresh(log: Path) -> Path:
    """A log that has grown large is set aside once, before a start."""
    with suppress(FileNotFoundError):
        if log.stat().st_size > _LOG_LIMIT:
            log.replace(log.with_name(log.name + ".1"))
    return log


async def _first_of(*waits: Coroutine[Any, Any, object]) -> None:
    tasks = [asyncio.create_task(wait) for wait in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
