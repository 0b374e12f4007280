"""Real servers for tests: Redis as a process that can be killed, and the three services as processes."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import redis

from cli.embedded_redis import find_server

ADMIN_KEY = "a" * 40
SERVICE_KEY = "s" * 40
PERSON_KEY = "p" * 40
ADMIN = {"Authorization": f"Bearer {ADMIN_KEY}"}
ROOT = Path(__file__).resolve().parents[1]
Found = TypeVar("Found")


class FirstWords(httpx.HTTPTransport):
    """Of an answer that goes on, the first event is the answer; everything else as it comes."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        if request.method == "HEAD" or not answer.headers.get("Content-Type", "").startswith("text/event-stream"):
            return answer
        first = next(answer.iter_raw())
        answer.close()
        return httpx.Response(answer.status_code, headers=answer.headers, content=first)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def eventually(look: Callable[[], Found], seconds: float = 20.0, what: str = "") -> Found:
    """Look again and again until something true is seen; fail with `what` when the deadline passes."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"not seen within {seconds} s: {what or look}"
        time.sleep(0.02)


@dataclass
class RedisServer:
    """A Redis-compatible server as a process of our own, with an append-only file in `folder`."""

    folder: Path
    port: int = field(default_factory=free_port)
    options: tuple[str, ...] = ()
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> "RedisServer":
        self.folder.mkdir(parents=True, exist_ok=True)
        arguments = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", ""]
        arguments += ["--appendonly", "yes", "--maxmemory-policy", "noeviction", *self.options]
        log = (self.folder / "redis.log").open("ab")
        self._process = subprocess.Popen([str(find_server()), *arguments], stdout=log, stderr=log)
        log.close()
        eventually(self._answers, what="redis answers")
        return self

    def client(self) -> "redis.Redis":
        return redis.Redis(port=self.port, socket_timeout=5)

    def kill(self) -> None:
        """kill -9."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def forget_everything(self) -> None:
        """Remove what is on disk; the server must be down."""
        for path in sorted(self.folder.rglob("*"), reverse=True):
            if path.name != "redis.log":
                path.rmdir() if path.is_dir() else path.unlink()

    def _answers(self) -> bool:
        with contextlib.suppress(redis.RedisError), self.client() as client:
            return bool(client.ping())
        return False


@dataclass
class System:
    """The three services as real processes on free ports, over `databases` by service, else SQLite in `folder`."""

    folder: Path
    redis_url: str
    extra: dict[str, str] = field(default_factory=dict)
    databases: dict[str, str] = field(default_factory=dict)
    ports: dict[str, int] = field(
        default_factory=lambda: {name: free_port() for name in ("registration", "notifications", "reporting")}
    )
    modules: dict[str, str] = field(default_factory=dict)
    """Service -> what is started in its place."""
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.ports[service]}"

    def database(self, service: str) -> str:
        """The URL of a service's database."""
        return self.databases.get(service, f"sqlite:///{self.folder / service}.db")

    def client(self, service: str) -> httpx.Client:
        return httpx.Client(base_url=self.url(service), headers=ADMIN, timeout=60, transport=FirstWords())

    def start(self, *services: str) -> "System":
        self.folder.mkdir(parents=True, exist_ok=True)
        for service in services or self.ports:
            log = (self.folder / f"{service}.log").open("ab")
            argv = [sys.executable, "-m", self.modules.get(service, f"services.{service}")]
            self._running[service] = subprocess.Popen(argv, cwd=ROOT, env=self._environment(), stdout=log, stderr=log)
            log.close()
        for service in services or self.ports:
            eventually(lambda name=service: self.ready(name), 90, f"{service} is ready")  # type: ignore[misc]  # a default
        return self

    def ended(self, service: str, seconds: float = 90.0) -> tuple[int, str]:
        """Start a service that is expected to end by itself: its exit code, and what it said."""
        argv = [sys.executable, "-m", f"services.{service}"]
        ended = subprocess.run(
            argv, cwd=ROOT, env=self._environment(), capture_output=True, text=True, timeout=seconds, check=False
        )
        return ended.returncode, ended.stderr

    def kill(self, service: str) -> None:
        """kill -9."""
        process = self._running.pop(service)
        process.kill()
        process.wait()

    def stop(self) -> None:
        for process in self._running.values():
            process.send_signal(signal.SIGTERM)
        for process in self._running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()

    def ready(self, service: str) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.url(service)}/health/ready", timeout=5).status_code == 200
        return False

    def head(self) -> int:
        """The last sequence of the log."""
        with self.client("registration") as client:
            head: int = client.get("/v1/log", params={"limit": 1}).json()["head"]
            return head

    def settled(self, seconds: float = 30.0) -> int:
        """Wait until reporting has applied the whole log; returns its head."""
        head = self.head()
        eventually(lambda: self.position() >= head, seconds, f"reporting has applied {head}")
        return head

    def position(self) -> int:
        with contextlib.suppress(httpx.HTTPError, KeyError), self.client("reporting") as client:
            answer = client.get("/v1/statistics", params={"indicator": "activities", "period": "2024"})
            sequence: int = answer.json()["asOf"]["sequence"]
            return sequence
        return -1

    def _environment(self) -> dict[str, str]:
        named = {f"{name.upper()}_PORT": str(port) for name, port in self.ports.items()}
        databases = {f"{name.upper()}_DATABASE_URL": self.database(name) for name in self.ports}
        return {
            **os.environ,
            **named,
            **databases,
            "KOMERBIJ_ADMIN_KEY": ADMIN_KEY,
            "KOMERBIJ_SERVICE_KEY": SERVICE_KEY,
            "REGISTRATION_PERSON_KEY": PERSON_KEY,
            "KOMERBIJ_DATA": str(self.folder),
            "KOMERBIJ_REDIS_URL": self.redis_url,
            "REGISTRATION_URL": self.url("registration"),
            "NOTIFICATIONS_PUBLIC_URL": self.url("notifications"),
            **self.extra,
        }


def post_batch(client: httpx.Client, events: list[Any]) -> dict[str, Any]:
    """Post events through the write door as one batch; fails on anything but 200."""
    answer = client.post("/v1/events", json=events, headers={"Content-Type": "application/cloudevents-batch+json"})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@contextlib.contextmanager
def running_redis(folder: Path, *options: str) -> Iterator[RedisServer]:
    """A server for the length of a block."""
    server = RedisServer(folder, options=options).start()
    try:
        yield server
    finally:
        server.kill()
