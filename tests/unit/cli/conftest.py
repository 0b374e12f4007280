"""A stand-in for a service, and commands run as an operator would, away from this machine's own folders."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from tests.unit.cli.stand_in import KEY, Memory, standing_in

Command = Callable[..., Result]


@dataclass
class Service:
    """A stand-in that serves."""

    memory: Memory
    url: str


@pytest.fixture
def service() -> Iterator[Service]:
    memory = Memory()
    with standing_in(memory) as url:
        yield Service(memory, url)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`command("load", ...)`; the environment knows the key, state and data folders are the test's own."""
    monkeypatch.setenv("KOMERBIJ_ADMIN_KEY", KEY)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("KOMERBIJ_DATA", str(tmp_path / "var"))
    for name in ("REGISTRATION", "NOTIFICATIONS", "REPORTING"):
        monkeypatch.delenv(f"{name}_PORT", raising=False)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return run
