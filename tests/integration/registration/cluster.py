"""Several registration processes on one database, as real processes that can be killed."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.factories import PARTNER, Json
from tests.integration.registration.running import MUNICIPALITY, SERVICE, SINGLE
from tests.servers import ADMIN, ADMIN_KEY, PERSON_KEY, ROOT, SERVICE_KEY, eventually, free_port

STANDS_BY = "another process sends"


@dataclass
class Cluster:
    """Processes by number; all of them answer, one of them sends."""

    folder: Path
    database_url: str
    redis_url: str
    ports: list[int] = field(default_factory=lambda: [free_port() for _ in range(4)])
    key: dict[str, str] = field(default_factory=dict)
    _running: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, *numbers: int) -> None:
        """These, or all."""
        wanted = numbers or range(len(self.ports))
        for number in wanted:
            log = (self.folder / f"registration-{number}.log").open("ab")
            environment = self._environment(number)
            argv = [sys.executable, "-m", "services.registration"]
            self._running[number] = subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=log, stderr=log)
            log.close()
        for number in wanted:
            eventually(lambda at=number: self.check(at) is not None, 120, f"process {number} is ready")  # type: ignore[misc]  # a default

    def kill(self, number: int) -> None:
        """kill -9."""
        process = self._running.pop(number)
        process.kill()
        process.wait()

    def stop(self) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()
        self._running.clear()

    def check(self, number: int) -> Json | None:
        """What a process says of its relay; None while it does not answer."""
        with contextlib.suppress(httpx.HTTPError):
            answer = httpx.get(f"{self.url(number)}/health/ready", timeout=10)
            if answer.status_code == 200:
                found: Json = answer.json()["checks"]["redis"]
                return found
        return None

    def leader(self) -> int:
        """The process that sends; waits until there is one."""
        return eventually(self._sending, 30, "somebody sends")[0]

    def _sending(self) -> list[int]:
        return [number for number in self._running if self.check(number) == {"status": "ok"}]

    def url(self, number: int) -> str:
        return f"http://127.0.0.1:{self.ports[number]}"

    def post(self, number: int, event: Json) -> httpx.Response:
        """One event at one process."""
        headers = {**self.key, "Content-Type": SINGLE}
        return httpx.post(f"{self.url(number)}/v1/events", json=event, headers=headers, timeout=60)

    def spread(self, events: list[Json], clients: int = 12) -> list[httpx.Response]:
        """Each event by itself at the next process, several clients at a time; answers in order."""
        with ThreadPoolExecutor(clients) as pool:
            return list(pool.map(self.post, (number % len(self.ports) for number in range(len(events))), events))

    def log(self, after: int = 0) -> list[Json]:
        """The event log, all pages."""
        items: list[Json] = []
        number = next(iter(self._running))
        while True:
            query: dict[str, Any] = {"after": items[-1]["sequence"] if items else after}
            page = httpx.get(f"{self.url(number)}/v1/log", params=query, headers=SERVICE, timeout=60).json()
            items += page["items"]
            if page["next"] is None:
                return items

    def meet_the_partner(self) -> None:
        """Partner `avedan`, with a key."""
        partner = {"name": "Avedan", "kind": "partner", "municipality": MUNICIPALITY, "joinedOn": "2019-05-01"}
        with httpx.Client(base_url=self.url(0), headers=ADMIN, timeout=60) as client:
            assert client.put(f"/v1/partners/{PARTNER}", json=partner).status_code == 200
            wanted = {"label": "test", "scopes": ["events:write"], "partnerId": PARTNER}
            self.key = {"Authorization": f"Bearer {client.post('/v1/keys', json=wanted).json()['key']}"}

    def _environment(self, number: int) -> dict[str, str]:
        return {
            **os.environ,
            "REGISTRATION_PORT": str(self.ports[number]),
            "REGISTRATION_DATABASE_URL": self.database_url,
            "REGISTRATION_PERSON_KEY": PERSON_KEY,
            "KOMERBIJ_ADMIN_KEY": ADMIN_KEY,
            "KOMERBIJ_SERVICE_KEY": SERVICE_KEY,
            "KOMERBIJ_REDIS_URL": self.redis_url,
            "KOMERBIJ_DATA": str(self.folder),
        }


@contextlib.contextmanager
def running_cluster(folder: Path, database_url: str, redis_url: str, processes: int = 4) -> Iterator[Cluster]:
    """All processes for the length of a block."""
    cluster = Cluster(folder, database_url, redis_url, [free_port() for _ in range(processes)])
    try:
        cluster.start()
        cluster.meet_the_partner()
        yield cluster
    finally:
        cluster.stop()
