"""Who wants no reminders."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from services.notifications.store.rows import chunks
from services.notifications.tables import OptOutRow
from shared.database import table_of

_opt_outs = table_of(OptOutRow)


def among(connection: Connection, pids: Iterable[str]) -> frozenset[str]:
    """Those of these people who want none."""
    return frozenset(
        pid
        for some in chunks(sorted(set(pids)))
        for pid in connection.execute(select(_opt_outs.c.pid).where(_opt_outs.c.pid.in_(some))).scalars()
    )
