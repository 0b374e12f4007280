"""What cannot be read or was given up: kept in the consumer's own database, so that it outlives Redis (trap T22)."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from shared.database import table_of, upsert
from shared.messaging.tables import DeadLetterRow

_letters = table_of(DeadLetterRow)


def dead_letter(
    stream_id: str, body: bytes, reason: str, attempts: int, at: datetime, event_type: str | None = None
) -> dict[str, Any]:
    """A row for `keep`; the body is kept as base64, the reason never repeats a value of it."""
    return {
        "stream_id": stream_id,
        "type": event_type,
        "reason": reason,
        "body": base64.b64encode(body).decode(),
        "attempts": attempts,
        "at": at,
    }


def keep(connection: Connection, letters: Sequence[dict[str, Any]]) -> None:
    """Store dead letters; one that is kept already stays as it is."""
    if not letters:
        return
    connection.execute(upsert(connection, _letters).on_conflict_do_nothing(index_elements=["stream_id"]), list(letters))
