"""Everything a run consists of: three services, Redis, databases, mail and the proxy between them, all our own."""

import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.chaos.clock import FastClock
from tests.chaos.mail import RoughMailServer
from tests.chaos.ports import steady_port
from tests.chaos.proxy import Proxy
from tests.chaos.stores import CONSUMERS, SERVICES, PostgresStores, SqliteStores, Stores, make_tally
from tests.servers import ADMIN, ADMIN_KEY, PERSON_KEY, ROOT, SERVICE_KEY, RedisServer, eventually

REMINDERS = "P1D,PT2H"
SABOTAGE = "CHAOS_SABOTAGE"
"""The variable that names guards to take away."""
TWIN = "notifications-2"
"""A second process of notifications, over the same PostgreSQL database and in the same group of the stream."""
_LINKS = ("registration-redis", "notifications-redis", "reporting-redis")


def service_of(process: str) -> str:
    """The twin's is notifications."""
    return process.removesuffix("-2")


@dataclass
class ChaosSystem:
    """Started once; single parts are killed, stopped and started again by faults.

    `twin`: notifications runs twice. `older`: a tree of an earlier version, from which the second of them is started.
    """

    folder: Path
    database: str
    clock: FastClock
    seed: int
    sabotage: str = ""
    rough: int = 15
    twin: bool = False
    older: Path | None = None
    ports: dict[str, int] = field(default_factory=lambda: {name: steady_port() for name in (*SERVICES, TWIN)})
    stores: Stores = field(init=False)
    redis: RedisServer = field(init=False)
    mail: RoughMailServer = field(init=False)
    proxy: Proxy = field(init=False)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        data = self.folder / "data"
        self.stores = SqliteStores(data) if self.database == "sqlite" else PostgresStores()
        self.redis = RedisServer(self.folder / "redis", steady_port())
        self.mail = RoughMailServer(self.clock, self.seed, self.rough)
        self.proxy = Proxy(self._targets())

    def _targets(self) -> dict[str, int]:
        """Link -> the port behind it."""
        targets = dict.fromkeys(_LINKS, self.redis.port)
        door = self.ports["registration"]
        targets |= {"notifications-registration": door, "reporting-registration": door, "posters-registration": door}
        targets["notifications-mail"] = self.mail.port
        if isinstance(self.stores, PostgresStores):
            targets |= {f"{service}-postgresql": self.stores.server.port for service in SERVICES}
        return targets

    @property
    def processes(self) -> tuple[str, ...]:
        """What is started and may be hurt."""
        return (*SERVICES, TWIN) if self.twin else SERVICES

    def processes_of(self, service: str) -> list[str]:
        """One, or two."""
        return [process for process in self.processes if service_of(process) == service]

    def start(self) -> "ChaosSystem":
        """All of it, ready."""
        self.stores.start()
        make_tally(self.stores)
        self.redis.start()
        self.mail.start()
        self.proxy.start(self.folder)
        self.launch(*self.processes)
        for process in self.processes:
            self.await_ready(process)
        return self

    def stop(self) -> None:
        """End every process that this run started, by its own id."""
        for service in list(self._running):
            with contextlib.suppress(ProcessLookupError):
                self._running[service].send_signal(signal.SIGCONT)
            self.end(service)
        self.proxy.stop()
        self.redis.kill()
        self.mail.stop()
        self.stores.stop()

    def launch(self, *processes: str) -> None:
        """Start, without waiting."""
        for process in processes:
            home = self.older if self.older and process == TWIN else ROOT
            with (self.folder / f"{process}.log").open("ab") as log:
                argv = [sys.executable, "-m", "tests.chaos.launcher", service_of(process)]
                environment = self._environment(process)
                self._running[process] = subprocess.Popen(argv, cwd=home, env=environment, stdout=log, stderr=log)

    def kill(self, service: str) -> None:
        """kill -9."""
        process = self._running.pop(service)
        process.kill()
        process.wait()

    def end(self, service: str) -> None:
        """SIGTERM, as a deploy does; -9 for one that does not listen."""
        process = self._running.pop(service)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def signal(self, service: str, number: int) -> None:
        """To the running process."""
        self._running[service].send_signal(number)

    def limit_files(self, service: str, most: int) -> None:
        """The largest file that the process may write from now on; -1 takes the limit away."""
        _, hard = psutil.Process(self._running[service].pid).rlimit(psutil.RLIMIT_FSIZE)
        psutil.Process(self._running[service].pid).rlimit(psutil.RLIMIT_FSIZE, (most, hard))

    def died(self) -> list[str]:
        """Services that ended without having been told to."""
        return [name for name, process in self._running.items() if process.poll() is not None]

    def await_ready(self, service: str, seconds: float = 150) -> None:
        """Until it answers that it is."""
        eventually(lambda: self.health(service)[0] == 200, seconds, f"{service} is ready")

    def health(self, service: str) -> tuple[int, dict[str, Any]]:
        """Status and body of `/health/ready`; 0 where nobody answers."""
        with contextlib.suppress(httpx.HTTPError, ValueError):
            answer = httpx.get(f"{self.url(service)}/health/ready", headers=ADMIN, timeout=15)
            return answer.status_code, answer.json()
        return 0, {}

    def url(self, service: str) -> str:
        """Past the proxy."""
        return f"http://127.0.0.1:{self.ports[service]}"

    def client(self, service: str, timeout: float = 60) -> httpx.Client:
        """With the admin key, past the proxy."""
        return httpx.Client(base_url=self.url(service), headers=ADMIN, timeout=timeout)

    def _environment(self, process: str) -> dict[str, str]:
        through, service = self.proxy.ports, service_of(process)
        named = {f"{name.upper()}_PORT": str(self.ports[name]) for name in SERVICES}
        named[f"{service.upper()}_PORT"] = str(self.ports[process])
        database = self.stores.direct(service)
        if isinstance(self.stores, PostgresStores):
            database = self.stores.through(through[f"{service}-postgresql"], service)
        behind = f"{service}-registration" if service in CONSUMERS else None
        return {
            **self._inherited(),
            **named,
            **self.clock.environment(),
            SABOTAGE: self.sabotage,
            f"{service.upper()}_DATABASE_URL": database,
            "KOMERBIJ_RATE_LIMIT": "0",  # whoever tries to break it posts faster than any partner may
            "KOMERBIJ_ADMIN_KEY": ADMIN_KEY,
            "KOMERBIJ_SERVICE_KEY": SERVICE_KEY,
            "REGISTRATION_PERSON_KEY": PERSON_KEY,
            "KOMERBIJ_DATA": str(self.folder / ("files-2" if process == TWIN else "files")),
            "KOMERBIJ_REDIS_URL": f"redis://127.0.0.1:{through[f'{service}-redis']}/0",
            "REGISTRATION_URL": f"http://127.0.0.1:{through[behind]}" if behind else self.url("registration"),
            "NOTIFICATIONS_SMTP_URL": f"smtp://127.0.0.1:{through['notifications-mail']}",
            "NOTIFICATIONS_SENDER": "KomErbij <afzender@example.org>",
            "NOTIFICATIONS_QUIET_HOURS": "",
            "NOTIFICATIONS_REMINDERS": REMINDERS,
            "NOTIFICATIONS_MAILS_PER_SECOND": "0",  # all addresses are of one domain, and a clock that goes faster
        }

    def _inherited(self) -> dict[str, str]:
        """Where byte code may not be kept, a start would take three times as long: then it is kept elsewhere."""
        inherited = dict(os.environ)
        if inherited.pop("PYTHONDONTWRITEBYTECODE", None):
            inherited.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / "var" / "byte-code"))
        return inherited
