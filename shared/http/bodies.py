"""Request bodies before anything is made of them: limits, encodings, and JSON that means one thing only."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import orjson
from starlette.requests import Request

from shared.errors import FieldFault, Refusal

MOST_BYTES = 1024 * 1024
"""Of a body that is no event (contract section 3 gives events 8 MiB)."""
LONGEST_SILENCE = 60
"""Seconds between two parts of a body."""
DEEPEST = 20
"""Levels of objects and arrays; ours have five."""
MOST_MEMBERS = 100
"""Of one object; ours have twenty. Each unknown one would become a fault with a pointer of its own."""
MOST_VALUES = 400_000
"""Of one body; a batch of 5,000 full events has half of it. Eight megabytes of `{},` would become 180 in memory."""


async def parts_of(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes; Refusal `invalid` after a minute of silence: who stalls may not hold what was sent."""
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(LONGEST_SILENCE):
                part = await anext(stream)
        except TimeoutError as error:
            raise Refusal("invalid", f"nothing came for {LONGEST_SILENCE} seconds") from error
        except StopAsyncIteration:
            return
        yield part


async def whole(request: Request, most: int = MOST_BYTES) -> bytes:
    """The body; Refusal `too-large` as soon as it is more, or says that it will be."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said[:20]) > most:
        raise _too_large(most)
    parts, size = [], 0
    async for part in parts_of(request):
        size += len(part)
        if size > most:
            raise _too_large(most)
        parts.append(part)
    return b"".join(parts)


def _too_large(most: int) -> Refusal:
    return Refusal("too-large", f"at most {most // (1024 * 1024)} MiB in one request")


def refuse_encoding(request: Request) -> None:
    """A compressed body may be a thousand times its size, so none is taken; Refusal `unsupported-media-type`."""
    if request.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise Refusal("unsupported-media-type", "send the body as it is, without Content-Encoding")


def media_type(request: Request) -> str:
    """The type and subtype of the body, without parameters; empty when none is named."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def strict_json(raw: bytes) -> Any:
    """JSON in UTF-8 that every reader understands alike.

    Refusal `invalid` for anything else: NaN, lone surrogates, a member named twice, more than 20 levels. Refusal
    `too-large` for more values than any body of ours has; counted before they are made, commas in texts included.
    """
    if values_in(raw) > MOST_VALUES:
        raise Refusal("too-large", f"at most {MOST_VALUES} values in one request")
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _refusal("json", f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from error
    if raw.count(b"{") + raw.count(b"[") > DEEPEST and _too_deep(value):
        raise _refusal("too-deep", f"at most {DEEPEST} levels of objects and arrays")
    try:
        json.loads(raw, object_pairs_hook=_once_each, parse_int=str, parse_float=str)
    except _OddObjectError as odd:
        raise _refusal(odd.code, odd.text) from odd
    return value


def values_in(raw: bytes) -> int:
    """At most so many values are in it; commas and brackets inside texts are counted as well."""
    return raw.count(b",") + raw.count(b"{") + raw.count(b"[")


class _OddObjectError(ValueError):
    """An object that readers would understand in two ways, or that none of ours can be."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def _once_each(pairs: Sequence[tuple[str, Any]]) -> None:
    if len(pairs) > MOST_MEMBERS:
        raise _OddObjectError("too-many-members", f"at most {MOST_MEMBERS} members in one object")
    if len(pairs) > 1 and len({name for name, _ in pairs}) < len(pairs):
        raise _OddObjectError("duplicate-member", "a member stands twice in one object")


def _too_deep(value: Any) -> bool:
    level, left = [value], DEEPEST
    while level:
        nested = [one for one in level if isinstance(one, dict | list)]
        if nested and not left:
            return True
        left -= 1
        level = [child for one in nested for child in (one.values() if isinstance(one, dict) else one)]
    return False


def _refusal(code: str, text: str) -> Refusal:
    return Refusal("invalid", text, (FieldFault("", code, text),))
