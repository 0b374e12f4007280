"""Which activities are still to begin."""

from datetime import datetime

from sqlalchemy import Connection, Select, select

from services.notifications.store.rows import activity_table

_a = activity_table.c


def beginning_after(now: datetime) -> Select[str]:
    """The references, as a statement: some version of it begins later, perhaps not the latest."""
    return select(_a.ref).where(_a.starts_at > now).distinct()


def beginning_between(connection: Connection, now: datetime, until: datetime) -> list[str]:
    """Those of which some version begins in this time, the end included."""
    return list(connection.execute(beginning_after(now).where(_a.starts_at <= until)).scalars())
