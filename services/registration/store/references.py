"""Where a partner's reference of a person stands beside a pid that is not made of it: the person shares another one."""

from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select, update

from services.registration.tables import AssignmentRow, AttendanceRow, ReceivedRow, SignupRow
from shared.database import table_of

_signup, _attendance, _assignment = table_of(SignupRow), table_of(AttendanceRow), table_of(AssignmentRow)
_received = table_of(ReceivedRow)
Reference = tuple[str, str]
"""Partner and the partner's own reference."""


def pids_of(connection: Connection, partner_id: str, ref: str) -> set[str]:
    """Under which pids this partner told of somebody by this reference."""
    statements = (select(table.c.pid).where(mine).distinct() for table, mine in _places(partner_id, ref))
    return {pid for statement in statements for pid in connection.execute(statement).scalars()}


def replace(connection: Connection, partner_id: str, ref: str, token: str) -> None:
    """Put a token in the place of the reference; what it told of stays with its pid."""
    for pid in pids_of(connection, partner_id, ref):
        told = and_(_received.c.partner_id == partner_id, _received.c.pid == pid)
        connection.execute(update(_received).where(told).values(fingerprint=None, pid=None))
    for table, mine in _places(partner_id, ref):
        connection.execute(update(table).where(mine).values(participant_ref=token))


def every(connection: Connection) -> set[Reference]:
    """All references that stand anywhere, with each partner that may have given them."""
    found: set[Reference] = set()
    for table, owner in ((_signup, "ref"), (_attendance, "activity"), (_attendance, "signup"), (_assignment, "ref")):
        statement = select(table.c[owner], table.c.participant_ref).where(table.c[owner].is_not(None)).distinct()
        found.update((thing.partition("/")[0], ref) for thing, ref in connection.execute(statement))
    return found


def _places(partner_id: str, ref: str) -> tuple[tuple[Table, ColumnElement[bool]], ...]:
    """An attendance holds the reference of its host, or of who placed the sign-up: either is looked at."""

    def theirs(table: Table, name: str) -> ColumnElement[bool]:
        return func.substr(table.c[name], 1, len(partner_id) + 1) == f"{partner_id}/"

    told = or_(theirs(_attendance, "activity"), theirs(_attendance, "signup"))
    return (
        (_signup, and_(_signup.c.partner_id == partner_id, _signup.c.participant_ref == ref)),
        (_attendance, and_(told, _attendance.c.participant_ref == ref)),
        (_assignment, and_(theirs(_assignment, "ref"), _assignment.c.participant_ref == ref)),
    )
