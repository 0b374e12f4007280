"""Message rows of sign-ups: read for planning, and changed step by step."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from services.notifications.domain.facts import ENDED, Message, Signup
from services.notifications.domain.planning import Wanted
from services.notifications.domain.statuses import BORN, moved
from services.notifications.domain.steps import Close, Insert, Relist, Rewrite
from services.notifications.store.rows import MESSAGE_COLUMNS, chunks, message, message_table

_BEGINNING = {
    "channel": "email",
    "transport_ref": None,
    "call_since": None,
    "call_reason": None,
    "call_outcome": None,
    "called_at": None,
}


def of_signups(connection: Connection, refs: Iterable[str], *, lock: bool = True) -> dict[str, list[Message]]:
    """All messages of some sign-ups. The rows are locked, so that a last look waits for our decision, or we for its."""
    found: dict[str, list[Message]] = {}
    for some in chunks(sorted(set(refs))):
        statement = select(*MESSAGE_COLUMNS).where(message_table.c.signup.in_(some)).order_by(message_table.c.id)
        for row in connection.execute(statement.with_for_update() if lock else statement).mappings():
            found.setdefault(row["signup"], []).append(message(row))
    return found


def insert_messages(connection: Connection, planned: Sequence[tuple[Signup, Insert]], now: datetime) -> None:
    """New rows, each with its Message-ID for good."""
    if planned:
        connection.execute(insert(message_table), [_new(signup, step.wanted, now) for signup, step in planned])


def perform(connection: Connection, step: Rewrite | Close | Relist, signup: Signup, now: datetime) -> None:
    """Rewrite a row, close it, or put it back on the call list."""
    match step:
        case Close():
            close(connection, step)
        case Relist():
            _write(connection, step.message, {"call_since": now, "call_reason": step.reason})
        case Rewrite():
            _rewrite(connection, step, signup)


def _rewrite(connection: Connection, step: Rewrite, signup: Signup) -> None:
    """One that is revived, or serves another moment, begins anew; what happened to it stands in its attempts."""
    old, reason = step.message, step.wanted.closed.reason if step.wanted.closed else None
    anew = not old.pending or old.dedup_key != step.wanted.key
    values = {"pid": signup.pid, "reason": reason, "status": moved(old.status, step.status)}
    _write(connection, old, {**_plan(step.wanted), **values, **(_BEGINNING if anew else {})})


def close(connection: Connection, step: Close) -> None:
    """Close a row outside planning."""
    values = {"status": moved(step.message.status, step.status), "resend_at": None, "call_since": None}
    if step.message.status not in ENDED:
        values["reason"] = step.reason
    _write(connection, step.message, values)


def postpone(connection: Connection, message: Message, until: datetime) -> None:
    """Give a claimed row back until later."""
    status = "retry" if message.doubts else "scheduled"
    _write(connection, message, {"status": moved(message.status, status), "due_at": until})


def hold_back(connection: Connection, message: Message, values: dict[str, Any]) -> None:
    """Write what `outcomes.held_back` says."""
    _write(connection, message, values)


def _write(connection: Connection, message: Message, values: dict[str, Any]) -> None:
    """Whoever holds the row's lease finds out at the last look."""
    changes = {**values, "lease_token": None, "lease_until": None, "generation": message.generation + 1}
    connection.execute(update(message_table).where(message_table.c.id == message.id).values(changes))


def _new(signup: Signup, wanted: Wanted, now: datetime) -> dict[str, Any]:
    status = wanted.closed.status if wanted.closed else "scheduled"
    if status not in BORN:
        raise ValueError(status)
    return {
        "id": str(uuid.uuid4()),
        "partner_id": signup.partner_id,
        "activity": signup.activity,
        "signup": signup.ref,
        "pid": signup.pid,
        **_BEGINNING,
        "status": status,
        "reason": wanted.closed.reason if wanted.closed else None,
        "attempts": 0,
        "crashes": 0,
        "doubts": 0,
        "generation": 0,
        "created_at": now,
        **_plan(wanted),
    }


def _plan(wanted: Wanted) -> dict[str, Any]:
    return {
        "dedup_key": wanted.key,
        "kind": wanted.kind,
        "subject_version": wanted.version,
        "lane": wanted.lane,
        "moment_at": wanted.moment_at,
        "due_at": wanted.due_at,
        "not_after": wanted.not_after,
        "probed_at": None,
    }
