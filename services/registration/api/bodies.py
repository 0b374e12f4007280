"""CloudEvents in all their modes: one, a batch, the attributes in headers, one a line."""

import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import unquote

from starlette.datastructures import Headers
from starlette.requests import Request

from shared.errors import FieldFault, Refusal
from shared.http.bodies import parts_of, strict_json

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


def binary(headers: Headers, raw: bytes) -> dict[str, Any]:
    """Binary mode: attributes from `ce-*` headers (quotes taken off, percent-decoded once); the body is `data`.

    A body that is no JSON comes as null, so that its fault is named beside those of the attributes; an attribute that
    stands twice comes as both of its values, which is none.
    """
    event: dict[str, Any] = {}
    for header, value in headers.items():
        if header.startswith("ce-"):
            name, read = header[3:], _header_value(value)
            event[name] = [event[name], read] if name in event else read
    event["datacontenttype"] = headers.get("content-type", "application/json")
    event["data"] = None if isinstance(body := decoded_or_refusal(raw), Refusal) else body
    return event


def _header_value(value: str) -> str:
    """Bytes that are no ASCII, or no UTF-8 when decoded, stay marked: they must not become characters of another id."""
    marked = value.encode("latin-1").decode("ascii", "surrogateescape")
    if len(marked) >= 2 and marked[0] == marked[-1] == '"':
        marked = re.sub(r"\\(.)", r"\1", marked[1:-1])
    return unquote(marked, errors="surrogateescape")


async def lines(request: Request) -> AsyncIterator[bytes | Refusal]:
    """NDJSON: each line that is not blank; one that is too long comes as its Refusal and harms no other."""
    pending, skipping = b"", False
    async for part in parts_of(request):
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
