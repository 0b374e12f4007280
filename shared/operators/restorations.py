"""That an older copy took the place of a database: remembered among its rebuilds, as it is one from a file."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from shared.database import table_of
from shared.operators.tables import RebuildRow

_rebuilds = table_of(RebuildRow)
_RESTORED = "restored"


def note_restoration(connection: Connection, taken_at: datetime, restored_at: datetime) -> None:
    """The rows are those of `taken_at`; what was to be done by `restored_at` may have been done meanwhile."""
    row = {"id": f"{_RESTORED}-{restored_at.isoformat()}", "status": _RESTORED, "events": 0}
    reason = "a backup was put in the place of what was there"
    connection.execute(insert(_rebuilds).values(**row, reason=reason, started_at=taken_at, beat_at=restored_at))


def restored_at(connection: Connection) -> datetime | None:
    """The last time; None: never."""
    mine = _rebuilds.c.status == _RESTORED
    found: datetime | None = connection.execute(select(func.max(_rebuilds.c.beat_at)).where(mine)).scalar()
    return found
