"""A partner's desk: a sheet in a folder, a stand-in for registration, and the command."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from cli.spreadsheets.secret import secret_beside
from tests.unit.cli.conftest import Command, Service

Json = dict[str, Any]


class Desk:
    """`load` runs the command for partner `avedan`."""

    def __init__(self, folder: Path, service: Service, command: Command) -> None:
        self.folder = folder
        self.memory = service.memory
        self.url = service.url
        self._command = command

    def sheet(self, text: str, name: str = "sheet.csv") -> Path:
        """Write a sheet."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def load(self, path: Path, kind: str, *more: str, partner: str | None = "avedan") -> Result:
        """Load a sheet."""
        whose = ("--partner", partner) if partner else ()
        return self._command("load", path, "--as", kind, "--url", self.url, *whose, *more)

    def undo(self, path: Path) -> Result:
        """Load a file of events."""
        return self._command("load", path, "--url", self.url)

    def undo_events(self, path: Path) -> list[Json]:
        """What the undo file of a sheet holds."""
        undo = path.with_name(path.name + ".undo.ndjson")
        return [json.loads(line) for line in undo.read_text(encoding="utf-8").splitlines()]

    def posted(self) -> list[Json]:
        """Everything that was taken, in order."""
        return list(self.memory.events.values())

    def number(self, activity: str, ref: str) -> str:
        """The number that a sign-up without one gets in this folder."""
        return "s-" + secret_beside(self.folder / "sheet.csv", keep=True).code("signup", activity, ref, "participant")


@pytest.fixture
def desk(tmp_path: Path, service: Service, command: Command) -> Desk:
    return Desk(tmp_path, service, command)


def table(output: str) -> list[list[str]]:
    """The cells of the rows of a printed table."""
    lines = [line for line in output.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in re.split("│", line)[1:-1]] for line in lines]


def short(events: list[Json]) -> list[tuple[str, Any]]:
    """Events as their names and data."""
    return [(event["type"].split(".")[2], event["data"]) for event in events]
