"""A pid becomes a token in every row; the pid itself is remembered only while older events may still come."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from services.reporting.store.projections import OF_PERSONS, Row
from services.reporting.store.states import save_states
from services.reporting.store.tallies.persons import rename
from services.reporting.store.tallies.touching import touched_by_persons
from services.reporting.tables import PendingErasureRow
from shared.database import table_of, upsert

_pending = table_of(PendingErasureRow)


class Erasure(NamedTuple):
    """What happened up to `sequence` in the log under `pid` is from now on under `token`."""

    sequence: int
    pid: str
    token: str


def erase(connection: Connection, erasure: Erasure) -> set[str]:
    """Rename what is stored and older than the erasure; remember it for what is older and comes later.

    Returns the activities at which the person is known, under whatever name.

    A later erasure of the pid may have come first and have given its own token to what is this one's.
    A log that was scrubbed already carries the token in both places: then there is nothing to do.
    """
    if erasure.pid == erasure.token:
        return set()
    later = (e for e in pending_erasures(connection).get(erasure.pid, ()) if e.sequence > erasure.sequence)
    names = [erasure.pid, *(e.token for e in later)]
    touched = touched_by_persons(connection, [*names, erasure.token])
    remember = upsert(connection, _pending).values(erasure._asdict())
    connection.execute(remember.on_conflict_do_nothing(index_elements=["sequence"]))
    for projection in OF_PERSONS:
        table = projection.table
        older = table.c.pid.in_(names) & (table.c.sequence < erasure.sequence)
        rows = connection.execute(select(table).where(older)).mappings().all()
        if rows:
            connection.execute(delete(table).where(older))
            save_states(connection, projection, [{**row, "pid": erasure.token} for row in rows])
    rename(connection, erasure.pid, erasure.token)
    return touched


def pending_erasures(connection: Connection) -> Mapping[str, Sequence[Erasure]]:
    """pid -> its erasures in log order; seldom any."""
    found: dict[str, list[Erasure]] = {}
    statement = select(_pending.c.sequence, _pending.c.pid, _pending.c.token).order_by(_pending.c.sequence)
    for sequence, pid, token in connection.execute(statement):
        found.setdefault(pid, []).append(Erasure(sequence, pid, token))
    return found


def renamed(row: Row, erasures: Mapping[str, Sequence[Erasure]]) -> Row:
    """A late row as it would stand had it come in time: under the token of the first erasure after it."""
    token = next((e.token for e in erasures.get(row["pid"], ()) if row["sequence"] < e.sequence), row["pid"])
    return {**row, "pid": token}


def forget_pids(connection: Connection, settled: int) -> None:
    """Drop the memory of erasures at or below `settled`: nothing older can come any more."""
    connection.execute(delete(_pending).where(_pending.c.sequence <= settled))
