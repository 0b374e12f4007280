"""Raw entries to events: each by itself, so that one that cannot be read hides no other (traps T6, T28, N5)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import orjson

from shared.events.envelope import StreamEvent, UnreadableEvent, read_event
from shared.messaging.cloud_event_format import Entry

_LAST = 2**63 - 1
"""The greatest sequence that a database can keep; ids of a Redis stream go further."""
_PLACE = re.compile(r"([1-9][0-9]{0,18})-0")


class Unreadable(NamedTuple):
    """An entry that is no event of ours, and why; the reason never repeats a value of it."""

    entry: Entry
    reason: str


class Batch(NamedTuple):
    """Entries, read."""

    events: list[tuple[Entry, StreamEvent]]
    unreadable: list[Unreadable]


def place(stream_id: str) -> int | None:
    """The sequence that a stream id `<sequence>-0` names; None for an id that is none of ours."""
    found = _PLACE.fullmatch(stream_id)
    sequence = int(found[1]) if found else 0
    return sequence if 0 < sequence <= _LAST else None


def read_entry(entry: Entry) -> StreamEvent:
    """The event of an entry; UnreadableEvent where there is none, or another than its id says (trap N5)."""
    event = read_event(entry.body)
    if place(entry.stream_id) != event.sequence:
        raise UnreadableEvent("the stream id is not the event's sequence")
    if "\0" in event.id:
        raise UnreadableEvent("a NUL in the id")  # PostgreSQL keeps none
    return event


def read_batch(entries: Sequence[Entry]) -> Batch:
    """Every entry, one by one."""
    batch = Batch([], [])
    for entry in entries:
        try:
            batch.events.append((entry, read_entry(entry)))
        except UnreadableEvent as error:
            batch.unreadable.append(Unreadable(entry, str(error)))
    return batch


def named(entry: Entry) -> tuple[str, str]:
    """The (id, type) that an entry of the log says it has, though this version cannot read it; empty where unsaid."""
    try:
        whole = orjson.loads(entry.body)
    except orjson.JSONDecodeError:
        return "", ""
    found = whole if isinstance(whole, dict) else {}
    return str(found.get("id", "")), str(found.get("type", ""))
