"""The example of Almelo: partners, quoted figures, two years, the week ahead; then publications and the fact sheet."""

import importlib
import json
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console

from cli.client import Client
from cli.errors import Complaint
from cli.fact_sheet import print_fact_sheet
from cli.journal import Journal, Progress
from cli.load import load_file
from cli.load_report import summary, watching
from cli.write_door import Interrupted, WriteDoor

YEAR, COMPARED = 2024, 2023
APPLIED_WITHIN = 120.0
"""Seconds in which reporting must have read what was loaded."""

_LARGEST_POST = 500


@dataclass(frozen=True)
class Example:
    """Where the example stands and whom it is told to."""

    folder: Path
    urls: Mapping[str, str]
    key: str = field(repr=False)
    journal_folder: Path
    console: Console
    stop: threading.Event

    def show(self, today: date) -> None:
        """Tell everything and print the fact sheet. A start that was broken off is completed; nothing counts twice."""
        registration = Client(self.urls["registration"], self.key)
        reporting = Client(self.urls["reporting"], self.key)
        with registration, reporting:
            self._set_up(registration, reporting)
            self._say(self._load(registration))
            head = self._coming_week(registration, today)
            _wait_for(reporting, head, self.stop)
            sheet = reporting.get(f"/v1/fact-sheets/{YEAR}", compareTo=COMPARED, live="true")
            publish(reporting)
        print_fact_sheet(self.console, sheet)
        self._say(f"For everybody, as published: {reporting.url}/v1/fact-sheets/{YEAR}?compareTo={COMPARED}")

    def _set_up(self, registration: Client, reporting: Client) -> None:
        setup: dict[str, list[dict[str, Any]]] = json.loads(self._file("setup.json").read_text(encoding="utf-8"))
        for partner in setup["partners"]:
            body = {name: value for name, value in partner.items() if name != "partnerId"}
            registration.request("PUT", f"/v1/partners/{partner['partnerId']}", json=body)
        for figure in setup["externalFigures"]:
            body = {name: value for name, value in figure.items() if name != "id"}
            reporting.request("PUT", f"/v1/external-figures/{figure['id']}", json=body)

    def _load(self, registration: Client) -> str:
        """The journal stays: a second start asks about the last chunk only, and loads anew if that is unknown."""
        path = self._file("2023-2024.ndjson")
        journal = Journal(self.journal_folder, path, registration.url)
        steps: list[int] = []
        with watching(self.console, path) as watch:

            def count(progress: Progress) -> None:
                steps.append(progress.received)
                watch(progress)

            progress = load_file(path, WriteDoor(registration, self.stop), count, journal=journal)
        how = "was loaded before" if steps == [progress.received] else "is loaded"
        return f"The example {how}: {summary(progress)}"

    def _coming_week(self, registration: Client, today: date) -> int:
        """The log's head afterwards: who has applied that has seen the whole example."""
        events = [orjson.dumps(event) for event in _coming_week()(today)]
        door = WriteDoor(registration, self.stop)
        for start in range(0, len(events), _LARGEST_POST):
            refused = [
                d for d in door.post(events[start : start + _LARGEST_POST]) if d.outcome in ("rejected", "failed")
            ]
            for decision in refused:
                self._say(f"The coming week: an event was {decision.outcome} ({decision.code}: {decision.detail})")
        return int(registration.get("/v1/log", after=0, limit=1)["head"])

    def _file(self, name: str) -> Path:
        path = self.folder / name
        if not path.is_file():
            raise Complaint(f"The example is not there: {path} is missing.")
        return path

    def _say(self, text: str) -> None:
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)


def publish(reporting: Client) -> None:
    """What everybody may see of both years, once: a publication never changes, and a second start finds it."""
    published = {one["period"] for one in reporting.get("/v1/publications", limit=500)["items"]}
    for year in (str(COMPARED), str(YEAR)):
        if year not in published:
            reporting.request("POST", "/v1/publications", json={"period": year})


def _wait_for(reporting: Client, head: int, stop: threading.Event) -> None:
    deadline = time.monotonic() + APPLIED_WITHIN
    while (applied := _applied(reporting)) < head:
        if time.monotonic() > deadline:
            raise Complaint(f"Reporting has read the log up to {applied} of {head} and does not get on; see its log.")
        if stop.wait(0.2):
            raise Interrupted("Stopped.")


def _applied(reporting: Client) -> int:
    return int(reporting.get("/v1/statistics", indicator="participants", period=str(YEAR))["asOf"]["sequence"])


def _coming_week() -> Callable[[date], list[dict[str, Any]]]:
    """From `examples/almelo/coming_week.py`, which is no part of the installed package."""
    root = str(repository())
    if root not in sys.path:
        sys.path.append(root)
    found: Callable[[date], list[dict[str, Any]]] = importlib.import_module("examples.almelo.coming_week").coming_week
    return found


def repository() -> Path:
    """The folder that holds `cli/` and `examples/`."""
    return Path(__file__).resolve().parents[1]
