"""A publication and its tables as they are kept: nothing of them ever changes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

_ID: Final = re.compile(r"([0-9]{4})\.([1-9][0-9]{0,8})")


class PublicationId(NamedTuple):
    """The year, and the how-manieth publication of it: `2024.3`."""

    period: str
    number: int

    def __str__(self) -> str:
        return f"{self.period}.{self.number}"


def publication_id(text: str) -> PublicationId | None:
    """What an id names; None for what was never given out as one."""
    match = _ID.fullmatch(text)
    return PublicationId(match[1], int(match[2])) if match else None


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication without its tables.

    `closed`: its year had ended, so totals are exact. `corrections_held`: some closed total stayed as it was published
    before, because it moved by less than 5 (contract section 5, publications, 4).
    """

    id: PublicationId
    created_at: datetime
    closed: bool
    corrections_held: bool

    @property
    def period(self) -> str:
        """The year."""
        return self.id.period


@dataclass(frozen=True, slots=True)
class StoredTable:
    """One table: `body` is its JSON as served. `group_by` "": the total alone, with no values."""

    indicator: str
    period: str
    group_by: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a publication says: its tables in order, what the fact sheet needs beside them, the sides of rates.

    `empty`: nothing happened in that year.
    """

    closed: bool
    corrections_held: bool
    tables: Sequence[StoredTable]
    sheet: bytes
    sides: bytes
    empty: bool
