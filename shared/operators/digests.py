"""A digest of tables that does not depend on the order of rows, so that two generations can be compared."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Table, select

_BITS = 128
_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class TableDigest:
    """Rows, and the sum of their hashes modulo 2^128."""

    rows: int
    total: int


@dataclass(frozen=True, slots=True)
class Digest:
    """Of several tables. Equal digests: the same rows in every table."""

    tables: Mapping[str, TableDigest]

    @property
    def text(self) -> str:
        """As operators see and compare it."""
        parts = sorted((name, found.rows, f"{found.total:032x}") for name, found in self.tables.items())
        return hashlib.blake2b(orjson.dumps(parts), digest_size=_BITS // 8).hexdigest()

    def differences(self, other: "Digest") -> str:
        """The tables in which two differ, with the number of rows in each; empty if there are none."""
        return ", ".join(
            f"{name} ({found.rows} rows here, {other.tables[name].rows} there)"
            for name, found in sorted(self.tables.items())
            if found != other.tables[name]
        )


def digest_of(connection: Connection, tables: Iterable[Table]) -> Digest:
    """Read every row; as consistent as the transaction of the connection is."""
    return Digest({table.name: _table(connection, table) for table in tables})


def _table(connection: Connection, table: Table) -> TableDigest:
    statement = select(*sorted(table.c, key=lambda column: column.name)).execution_options(yield_per=_AT_ONCE)
    return digest_of_rows(tuple(row) for row in connection.execute(statement))


def digest_of_rows(found: Iterable[tuple[Any, ...]]) -> TableDigest:
    """Of rows as they are given, in any order."""
    rows = total = 0
    for row in found:
        content = orjson.dumps(row, option=orjson.OPT_UTC_Z)
        total += int.from_bytes(hashlib.blake2b(content, digest_size=_BITS // 8).digest())
        rows += 1
    return TableDigest(rows, total % 2**_BITS)
