"""What a row says: the thing it is about, and the events that tell it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import orjson

from cli.spreadsheets.secret import Secret
from shared.clock import rfc3339

SOURCE: Final = "urn:nld:komerbij:spreadsheet"
"""The CloudEvents `source` of every event that a spreadsheet becomes."""

CONTACT: Final = ("name", "email", "phone", "address", "reachVia")
"""Members of a participant that are kept nowhere but in registration (contract section 3)."""


@dataclass(frozen=True)
class Fact:
    """One event without its id. `time` is its own, else that of the load plus `step` milliseconds."""

    name: str
    data: Mapping[str, Any]
    time: datetime | None = None
    step: int = 0


@dataclass(frozen=True)
class Entry:
    """What one row (of a series: one day of it) says. `key` names the thing, the same in a corrected copy."""

    row: int
    key: str
    facts: tuple[Fact, ...]

    def content(self, secret: Secret) -> str:
        """What it says as a code, whatever the file's dialect; keyed, because it says names and numbers too."""
        told = [[fact.name, fact.data, fact.time and rfc3339(fact.time)] for fact in self.facts]
        return secret.code("content", self.key, told)


def nested(places: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """An event from its places (JSON Pointers) and values; days and moments as the contract writes them."""
    event: dict[str, Any] = {}
    for place, value in places:
        *path, last = place[1:].split("/")
        inside = event
        for name in path:
            inside = inside.setdefault(name, {})
        inside[last] = _on_the_wire(value)
    return event


def _on_the_wire(value: Any) -> Any:
    if isinstance(value, datetime):
        return rfc3339(value)
    return value.isoformat() if isinstance(value, date) else value


def without_contact(fact: Fact) -> Fact:
    """The same without a name, address or number: what may be kept to restore it."""
    if "participant" not in fact.data:
        return fact
    person = {name: value for name, value in fact.data["participant"].items() if name not in CONTACT}
    return Fact(fact.name, {**fact.data, "participant": person}, fact.time, fact.step)


def event_id(entry: Entry, loaded: datetime, secret: Secret) -> str:
    """A function of what is said and when it was first loaded: the same file again is the same event."""
    return "csv-" + secret.code("event", entry.key, entry.content(secret), rfc3339(loaded))


def event_of(fact: Fact, name: str, loaded: datetime, partner: str | None, **extensions: str) -> dict[str, Any]:
    """A CloudEvent for the write door."""
    time = fact.time or loaded + timedelta(milliseconds=fact.step)
    return {
        "specversion": "1.0",
        "id": name,
        "source": SOURCE,
        "type": f"nl.meedoen.{fact.name}.v1",
        "time": rfc3339(time),
        **({"partnerid": partner} if partner else {}),
        **extensions,
        "data": fact.data,
    }


def events_of(entry: Entry, loaded: datetime, partner: str | None, secret: Secret) -> list[bytes]:
    """All events of an entry, in order, as JSON."""
    name = event_id(entry, loaded, secret)
    return [orjson.dumps(event_of(fact, suffixed(name, at), loaded, partner)) for at, fact in enumerate(entry.facts)]


def suffixed(name: str, at: int) -> str:
    """The ids of an entry's events: the first is the entry's own."""
    return f"{name}.{at}" if at else name
