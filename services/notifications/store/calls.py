"""Messages that somebody has to tell by phone or letter, and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from services.notifications.domain.facts import DONE, Message
from services.notifications.store.coming import beginning_after
from services.notifications.store.rows import MESSAGE_COLUMNS, message, message_table

_m = message_table.c


def on_a_list(connection: Connection, now: datetime, partners: Sequence[str] | None) -> list[Message]:
    """Those that nobody has told yet, of activities of which some version is still to begin; the oldest first.

    `partners` limits them to the sign-ups that these placed.
    """
    open_ = _m.call_since.is_not(None) & or_(_m.call_outcome.is_(None), _m.call_outcome.not_in(DONE))
    statement = (
        select(*MESSAGE_COLUMNS).where(open_, _m.activity.in_(beginning_after(now))).order_by(_m.call_since, _m.id)
    )
    if partners is not None:
        statement = statement.where(_m.partner_id.in_(partners))
    return [message(row) for row in connection.execute(statement).mappings()]


def one(connection: Connection, message_id: str) -> Message | None:
    """A message by its id."""
    row = connection.execute(select(*MESSAGE_COLUMNS).where(_m.id == message_id)).mappings().first()
    return message(row) if row else None


def note_outcome(connection: Connection, row: Message, values: dict[str, Any]) -> None:
    """What a caller reported; whoever still holds a lease on it loses it."""
    ended = {"lease_token": None, "lease_until": None, "resend_at": None, "generation": row.generation + 1}
    connection.execute(update(message_table).where(_m.id == row.id).values({**values, **ended}))


def to_probe(
    connection: Connection, kinds: Sequence[str], now: datetime, before: datetime, limit: int
) -> list[Message]:
    """Planned messages whose moment comes before this, which nobody has looked at ahead of time; the soonest first."""
    waiting = (_m.status == "scheduled") & (_m.due_at > now) & (_m.moment_at < before)
    statement = select(*MESSAGE_COLUMNS).where(waiting, _m.kind.in_(kinds), _m.probed_at.is_(None))
    rows = connection.execute(statement.order_by(_m.due_at, _m.id).limit(limit)).mappings()
    return [message(row) for row in rows]


def note_probe(connection: Connection, row: Message, values: dict[str, Any]) -> bool:
    """False where it was moved, claimed or closed meanwhile: then it is looked at again, or needs no look."""
    same = (_m.id == row.id) & (_m.status == "scheduled") & (_m.generation == row.generation)
    return bool(connection.execute(update(message_table).where(same).values(values)).rowcount)
