"""A project of docker-compose.yml for tests: a name, keys and ports of its own, and nothing left when it is over."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.servers import ROOT, free_port

SERVICES = ("registration", "notifications", "reporting")
COMPOSE_FILE = ROOT / "docker-compose.yml"
KEYS = ("KOMERBIJ_ADMIN_KEY", "KOMERBIJ_SERVICE_KEY", "REGISTRATION_PERSON_KEY")
_TOUCHING_THE_ENGINE = ("PATH", "HOME", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CONTEXT")


def why_not() -> str | None:
    """Why containers cannot be tried on this machine; None where they can."""
    if shutil.which("docker") is None:
        return "there is no docker command"
    for command, wanted in ((["info"], "no Docker engine answers"), (["compose", "version"], "there is no Compose")):
        if subprocess.run(["docker", *command], capture_output=True, timeout=30, check=False).returncode:
            return wanted
    return None


def _fresh_keys() -> dict[str, str]:
    return {name: secrets.token_hex(32) for name in KEYS}


def _free_ports() -> dict[str, int]:
    return {service: free_port() for service in SERVICES}


@dataclass
class Stack:
    """The composed system; `folder` holds its env file."""

    folder: Path
    project: str = field(default_factory=lambda: f"komerbij-test-{secrets.token_hex(4)}")
    keys: dict[str, str] = field(default_factory=_fresh_keys)
    ports: dict[str, int] = field(default_factory=_free_ports)

    def compose(self, *arguments: str, seconds: float = 120) -> str:
        """Run `docker compose` on this project; what it printed. Fails with its complaint."""
        options = ["--project-name", self.project, "--env-file", str(self._env_file()), "--file", str(COMPOSE_FILE)]
        return _docker(["compose", *options, *arguments], seconds)

    def build(self) -> None:
        """Build the images. The first alone: a classic builder would install the libraries three times at once."""
        for service in SERVICES:
            self.compose("build", service, seconds=600)

    def inside(self, service: str, *command: str) -> str:
        """What a command prints in the running container of a service."""
        return self.compose("exec", "-T", service, *command).strip()

    def container(self, service: str) -> str:
        """The id of a service's container, running or not."""
        return self.compose("ps", "--all", "--quiet", service).strip()

    def inspect(self, service: str, template: str) -> str:
        """A fact about a service's container, by a Go template."""
        return _docker(["inspect", "--format", template, self.container(service)], 30).strip()

    def client(self, service: str) -> httpx.Client:
        """A client with the admin key, through the published port."""
        headers = {"Authorization": f"Bearer {self.keys['KOMERBIJ_ADMIN_KEY']}"}
        return httpx.Client(base_url=f"http://127.0.0.1:{self.ports[service]}", headers=headers, timeout=30)

    def remove(self) -> None:
        """Containers, volumes, networks and images of this project."""
        self.compose("down", "--volumes", "--rmi", "local", "--timeout", "10")

    def _env_file(self) -> Path:
        path = self.folder / "stack.env"
        ports = {f"{service.upper()}_PORT": str(port) for service, port in self.ports.items()}
        path.write_text("".join(f"{name}={value}\n" for name, value in {**self.keys, **ports}.items()))
        path.chmod(0o600)
        return path


def _docker(arguments: Sequence[str], seconds: float) -> str:
    """Without the caller's variables: Compose lets the shell's win over the env file's."""
    environment = {name: os.environ[name] for name in _TOUCHING_THE_ENGINE if name in os.environ}
    environment["DOCKER_BUILDKIT"] = "0"
    done = subprocess.run(
        ["docker", *arguments], capture_output=True, text=True, timeout=seconds, env=environment, check=False
    )
    assert done.returncode == 0, f"docker {' '.join(arguments)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout
