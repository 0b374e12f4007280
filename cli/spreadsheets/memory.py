"""What a file has told before, kept beside it: the same again is a duplicate, a corrected row gets a later time."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cli.errors import Complaint
from cli.spreadsheets.facts import Entry, Fact, event_id, without_contact
from cli.spreadsheets.secret import Secret
from shared.clock import rfc3339

VERSION = 1
MARGIN = timedelta(seconds=1)
"""Between a load and the next one there is room for the times of what takes the first one back."""

FactRecord = dict[str, Any]


@dataclass
class Told:
    """What was last said about one thing. `counter` takes it back; `sent` means that no answer was seen yet."""

    id: str
    content: str
    time: str
    load: str
    sent: bool = True
    facts: list[FactRecord] = field(default_factory=list)
    counter: list[FactRecord] = field(default_factory=list)

    @property
    def moment(self) -> datetime:
        """The time of the load."""
        return datetime.fromisoformat(self.time)


@dataclass
class Destination:
    """What one system was told on behalf of one partner. `load` is the latest load that brought something."""

    load: str = ""
    complete: bool = True
    things: dict[str, list[Told]] = field(default_factory=dict)

    def last(self, key: str) -> Told | None:
        """What was last said about a thing."""
        told = self.things.get(key)
        return told[-1] if told else None

    def of_the_latest_load(self) -> Iterator[Told]:
        """Everything that load brought, in the order in which it was told."""
        every = [told for stack in self.things.values() for told in stack if told.load == self.load and not told.sent]
        yield from sorted(every, key=lambda told: told.time)


class Memory:
    """The file `<name>.komerbij.json` beside a spreadsheet, mode 0600.

    It holds what the sheet said, to restore it: references, shared references, age bands and neighbourhoods of people
    too, beside codes, ids and times. Names, addresses and telephone numbers are left out. An erasure does not reach it.
    """

    def __init__(self, sheet: Path) -> None:
        self.path = beside(sheet)
        self._latest, self._destinations = _read(self.path)

    def at(self, destination: str) -> Destination:
        """What one system was told."""
        return self._destinations.setdefault(destination, Destination())

    def next_time(self, now: datetime) -> datetime:
        """A load time after everything this file ever said, however clocks are set."""
        now = now.astimezone(UTC)
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        return max(now, self._latest + MARGIN) if self._latest else now

    def keep(self) -> None:
        """Write it, whole or not at all. Complains where it cannot be written: without it nothing could be undone."""
        every = [told.moment for one in self._destinations.values() for stack in one.things.values() for told in stack]
        self._latest = max([*every, *([self._latest] if self._latest else [])], default=None)
        body = {
            "version": VERSION,
            "latest": self._latest and rfc3339(self._latest),
            "destinations": {name: asdict(one) for name, one in self._destinations.items()},
        }
        write_private(self.path, json.dumps(body, ensure_ascii=False, indent=1))

    def take_back(self, ids: Iterable[str]) -> None:
        """What was undone was never said: the same file may tell it again."""
        undone = set(ids)
        for one in self._destinations.values():
            for key, stack in list(one.things.items()):
                one.things[key] = [told for told in stack if told.id not in undone]
                if not one.things[key]:
                    del one.things[key]

    def knows(self, ids: Iterable[str]) -> bool:
        """Was any of these events said and not taken back?"""
        wanted = set(ids)
        every = (told for one in self._destinations.values() for stack in one.things.values() for told in stack)
        return any(told.id in wanted for told in every)


def beside(sheet: Path) -> Path:
    """Where a spreadsheet's memory is."""
    return sheet.with_name(sheet.name + ".komerbij.json")


def told_now(entry: Entry, time: datetime, load: str, counter: Iterable[Fact], secret: Secret) -> Told:
    """What is about to be said."""
    kept = [] if entry.key.startswith("signups ") else [record(without_contact(fact)) for fact in entry.facts]
    back = [record(without_contact(fact)) for fact in counter]
    said = event_id(entry, time, secret), entry.content(secret)
    return Told(*said, rfc3339(time), load, facts=kept, counter=back)


def record(fact: Fact) -> FactRecord:
    """A fact as it is kept."""
    return {"name": fact.name, "data": dict(fact.data), "step": fact.step}


def fact(kept: Mapping[str, Any]) -> Fact:
    """A fact from what was kept."""
    return Fact(kept["name"], kept["data"], step=kept["step"])


def write_private(path: Path, text: str) -> None:
    """Write a file with mode 0600, whole or not at all. Complains where that is impossible."""
    draft = path.with_name(path.name + ".new")
    try:
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise Complaint(f"{path} cannot be written: {error.strerror}. Copy the file to a folder of your own.") from None


def _read(path: Path) -> tuple[datetime | None, dict[str, Destination]]:
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        latest = datetime.fromisoformat(body["latest"]) if body["latest"] else None
        return latest, {name: _destination(kept) for name, kept in body["destinations"].items()}
    except FileNotFoundError:
        return None, {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        message = f"{path} cannot be read ({type(error).__name__}). It knows what was loaded before: mend or remove it."
        raise Complaint(message) from None


def _destination(kept: dict[str, Any]) -> Destination:
    things = {key: [Told(**told) for told in stack] for key, stack in kept.pop("things").items()}
    return Destination(things=things, **kept)
