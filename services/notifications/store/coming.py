"""Which activities are still to begin."""

from datetime import datetime

from sqlalchemy import Connection, Select, select

from services.notifications.store.rows import activity_table

_a = activity_table.c


def beginning_after(now: datetime) -> Select[str]:
    """The references, as a statement: some version of it begins later, perhaps not the latest."""
    return select(_a.ref).where(_a.starts_at > now).distinct()


def beginning(connection: Connection, now: datetime, until: datetime | None = None) -> list[str]:
    """Those of which some version begins after now, and by `until` where that is given."""
    coming = beginning_after(now)
    return list(connection.execute(coming if until is None else coming.where(_a.starts_at <= until)).scalars())
