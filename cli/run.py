"""`komerbij run`: the embedded Redis and the three services in one hand, until Ctrl-C."""

import asyncio
import signal
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from rich.console import Console

from cli import embedded_redis
from cli.children import Plan, check_ports, plan
from cli.data_folder import DataFolder
from cli.errors import Complaint
from cli.example import Example, repository
from cli.readiness import tail, until_ready
from cli.supervisor import Supervisor
from cli.welcome import remember_addresses, welcome
from shared.clock import AMSTERDAM

REDIS_WITHIN = 30.0
_PORT_PATIENCE = 20
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(folder: DataFolder, environ: Mapping[str, str], console: Console, *, example: bool) -> None:
    """Hold the folder, start everything, stay until a signal, end everything. Complains when something never comes."""
    with folder.locked():
        asyncio.run(_System(folder, environ, console).live(example=example))


class _System:
    """One run, from first child to last."""

    def __init__(self, folder: DataFolder, environ: Mapping[str, str], console: Console) -> None:
        self._folder = folder
        self._environ = environ
        self._console = console
        self._supervisor = Supervisor(self._say)
        self._stopped = asyncio.Event()
        self._stop_threads = threading.Event()

    async def live(self, *, example: bool) -> None:
        for number in _SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self._on_signal)
        work = asyncio.create_task(self._bring_up(example))
        stopped = asyncio.create_task(self._stopped.wait())
        try:
            await asyncio.wait((work, stopped), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
            await stopped
        finally:
            stopped.cancel()
            await self._end(work)

    def _on_signal(self) -> None:
        """The first asks for an orderly end, the second for a quick one."""
        if self._stopped.is_set():
            self._supervisor.hurry()
        self._stopped.set()

    async def _end(self, work: "asyncio.Task[None]") -> None:
        self._stop_threads.set()
        work.cancel()
        with suppress(asyncio.CancelledError, Complaint):
            await work
        if self._supervisor.has_children:
            self._say("Stopping ...")
            await self._supervisor.stop()
            self._say("Stopped.")

    async def _bring_up(self, example: bool) -> None:
        await self._free_ports()
        planned = plan(self._folder, await self._redis(), self._environ)
        remember_addresses(self._folder, planned.urls)
        self._say("Starting registration, notifications and reporting ...")
        self._supervisor.start(*planned.children)
        await until_ready(self._supervisor, planned, self._say)
        if example:
            await self._example(planned)
        welcome(self._console, self._folder, planned, self._environ)

    async def _free_ports(self) -> None:
        """A run that was killed a moment ago may still be letting go of its ports."""
        for _ in range(_PORT_PATIENCE):
            try:
                return check_ports(self._environ)
            except Complaint:
                await asyncio.sleep(0.1)
        return check_ports(self._environ)

    async def _redis(self) -> str:
        given = self._environ.get("KOMERBIJ_REDIS_URL")
        if given:
            return given
        child, url = embedded_redis.prepare(self._folder)
        self._supervisor.start(child)
        if not await embedded_redis.wait_until_it_answers(url, REDIS_WITHIN):
            raise Complaint(f"The embedded Redis does not come. The end of {child.log}:\n{tail(child.log)}")
        return url

    async def _example(self, planned: Plan) -> None:
        folder = repository() / "examples" / "almelo"
        example = Example(folder, planned.urls, planned.admin_key, self._folder.path, self._console, self._stop_threads)
        try:
            await asyncio.to_thread(example.show, datetime.now(AMSTERDAM).date())
        except Complaint as complaint:
            self._say(f"The example is not complete: {complaint.sentence}")

    def _say(self, text: str) -> None:
        """Where nobody can read any more, there is still an orderly end to make."""
        with suppress(OSError, SystemExit):
            self._console.print(text, markup=False, highlight=False, soft_wrap=True)
