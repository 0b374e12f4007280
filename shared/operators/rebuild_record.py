"""The rows that remember rebuilds: one at a time per database, and one whose process died is seen to have failed."""

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from shared.clock import Clock
from shared.database import reading, table_of, transaction
from shared.errors import Refusal
from shared.operators.tables import RebuildRow

_rebuilds = table_of(RebuildRow)
_SLOT = "running"
_DEAD_AFTER = timedelta(seconds=30)
Row = dict[str, Any]


class RebuildRecord:
    """In the consumer's own database, so that every process of the service gives the same answer."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock

    def begin(self) -> tuple[str, bool]:
        """(id, True) for a new rebuild; (id, False) of the one that runs already, here or in another process."""
        rebuild_id, now = secrets.token_hex(8), self._clock()
        self.bury()
        row = {"id": rebuild_id, "slot": _SLOT, "status": "running", "events": 0, "started_at": now, "beat_at": now}
        try:
            with transaction(self._engine) as connection:
                connection.execute(insert(_rebuilds).values(row))
        except IntegrityError:
            with reading(self._engine) as connection:
                other = connection.execute(select(_rebuilds.c.id).where(_rebuilds.c.slot == _SLOT)).scalar()
            return (other, False) if other else self.begin()
        return rebuild_id, True

    def beat(self, rebuild_id: str, events: int) -> None:
        """How far it is, and that its process lives."""
        self._write(rebuild_id, events=events)

    def end(self, rebuild_id: str, status: str, **members: Any) -> None:
        """`done` or `failed`, for good."""
        self._write(rebuild_id, status=status, slot=None, **members)

    def bury(self) -> None:
        """Whose process has not been heard of for half a minute has failed; it changed nothing."""
        silent = (_rebuilds.c.slot == _SLOT) & (_rebuilds.c.beat_at < self._clock() - _DEAD_AFTER)
        values = {"status": "failed", "slot": None, "reason": "its process ended before it was done; nothing changed"}
        with transaction(self._engine) as connection:
            connection.execute(update(_rebuilds).where(silent).values(values))

    def get(self, rebuild_id: str) -> Row:
        """One rebuild. Unknown: Refusal `not-found`."""
        self.bury()
        with reading(self._engine) as connection:
            row = connection.execute(select(_rebuilds).where(_rebuilds.c.id == rebuild_id)).mappings().first()
        if row is None:
            raise Refusal("not-found", "there is no rebuild with this id")
        return dict(row)

    def all(self) -> list[Row]:
        """Every rebuild there was, the latest first."""
        self.bury()
        with reading(self._engine) as connection:
            newest = _rebuilds.c.started_at.desc()
            return [
                dict(row) for row in connection.execute(select(_rebuilds).order_by(newest, _rebuilds.c.id)).mappings()
            ]

    def _write(self, rebuild_id: str, **values: Any) -> None:
        mine = (_rebuilds.c.id == rebuild_id) & (_rebuilds.c.status == "running")
        with transaction(self._engine) as connection:
            connection.execute(update(_rebuilds).where(mine).values(beat_at=self._clock(), **values))
