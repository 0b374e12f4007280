"""Which activities an event changes something about: those that are to be counted anew."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from services.reporting.store.projections import ACTIVITY, ATTENDANCE, HEAD_COUNT, MEMBER, SIGNUP, Projection, Row
from services.reporting.store.tallies.rows import in_parts

_NAMED = {ACTIVITY: "ref", ATTENDANCE: "activity", HEAD_COUNT: "activity", SIGNUP: "activity", MEMBER: "via_activity"}
"""Where a row names the activity at which it counts; what is not here counts at none."""
_MAY_MOVE = (SIGNUP, MEMBER)
"""Whose next state may name another activity: the subject itself names none."""


def touched_by(connection: Connection, projection: Projection, rows: Sequence[Row]) -> set[str]:
    """The activities of these states and of those that they replace; to be asked before they are saved."""
    name = _NAMED.get(projection)
    if name is None:
        return set()
    found = {row[name] for row in rows}
    if projection in _MAY_MOVE:
        table = projection.table
        for some in in_parts(row["ref"] for row in rows):
            found.update(connection.execute(select(table.c[name]).where(table.c.ref.in_(some))).scalars())
    return found - {None}


def touched_by_persons(connection: Connection, pids: Iterable[str]) -> set[str]:
    """The activities with an attendance or a sign-up of these."""
    names = list(pids)
    return {
        activity
        for table in (ATTENDANCE.table, SIGNUP.table)
        for activity in connection.execute(select(table.c.activity).where(table.c.pid.in_(names))).scalars()
    }
