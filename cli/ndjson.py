"""A file of events, read in chunks that fit one request; a line that is no event is set apart with its number."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import orjson

LONGEST_LINE = 8 * 1024 * 1024
"""Bytes; a longer one could never be posted (contract section 3)."""

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Position:
    """A place between two lines: bytes before it, and the number of the line after it (from 1)."""

    offset: int = 0
    line: int = 1


@dataclass(frozen=True)
class Line:
    """One event as it stands in the file, and its `id` for a table of refusals."""

    number: int
    body: bytes
    id: str


@dataclass(frozen=True)
class Malformed:
    """A line that is no JSON object."""

    number: int
    reason: str


@dataclass(frozen=True)
class Chunk:
    """Consecutive lines between two positions, empty ones left out."""

    start: Position
    end: Position
    lines: tuple[Line, ...]
    malformed: tuple[Malformed, ...]


@dataclass(frozen=True)
class ChunkSize:
    """What a request may hold at most (a single longer line still makes a chunk of its own)."""

    events: int = 500
    octets: int = 2 * 1024 * 1024


def read_chunks(file: BinaryIO, start: Position, size: ChunkSize) -> Iterator[Chunk]:
    """All chunks from `start` to the end; the last may be short, and the last line needs no line end."""
    file.seek(start.offset)
    while True:
        chunk = _read_chunk(file, start, size)
        if chunk.end == start:
            return
        yield chunk
        start = chunk.end


def _read_chunk(file: BinaryIO, start: Position, size: ChunkSize) -> Chunk:
    lines: list[Line] = []
    malformed: list[Malformed] = []
    number, octets = start.line, 0
    while len(lines) < size.events and octets < size.octets:
        raw = file.readline(LONGEST_LINE + 1)
        if not raw:
            break
        octets += len(raw)
        found = _read_line(file, number, raw)
        if isinstance(found, Line):
            lines.append(found)
        elif found:
            malformed.append(found)
        number += 1
    return Chunk(start, Position(file.tell(), number), tuple(lines), tuple(malformed))


def _read_line(file: BinaryIO, number: int, raw: bytes) -> Line | Malformed | None:
    if len(raw) > LONGEST_LINE:
        while raw and not raw.endswith(b"\n"):
            raw = file.readline(LONGEST_LINE)
        return Malformed(number, "longer than 8 MiB")
    text = raw.removeprefix(_BOM).strip() if number == 1 else raw.strip()
    if not text:
        return None
    try:
        event = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return Malformed(number, f"not JSON: {error.msg} (column {error.colno})")
    if not isinstance(event, dict):
        return Malformed(number, "JSON, but no object")
    return Line(number, text, str(event.get("id", "")))
