"""What happened to a message on its way out; rows are only added."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from services.notifications.store.rows import chunks
from services.notifications.tables import MessageAttemptRow
from shared.database import table_of

_attempts = table_of(MessageAttemptRow)


def note(
    connection: Connection, message_id: str, at: datetime, phase: str, outcome: str, detail: str | None = None
) -> None:
    """Add one. `detail` is a reply code or a reason code, never what a server wrote."""
    note_each(connection, [message_id], at, phase, outcome, detail)


def note_each(
    connection: Connection,
    message_ids: Sequence[str],
    at: datetime,
    phase: str,
    outcome: str,
    detail: str | None = None,
) -> None:
    """Add the same to several messages."""
    same = {"at": at, "phase": phase, "outcome": outcome, "detail": detail}
    if message_ids:
        connection.execute(insert(_attempts), [{"message": message_id, **same} for message_id in message_ids])


def attempts_of(connection: Connection, message_ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Per message, in order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for some in chunks(sorted(set(message_ids))):
        statement = select(_attempts).where(_attempts.c.message.in_(some)).order_by(_attempts.c.number)
        for row in connection.execute(statement).mappings():
            found.setdefault(row["message"], []).append(dict(row))
    return found
