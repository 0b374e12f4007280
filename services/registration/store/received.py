"""Which events were accepted before, and what was answered then."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, tuple_

from services.registration.domain.commands import Post
from services.registration.tables import ReceivedRow
from shared.database import table_of

_received = table_of(ReceivedRow)
_AT_ONCE = 300
Key = tuple[str, str, str]


class Received(NamedTuple):
    """The first answer to an event. `fingerprint` is None once its person is forgotten."""

    fingerprint: str | None
    decision: Mapping[str, Any] | None
    overrides: Sequence[str]


def known(connection: Connection, keys: Iterable[Key]) -> dict[Key, Received]:
    """What is known of these (partner, source, id)."""
    wanted = sorted(set(keys))
    columns = (_received.c.partner_id, _received.c.source, _received.c.event_id)
    found: dict[Key, Received] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        match = tuple_(*columns).in_(wanted[start : start + _AT_ONCE])
        statement = select(*columns, _received.c.fingerprint, _received.c.decision, _received.c.overrides)
        for row in connection.execute(statement.where(match)):
            found[row[0], row[1], row[2]] = Received(row[3], row[4], row[5])
    return found


def row(post: Post, answer: Received, pid: str | None, now: datetime) -> dict[str, Any]:
    """The row for an accepted post."""
    return {
        "partner_id": post.partner_id,
        "source": post.source,
        "event_id": post.event_id,
        "fingerprint": answer.fingerprint,
        "decision": answer.decision,
        "overrides": list(answer.overrides),
        "pid": pid,
        "recorded_at": now,
    }


def save(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the ids of accepted events for good. No rival can be first: whoever decides holds the log's head."""
    if rows:
        connection.execute(insert(_received), list(rows))
