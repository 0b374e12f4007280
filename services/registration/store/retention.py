"""Whose contact data is kept, and what still needs it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, select

from services.registration.domain.coalition import Assignment
from services.registration.domain.retention import Traces
from services.registration.store.shelf import Shelf
from services.registration.tables import (
    ActivityRow,
    AssignmentRow,
    AttendanceRow,
    ContactRow,
    ReadAuditRow,
    SignupRow,
)
from shared.database import table_of

_contacts, _activities, _assignments = table_of(ContactRow), table_of(ActivityRow), table_of(AssignmentRow)
_with_activities = (table_of(SignupRow), table_of(AttendanceRow))
_reads = table_of(ReadAuditRow)


def people(connection: Connection, after: str, limit: int) -> list[str]:
    """The next pids of whom anything is kept, in their own order."""
    pid = _contacts.c.pid
    statement = select(pid).where(pid > after).distinct().order_by(pid).limit(limit)
    return list(connection.execute(statement).scalars())


def traces(connection: Connection, pids: Sequence[str]) -> list[Traces]:
    """What still needs the contact data of these people; who has none is left out."""
    mine = _contacts.c.pid.in_(pids)
    told = connection.execute(
        select(_contacts.c.pid, func.max(_contacts.c.stamp)).where(mine).group_by(_contacts.c.pid)
    )
    ends = [_last_ends(connection, table, pids) for table in _with_activities]
    assignments = _assignments_of(connection, pids)
    found = []
    for pid, stamp in told:
        until = [assignment.until for assignment in assignments.get(pid, ())]
        days = [day for day in until if day is not None]
        last_end = max((end[pid] for end in ends if pid in end), default=None)
        found.append(Traces(pid, stamp, last_end, max(days, default=None), assigned=len(days) < len(until)))
    return found


def _last_ends(connection: Connection, table: Table, pids: Sequence[str]) -> dict[str, datetime]:
    joined = table.join(_activities, _activities.c.ref == table.c.activity)
    statement = select(table.c.pid, func.max(_activities.c.ends_at)).select_from(joined)
    rows = connection.execute(statement.where(table.c.pid.in_(pids)).group_by(table.c.pid))
    return {pid: last for pid, last in rows}  # noqa: C416  -- rows are no pairs for mypy


def _assignments_of(connection: Connection, pids: Sequence[str]) -> dict[str, list[Assignment]]:
    rows = connection.execute(select(_assignments).where(_assignments.c.pid.in_(pids))).mappings()
    found: dict[str, list[Assignment]] = {}
    for assignment in Shelf(connection, _assignments, Assignment).hold(rows):
        found.setdefault(assignment.pid, []).append(assignment)
    return found


def forget_contacts(connection: Connection, pids: Sequence[str]) -> None:
    """Everything that anybody gave about these people."""
    connection.execute(delete(_contacts).where(_contacts.c.pid.in_(pids)))


def forget_reads(connection: Connection, before: datetime, limit: int) -> int:
    """Delete the oldest rows of the audit; returns how many."""
    oldest = select(_reads.c.number).where(_reads.c.at < before).order_by(_reads.c.number).limit(limit)
    numbers = list(connection.execute(oldest).scalars())
    connection.execute(delete(_reads).where(_reads.c.number.in_(numbers)))
    return len(numbers)
