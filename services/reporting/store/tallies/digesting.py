"""What tallies mean, whatever the numbers of persons in them: so that two generations can be compared."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Table, select

from services.reporting.domain.tally import SETS
from services.reporting.store.tallies.rows import set_of
from services.reporting.tables import PersonRow
from shared.database import table_of
from shared.operators.digests import TableDigest, digest_of_rows

_person = table_of(PersonRow)
_BYTES = 16
_AT_ONCE = 5000
Marks = Mapping[int, int]
"""Number -> what stands for the person it is given to."""


def digests(connection: Connection, tables: tuple[Table, ...]) -> dict[str, TableDigest]:
    """Of each table, with persons in place of their numbers: a set is the sum of what stands for its members."""
    persons = connection.execute(select(_person.c.number, _person.c.pid))
    marks = {number: int.from_bytes(_hashed(pid)) for number, pid in persons}
    return {table.name: digest_of_rows(_rows(connection, table, marks)) for table in tables}


def _hashed(pid: str) -> bytes:
    return hashlib.blake2b(pid.encode(), digest_size=_BYTES).digest()


def _rows(connection: Connection, table: Table, marks: Marks) -> Iterator[tuple[Any, ...]]:
    columns = sorted((column for column in table.c if column.name != "number"), key=lambda column: column.name)
    sets = [column.name in SETS for column in columns]
    for row in connection.execute(select(*columns).execution_options(yield_per=_AT_ONCE)):
        yield tuple(_sum(value, marks) if is_set else value for value, is_set in zip(row, sets, strict=True))


def _sum(stored: bytes, marks: Marks) -> str:
    """A number that nobody has stands for itself, as two wrong sets should differ from each other, too."""
    return f"{sum(marks.get(number, number) for number in set_of(stored)) % 2 ** (8 * _BYTES):032x}"
