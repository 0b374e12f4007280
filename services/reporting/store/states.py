"""Writing states: the highest version of a subject stays, whatever comes in whatever order."""

from collections.abc import Iterable

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from services.reporting.store.projections import Projection, Row


def save_states(connection: Connection, projection: Projection, rows: Iterable[Row]) -> None:
    """Insert or replace rows that are newer than what is stored; of several for one subject only the newest."""
    newest: dict[tuple[object, ...], Row] = {}
    for row in rows:
        key = tuple(row[name] for name in projection.key)
        if key not in newest or row["version"] > newest[key]["version"]:
            newest[key] = row
    if newest:
        connection.execute(_upsert(connection, projection), list(newest.values()))


def _upsert(connection: Connection, projection: Projection) -> sqlite.Insert | postgresql.Insert:
    table = projection.table
    names = [column.name for column in table.c if column.name not in projection.key]
    if connection.dialect.name == "postgresql":
        newer = postgresql.insert(table)
        return newer.on_conflict_do_update(
            index_elements=list(projection.key),
            set_={name: newer.excluded[name] for name in names},
            where=newer.excluded.version > table.c.version,
        )
    statement = sqlite.insert(table)
    return statement.on_conflict_do_update(
        index_elements=list(projection.key),
        set_={name: statement.excluded[name] for name in names},
        where=statement.excluded.version > table.c.version,
    )
