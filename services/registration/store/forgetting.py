"""Putting a token in the place of a pid in every table of this service."""

from typing import Any

from sqlalchemy import Connection, func, update

from services.registration.tables import AssignmentRow, AttendanceRow, ReceivedRow, SignupRow
from shared.database import table_of

_PERSONS = tuple(table_of(row) for row in (SignupRow, AttendanceRow, AssignmentRow))
_STAMPS = ("stamp", "start_stamp", "end_stamp")
_INSTANT = len("2026-03-01T12:00:00.000000")
_received = table_of(ReceivedRow)


def replace_pid(connection: Connection, pid: str, token: str) -> None:
    """Rows keep their counts and lose their person.

    Of a fact's rank its instant stays: the id of the event that told it may lead back to who it was about.
    """
    for table in _PERSONS:
        values: dict[str, Any] = {"pid": token, "participant_ref": token}
        stamps = (table.c[name] for name in _STAMPS if name in table.c)
        values |= {stamp.name: func.substr(stamp, 1, _INSTANT).concat(f"\x01{token}") for stamp in stamps}
        connection.execute(update(table).where(table.c.pid == pid).values(values))
    mine = _received.c.pid == pid
    connection.execute(update(_received).where(mine).values(fingerprint=None, pid=None))
