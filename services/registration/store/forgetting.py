"""Putting a token in the place of a pid in every table of this service."""

from sqlalchemy import Connection, update

from services.registration.tables import AssignmentRow, AttendanceRow, ReceivedRow, SignupRow
from shared.database import table_of

_PERSONS = tuple(table_of(row) for row in (SignupRow, AttendanceRow, AssignmentRow))
_received = table_of(ReceivedRow)


def replace_pid(connection: Connection, pid: str, token: str) -> None:
    """Rows keep their counts and lose their person."""
    for table in _PERSONS:
        values = {"pid": token, "participant_ref": token}
        connection.execute(update(table).where(table.c.pid == pid).values(values))
    mine = _received.c.pid == pid
    connection.execute(update(_received).where(mine).values(fingerprint=None, pid=None))
