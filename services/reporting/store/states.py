"""Writing states: the highest version of a subject stays, whatever comes in whatever order."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from services.reporting.store.projections import OF_PERSONS, Projection, Row
from shared.database import Upsert, upsert


def save_states(connection: Connection, projection: Projection, rows: Iterable[Row]) -> None:
    """Insert or replace rows that are newer than what is stored; of several for one subject only the newest."""
    newest: dict[tuple[object, ...], Row] = {}
    for row in rows:
        key = tuple(row[name] for name in projection.key)
        if key not in newest or row["version"] > newest[key]["version"]:
            newest[key] = row
    if newest:
        connection.execute(_newer_wins(connection, projection), list(newest.values()))


def settle(connection: Connection, settled: int) -> set[str]:
    """Fold what was held and lies at or below `settled` into one row per subject; returns the activities of these.

    No erasure can turn up between such states any more, and those that lie between them have parted them by name.
    """
    touched: set[str] = set()
    for projection in OF_PERSONS:
        if not projection.per_person:
            continue
        table = projection.table
        ready = table.c.held.between(1, settled)
        rows = connection.execute(select(table).where(ready)).mappings().all()
        if rows:
            connection.execute(delete(table).where(ready))
            save_states(connection, projection, [{**row, "held": 0} for row in rows])
            touched.update(row["activity"] for row in rows)
    return touched


def _newer_wins(connection: Connection, projection: Projection) -> Upsert:
    table, statement = projection.table, upsert(connection, projection.table)
    names = [column.name for column in table.c if column.name not in projection.key]
    newer: Upsert = statement.on_conflict_do_update(
        index_elements=list(projection.key),
        set_={name: statement.excluded[name] for name in names},
        where=statement.excluded.version > table.c.version,
    )
    return newer
