"""Rows as lines of JSON, the same whatever database they come from or go to."""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import JSON, Column, Connection, Date, DateTime, LargeBinary, MetaData, Table, select
from sqlalchemy.types import TypeEngine

VERSIONS = "alembic_version"
"""Alembic's own table: which schema a database has."""
_FETCHED = 2000
"""Rows that are in memory at once."""


def tables_of(connection: Connection) -> dict[str, Table]:
    """By name, as they stand in the database, Alembic's own included. In a JSON column nothing is NULL, as in ours."""
    found = MetaData()
    found.reflect(connection)
    for table in found.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type = JSON(none_as_null=True)
    return dict(found.tables)


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Every row as a JSON array in the order of the columns, with its line end."""
    rows = connection.execution_options(yield_per=_FETCHED).execute(select(table))
    for row in rows:
        yield orjson.dumps([_plain(value) for value in row]) + b"\n"


def values(line: bytes, columns: Mapping[str, Column[Any]], *, naive: bool) -> dict[str, Any]:
    """A line back as the values of one row; `naive`: the database keeps instants in UTC without saying so."""
    given = orjson.loads(line)
    if not isinstance(given, list) or len(given) != len(columns):
        raise ValueError("a row has other columns than its table")
    return {name: _typed(value, columns[name].type, naive=naive) for name, value in zip(columns, given, strict=True)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    return value


def _typed(value: Any, kind: TypeEngine[Any], *, naive: bool) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        instant = datetime.fromisoformat(value)
        return instant.replace(tzinfo=None) if naive else instant
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return b64decode(value) if isinstance(kind, LargeBinary) else value
