"""What cannot be read or was given up: kept in the consumer's own database, so that it outlives Redis (trap T22)."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from shared.database import table_of, upsert
from shared.messaging.cloud_event_format import Entry
from shared.messaging.tables import DeadLetterRow

_letters = table_of(DeadLetterRow)
Letter = dict[str, Any]


def unreadable(entry: Entry, reason: str, at: datetime, *, passed: bool) -> Letter:
    """An entry of the stream that is no event of ours; its bytes are kept, the reason never repeats a value of them.

    `passed`: the event of this place was there before. Then no bytes: they may be that event under an erased name.
    """
    body = "" if passed else base64.b64encode(entry.body).decode()
    return {"stream_id": entry.stream_id, "type": None, "reason": reason, "body": body, "attempts": 1, "at": at}


def given_up(stream_id: str, event_type: str, reason: str, attempts: int, at: datetime, body: bytes = b"") -> Letter:
    """An event of the log without its effect, though its inbox row stands: what a `type` says of a letter.

    No body as a rule: the log has it, sealed where need be.
    """
    kept = base64.b64encode(body).decode()
    return {"stream_id": stream_id, "type": event_type, "reason": reason, "body": kept, "attempts": attempts, "at": at}


def keep(connection: Connection, letters: Sequence[Letter]) -> None:
    """Store dead letters; one that is kept already stays as it is, but that an event given up takes its place."""
    for letter in letters:
        statement = upsert(connection, _letters).values(letter)
        if letter["type"] is None:
            connection.execute(statement.on_conflict_do_nothing(index_elements=["stream_id"]))
            continue
        over = {name: statement.excluded[name] for name in letter if name != "stream_id"}
        entry_of_the_stream = _letters.c.type.is_(None)
        connection.execute(
            statement.on_conflict_do_update(index_elements=["stream_id"], set_=over, where=entry_of_the_stream)
        )


def effect_came(connection: Connection, stream_ids: Sequence[str]) -> None:
    """The events of these places have had their effect.

    One that was given up is no dead letter any more. What stood there and could not be read loses its body: it may be
    that event under the name of somebody who is forgotten by now.
    """
    here = _letters.c.stream_id.in_(stream_ids)
    connection.execute(delete(_letters).where(here, _letters.c.type.is_not(None)))
    connection.execute(update(_letters).where(here, _letters.c.body != "").values(body=""))


def forget(connection: Connection, pid: str, token: str) -> None:
    """Put the token in the place of an erased person's pid in every body that is kept (contract section 7)."""
    if pid == token:
        return
    for row in connection.execute(select(_letters.c.id, _letters.c.body).where(_letters.c.body != "")).all():
        body = base64.b64decode(row.body)
        if pid.encode() in body:
            sealed = base64.b64encode(body.replace(pid.encode(), token.encode())).decode()
            connection.execute(update(_letters).where(_letters.c.id == row.id).values(body=sealed))


def forget_bodies(connection: Connection) -> None:
    """Where nobody can say who was erased: no body is kept. A retry asks the log."""
    connection.execute(update(_letters).where(_letters.c.body != "").values(body=""))


def count(connection: Connection) -> int:
    """How many there are."""
    return connection.execute(select(func.count()).select_from(_letters)).scalar_one()


def page(connection: Connection, after: int, limit: int) -> list[Letter]:
    """Letters with a greater id, oldest first."""
    statement = select(_letters).where(_letters.c.id > after).order_by(_letters.c.id).limit(limit)
    return [dict(row) for row in connection.execute(statement).mappings()]


def one(connection: Connection, letter_id: int) -> Letter | None:
    """A letter by its id."""
    row = connection.execute(select(_letters).where(_letters.c.id == letter_id)).mappings().first()
    return dict(row) if row else None


def tried(connection: Connection, letter_id: int, reason: str) -> None:
    """One attempt more, and why it failed this time."""
    values = {"attempts": _letters.c.attempts + 1, "reason": reason}
    connection.execute(update(_letters).where(_letters.c.id == letter_id).values(values))


def drop(connection: Connection, letter_id: int) -> bool:
    """Delete a letter for good; False where there is none."""
    return connection.execute(delete(_letters).where(_letters.c.id == letter_id)).rowcount > 0
