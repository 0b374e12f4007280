"""Tallies to rows and back: sets of persons are bitmaps of their numbers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from pyroaring import BitMap

from services.reporting.domain.subjects import Key
from services.reporting.domain.tally import COUNTERS, SETS, Tally

NOBODY = BitMap()
"""The empty set; never changed."""
Kept = Tally[BitMap]
Item = TypeVar("Item")
_AT_ONCE = 500
_counters = attrgetter(*COUNTERS)


def in_parts(values: Iterable[Item], size: int = _AT_ONCE) -> Iterator[list[Item]]:
    """So many values as one statement takes."""
    given = list(values)
    for start in range(0, len(given), size):
        yield given[start : start + size]


def tally_of(parts: Sequence[str], values: Sequence[Any]) -> Kept:
    """A tally of which these members were read; the others stay empty."""
    read: dict[str, Any] = {"participants": NOBODY, "professionals": NOBODY}
    for name, value in zip(parts, values, strict=True):
        read[name] = set_of(value) if name in SETS else value
    return Tally(**read)


def sum_of(parts: Sequence[str], rows: Sequence[Sequence[Any]]) -> Kept:
    """What tallies of which these members were read add up to; at least one row."""
    read: dict[str, Any] = {"participants": NOBODY, "professionals": NOBODY}
    for name, column in zip(parts, zip(*rows, strict=True), strict=True):
        read[name] = NOBODY.union(NOBODY, *map(set_of, filter(None, column))) if name in SETS else sum(column)
    return Tally(**read)


def columns_of(tally: Kept, parts: Iterable[str]) -> dict[str, Any]:
    """The members as a row has them."""
    given = ((name, getattr(tally, name)) for name in parts)
    return {name: stored_set(value) if name in SETS else value for name, value in given}


def stored_set(persons: BitMap) -> bytes:
    """As a column has it; nobody takes no room, as that is most of them."""
    return persons.serialize() if persons else b""


def set_of(stored: bytes) -> BitMap:
    """The set again."""
    return BitMap.deserialize(stored) if stored else NOBODY


def numbered(tally: Tally[frozenset[str]], numbers: Mapping[str, int]) -> Kept:
    """The same with person numbers in place of pids."""
    participants, professionals = (BitMap([numbers[pid] for pid in getattr(tally, name)]) for name in SETS)
    return Tally(participants, professionals, *_counters(tally))


def stored_key(key: Key) -> str:
    """A key in a primary key, which cannot be null: empty where the facts do not say."""
    return "" if key is None else f"={key}"


def key_of(stored: str) -> Key:
    """The key again."""
    return stored[1:] if stored else None
