"""The CloudEvent around every event: reading it strictly, writing it in one way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from shared.clock import rfc3339
from shared.events.model import EventData
from shared.events.streams import EVENT_CLASSES

SOURCE = "urn:nld:meedoen:systeem:registration"
"""The source of everything on the stream; a partner's own source stays in registration."""

_ATTRIBUTES = frozenset(
    {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "sequence", "sequencetype", "data"}
)
_INSTANT: TypeAdapter[datetime] = TypeAdapter(datetime)


class UnreadableEvent(ValueError):  # noqa: N818  -- names the thing, as dead letters do
    """Bytes that are no event of ours; no retry mends them. The text never repeats a value."""


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One event as a consumer sees it. `sequence` is its place in the log, dense from 1."""

    sequence: int
    id: str
    type: str
    subject: str
    time: datetime
    data: EventData
    source: str = SOURCE
    extensions: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The short name: `signup-confirmed` for `nl.meedoen.signup-confirmed.v1`."""
        return self.type.split(".")[2]


def write_event(event: Mapping[str, Any], sequence: int, *, on_stream: bool) -> bytes:
    """A stored event as bytes; the only place where `sequence` enters the JSON (string on the stream, else number)."""
    whole = {**event, "sequence": str(sequence) if on_stream else sequence, "sequencetype": "Integer"}
    return orjson.dumps(whole)


def cloud_event(
    event_id: str, subject: str, event_type: str, time: datetime, data: EventData, extensions: Mapping[str, Any]
) -> dict[str, Any]:
    """The structured CloudEvent that the log keeps; it gets its `sequence` when it is sent."""
    return {
        **extensions,
        "specversion": "1.0",
        "id": event_id,
        "source": SOURCE,
        "type": event_type,
        "subject": subject,
        "time": rfc3339(time),
        "datacontenttype": "application/json",
        "data": data.model_dump(mode="json", by_alias=True),
    }


def read_event(raw: bytes) -> StreamEvent:
    """Parse a structured CloudEvent of ours; raises UnreadableEvent for anything else (unknown type included)."""
    try:
        whole = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise UnreadableEvent("no JSON") from error
    if not isinstance(whole, dict):
        raise UnreadableEvent("no JSON object")
    return read_members(whole)


def read_members(whole: Mapping[str, Any]) -> StreamEvent:
    """The same for JSON that is decoded already (the log's items)."""
    missing = {"specversion", "id", "source", "type", "subject", "time", "sequence", "data"} - whole.keys()
    if missing or whole["specversion"] != "1.0":
        raise UnreadableEvent(f"attributes missing or wrong: {', '.join(sorted(missing)) or 'specversion'}")
    if whole["source"] != SOURCE:
        raise UnreadableEvent("a foreign source")
    event_class = EVENT_CLASSES.get(whole["type"])
    if event_class is None:
        raise UnreadableEvent("unknown type")
    try:
        return StreamEvent(
            sequence=int(whole["sequence"]),
            id=str(whole["id"]),
            type=whole["type"],
            subject=str(whole["subject"]),
            time=_INSTANT.validate_python(whole["time"]),
            data=event_class.model_validate(whole["data"]),
            source=str(whole["source"]),
            extensions={key: value for key, value in whole.items() if key not in _ATTRIBUTES},
        )
    except ValidationError as error:
        where = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        raise UnreadableEvent(f"members wrong: {where}") from error
    except (TypeError, ValueError) as error:
        raise UnreadableEvent("sequence is no number") from error
