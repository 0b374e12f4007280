"""What registration shows: activities, the places taken at them, sign-ups, and who came."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from services.registration.domain.activities import Activity
from services.registration.domain.facts import Attendance, HeadCount
from services.registration.domain.search import ActivityFilter
from services.registration.domain.signups import ACTIVE, Places, Signup, pool
from services.registration.store.shelf import Shelf
from services.registration.tables import ActivityRow, AttendanceRow, HeadCountRow, PartnerRow, SignupRow
from shared.database import table_of

_activities, _signups, _partners = table_of(ActivityRow), table_of(SignupRow), table_of(PartnerRow)
_attendances, _counts = table_of(AttendanceRow), table_of(HeadCountRow)


def activities(connection: Connection, wanted: ActivityFilter, limit: int) -> list[Activity]:
    """Activities by start, then reference."""
    statement = _filtered(select(_activities), wanted).order_by(_activities.c.starts_at, _activities.c.ref)
    rows = connection.execute(statement.limit(limit)).mappings()
    return Shelf(connection, _activities, Activity).hold(rows)


def _filtered(statement: Select[Any], wanted: ActivityFilter) -> Select[Any]:
    starts, ref = _activities.c.starts_at, _activities.c.ref
    if wanted.from_instant:
        statement = statement.where(starts >= wanted.from_instant)
    if wanted.to_instant:
        statement = statement.where(starts < wanted.to_instant)
    if wanted.kinds:
        statement = statement.where(_activities.c.kind.in_(wanted.kinds))
    if wanted.municipalities:
        theirs = select(_partners.c.partner_id).where(_partners.c.municipality.in_(wanted.municipalities))
        statement = statement.where(_activities.c.partner_id.in_(theirs))
    if wanted.after:
        moment, last = wanted.after
        statement = statement.where(or_(starts > moment, and_(starts == moment, ref > last)))
    return statement


def activity(connection: Connection, ref: str) -> Activity | None:
    """One activity."""
    return Shelf(connection, _activities, Activity).get(ref)


def places(connection: Connection, refs: Sequence[str]) -> Mapping[tuple[str, str], Places]:
    """(activity, pool) -> what is taken and who waits."""
    people, parties = func.sum(_signups.c.party_size), func.count()
    columns = (_signups.c.activity, _signups.c.role, _signups.c.status)
    mine = _signups.c.activity.in_(refs) & _signups.c.status.in_(ACTIVE)
    found: dict[tuple[str, str], Places] = {}
    for ref, role, status, size, count in connection.execute(
        select(*columns, people, parties).where(mine).group_by(*columns)
    ):
        before = found.get((ref, pool(role)), Places())
        taken, waits = (size, 0) if status == "confirmed" else (0, count)
        found[ref, pool(role)] = Places(before.taken + taken, before.waiting + waits)
    return found


def signups(connection: Connection, activity_ref: str, after: int, limit: int) -> list[Signup]:
    """The sign-ups of an activity that arrived after the one with number `after`, in order of arrival."""
    mine = (_signups.c.activity == activity_ref) & (_signups.c.arrival > after)
    rows = connection.execute(select(_signups).where(mine).order_by(_signups.c.arrival).limit(limit)).mappings()
    return Shelf(connection, _signups, Signup).hold(rows)


def signup(connection: Connection, ref: str) -> Signup | None:
    """One sign-up."""
    return Shelf(connection, _signups, Signup).get(ref)


def waiting_positions(connection: Connection, activity_ref: str) -> dict[str, int]:
    """Sign-up -> 1 and those ahead of it that wait for the same places."""
    mine = (_signups.c.activity == activity_ref) & (_signups.c.status == "waitlisted")
    statement = select(_signups.c.ref, _signups.c.role).where(mine).order_by(_signups.c.arrival)
    ahead: Counter[str] = Counter()
    positions = {}
    for ref, role in connection.execute(statement):
        ahead[pool(role)] += 1
        positions[ref] = ahead[pool(role)]
    return positions


def attendances(connection: Connection, activity_ref: str) -> list[Attendance]:
    """The latest fact of every person and role at an activity."""
    rows = connection.execute(select(_attendances).where(_attendances.c.activity == activity_ref)).mappings()
    return Shelf(connection, _attendances, Attendance).hold(rows)


def head_counts(connection: Connection, activity_ref: str) -> list[HeadCount]:
    """The latest head count of every count key."""
    rows = connection.execute(select(_counts).where(_counts.c.activity == activity_ref)).mappings()
    return Shelf(connection, _counts, HeadCount).hold(rows)
