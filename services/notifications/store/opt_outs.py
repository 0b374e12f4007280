"""Who wants no reminders."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from services.notifications.store.rows import chunks
from services.notifications.tables import OptOutRow
from shared.database import table_of, upsert

_opt_outs = table_of(OptOutRow)


def among(connection: Connection, pids: Iterable[str]) -> frozenset[str]:
    """Those of these people who want none."""
    return frozenset(
        pid
        for some in chunks(sorted(set(pids)))
        for pid in connection.execute(select(_opt_outs.c.pid).where(_opt_outs.c.pid.in_(some))).scalars()
    )


def add(connection: Connection, pid: str, now: datetime) -> None:
    """This person wants none from now on; who said so before said it then."""
    statement = upsert(connection, _opt_outs).values(pid=pid, at=now)
    connection.execute(statement.on_conflict_do_nothing(index_elements=["pid"]))
