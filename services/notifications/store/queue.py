"""The message table as a timer: what is due, who holds it, what became of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, union_all, update

from services.notifications.domain.facts import OPEN, Message
from services.notifications.domain.statuses import sources
from services.notifications.store.rows import MESSAGE_COLUMNS, message, message_table

_m = message_table.c
_CANDIDATES = 4
"""Rows looked at per free slot: several may be of one sign-up, which gets one mail at a time."""


def expire(connection: Connection, now: datetime) -> list[str]:
    """What is too late: expired, or still unknown where a first copy may have arrived. Returns the ids."""
    late = _m.status.in_([s for s in OPEN if s in sources("expired")]) & (_m.not_after <= now)
    doubtful = update(message_table).where(late, _m.doubts > 0).values(status="unknown", reason="too-late")
    connection.execute(doubtful)
    expired = (
        update(message_table)
        .where(late, _m.doubts == 0)
        .values(status="expired", reason="too-late", call_since=now, call_reason="too-late")
    )
    return list(connection.execute(expired.returning(_m.id)).scalars())


def release_second_copies(connection: Connection, now: datetime) -> list[str]:
    """In doubt for long enough: once more, with the same Message-ID. Returns the ids."""
    due = (_m.status == "unknown") & (_m.resend_at <= now)
    statement = update(message_table).where(due).values(status="retry", due_at=now, resend_at=None, intent_at=None)
    return list(connection.execute(statement.returning(_m.id)).scalars())


def abandoned(connection: Connection, now: datetime) -> list[Message]:
    """Whose lease ran out while it was being sent; locked."""
    statement = select(*MESSAGE_COLUMNS).where(_m.status == "sending", _m.lease_until <= now).order_by(_m.id)
    rows = connection.execute(statement.with_for_update(skip_locked=True)).mappings()
    return [message(row) for row in rows]


def claim(connection: Connection, now: datetime, free: int, token: str, until: datetime) -> list[Message]:
    """Take what is due, highest lane first, at most one of a sign-up; attempts count from here. `expire` comes before.

    Rows that another process is looking at are passed over (PostgreSQL); SQLite has one writer.
    """
    other = message_table.alias("other")
    busy = select(other.c.id).where(other.c.signup == _m.signup, other.c.status == "sending").exists()
    due = _m.status.in_(OPEN) & (_m.due_at <= now)
    statement = (
        select(_m.id, _m.signup)
        .where(due, ~busy)
        .order_by(_m.lane, _m.due_at, _m.id)
        .limit(free * _CANDIDATES)
        .with_for_update(skip_locked=True)
    )
    first: dict[str, str] = {}
    for row_id, signup in connection.execute(statement):
        first.setdefault(signup, row_id)
    ids = list(first.values())[:free]
    if not ids:
        return []
    taken = update(message_table).where(_m.id.in_(ids), _m.status.in_(OPEN)).values(
        status="sending", lease_token=token, lease_until=until, attempts=_m.attempts + 1, intent_at=None
    )  # fmt: skip
    rows = [message(row) for row in connection.execute(taken.returning(*MESSAGE_COLUMNS)).mappings()]
    return sorted(rows, key=lambda row: (row.lane, row.due_at, row.id))


def hold_intent(connection: Connection, held: Message, version: int, now: datetime, until: datetime) -> bool:
    """The last look said yes: from here on the mail may leave. False: the row is not ours any more."""
    mine = _ours(held) & (_m.generation == held.generation) & (_m.not_after > now) & (_m.lease_until > now)
    values = {"intent_at": now, "told_version": version, "lease_until": until}
    return bool(connection.execute(update(message_table).where(mine).values(values)).rowcount)


def settle(connection: Connection, held: Message, values: Mapping[str, Any]) -> bool:
    """Write the outcome; False when the lease was lost and somebody else has decided."""
    return bool(connection.execute(update(message_table).where(_ours(held)).values(dict(values))).rowcount)


def arrived_after_all(connection: Connection, message_id: str, now: datetime) -> None:
    """A late answer says that a message in doubt was taken."""
    doubtful = (_m.id == message_id) & _m.status.in_(("unknown", "retry")) & (_m.doubts > 0)
    values = {"status": "sent", "sent_at": now, "reason": None, "resend_at": None}
    connection.execute(update(message_table).where(doubtful).values(values))


def _ours(held: Message) -> Any:
    return (_m.id == held.id) & (_m.lease_token == held.lease_token) & (_m.status == "sending")


def next_moment(connection: Connection) -> datetime | None:
    """When there is something to do next: a due message, a lease that ends, a second copy."""
    moments: Sequence[Any] = (
        *(select(func.min(_m.due_at).label("at")).where(_m.status == status) for status in OPEN),
        select(func.min(_m.lease_until).label("at")).where(_m.status == "sending"),
        select(func.min(_m.resend_at).label("at")).where(_m.status == "unknown"),
    )
    at = union_all(*moments).subquery()
    found: datetime | None = connection.execute(select(func.min(at.c.at))).scalar()
    return found
