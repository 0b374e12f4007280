"""CloudEvents in all their modes: one, a batch, the attributes in headers, one a line."""

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request

from shared.errors import FieldFault, Refusal
from shared.http.bodies import strict_json

MOST_BYTES = 8 * 1024 * 1024
"""Of one request, but for NDJSON, which may go on for ever."""
MOST_EVENTS = 5000
LONGEST_LINE = 256 * 1024


def batch(raw: bytes) -> list[Any]:
    """A JSON array of at most 5,000 events."""
    events = strict_json(raw)
    if not isinstance(events, list):
        raise Refusal("invalid", "a batch is a JSON array", (FieldFault("", "array", "a JSON array of events"),))
    if len(events) > MOST_EVENTS:
        raise Refusal("too-large", "at most 5,000 events in a batch; use application/x-ndjson for more")
    return events


def binary(headers: Mapping[str, str], raw: bytes) -> dict[str, Any]:
    """Binary mode: attributes from `ce-*` headers (quotes taken off, percent-decoded once); the body is `data`.

    A body that is no JSON comes as null, so that its fault is named beside those of the attributes.
    """
    event: dict[str, Any] = {
        name[3:].lower(): _header_value(value) for name, value in headers.items() if name.lower().startswith("ce-")
    }
    content_type = headers.get("content-type", "application/json")
    event["datacontenttype"] = content_type
    event["data"] = None if isinstance(body := decoded_or_refusal(raw), Refusal) else body
    return event


def _header_value(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == '"':
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    return unquote(value, errors="surrogateescape")  # what is no UTF-8 must not become a character that it was not


async def lines(request: Request) -> AsyncIterator[bytes | Refusal]:
    """NDJSON: each line that is not blank; one that is too long comes as its Refusal and harms no other."""
    pending, skipping = b"", False
    async for part in request.stream():
        *complete, pending = (pending + part).split(b"\n")
        if complete and skipping:
            complete, skipping = complete[1:], False
        for line in complete:
            if line.strip():
                yield line if len(line) <= LONGEST_LINE else _too_long()
        if skipping or len(pending) > LONGEST_LINE:
            if not skipping:
                yield _too_long()
            pending, skipping = b"", True
    if pending.strip():
        yield pending


def _too_long() -> Refusal:
    return Refusal("too-large", "at most 256 KiB a line")


def decoded_or_refusal(raw: bytes | Refusal) -> Any:
    """The event of a line or a body, or the Refusal in its place."""
    if isinstance(raw, Refusal):
        return raw
    try:
        return strict_json(raw)
    except Refusal as refusal:
        return refusal
