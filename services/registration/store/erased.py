"""Marks of erasures, and every pid under which anything still stands."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select

from services.registration.tables import (
    AssignmentRow,
    AttendanceRow,
    ContactRow,
    ErasedRow,
    EventLogRow,
    ReceivedRow,
    SignupRow,
)
from shared.database import table_of, upsert

_erased, _received, _log = table_of(ErasedRow), table_of(ReceivedRow), table_of(EventLogRow)
_AT_ONCE = 300
_ERASURES = "nl.meedoen.participant-erased.%"


def remember(connection: Connection, marks: Mapping[str, str], at: datetime) -> None:
    """Mark -> keyed hash of the person, for good; one that is there stays as it is."""
    if marks:
        rows = [{"mark": mark, "person": person, "at": at} for mark, person in marks.items()]
        connection.execute(upsert(connection, _erased).on_conflict_do_nothing(index_elements=["mark"]), rows)


def marks(connection: Connection, since: datetime | None = None) -> dict[str, str]:
    """Every mark with the hash of its person; `since`: of erasures that arrived then or later."""
    statement = select(_erased.c.mark, _erased.c.person)
    if since is not None:
        statement = statement.where(_erased.c.at >= since)
    return {mark: person for mark, person in connection.execute(statement)}  # noqa: C416  -- rows are no pairs for mypy


def known(connection: Connection, wanted: Iterable[str]) -> set[str]:
    """Which of these marks are there."""
    names, found = sorted(wanted), set[str]()
    for start in range(0, len(names), _AT_ONCE):
        some = _erased.c.mark.in_(names[start : start + _AT_ONCE])
        found.update(connection.execute(select(_erased.c.mark).where(some)).scalars())
    return found


def people(connection: Connection) -> set[str]:
    """Every pid under which anything stands. An erasure's own event is left out: it is sealed with time."""
    pids = [table_of(row).c.pid for row in (SignupRow, AttendanceRow, AssignmentRow, ContactRow, ReceivedRow)]
    statements = [select(pid).distinct() for pid in pids]
    statements.append(select(_log.c.pid).where(_log.c.type.not_like(_ERASURES)).distinct())
    return {pid for statement in statements for pid in connection.execute(statement).scalars() if pid is not None}


def partner_of(connection: Connection, pid: str) -> str | None:
    """A partner that told of a person, always the same one; None where nobody's post is left."""
    return connection.execute(select(func.min(_received.c.partner_id)).where(_received.c.pid == pid)).scalar()
