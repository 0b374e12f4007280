"""Which messages were planned, sent and not sent, with what happened to each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from services.notifications.domain.facts import Message
from services.notifications.store import calls, listing
from services.notifications.store.attempts import attempts_of
from shared.database import reading
from shared.errors import Refusal


@dataclass(frozen=True, slots=True)
class Page:
    """Messages with their attempts; `last` is where the next page begins, None at the end."""

    items: list[tuple[Message, list[dict[str, Any]]]]
    last: tuple[datetime, str] | None


def list_messages(
    connection: Connection,
    filters: Mapping[str, Sequence[str]],
    partner: str | None,
    after: tuple[datetime, str] | None,
    limit: int,
) -> Page:
    """One page. `partner` sees its own sign-ups and those for its own activities; None sees all."""
    found = listing.page(connection, filters, partner, after, limit + 1)
    shown, more = found[:limit], len(found) > limit
    attempts = attempts_of(connection, [message.id for message, _ in shown])
    items = [(message, attempts.get(message.id, [])) for message, _ in shown]
    last = (shown[-1][1], shown[-1][0].id) if more else None
    return Page(items, last)


def one_message(engine: Engine, message_id: str, partner: str | None) -> tuple[Message, list[dict[str, Any]]]:
    """One with its attempts. Refusal `not-found`; `forbidden` for what `partner` does not see in its list."""
    with reading(engine) as connection:
        found = calls.one(connection, message_id)
        if found is None:
            raise Refusal("not-found", "there is no message with this id")
        if partner is not None and partner not in (found.partner_id, found.activity.partition("/")[0]):
            raise Refusal("forbidden", "this key sees the messages of its own partner")
        return found, attempts_of(connection, [message_id]).get(message_id, [])


def history_of(engine: Engine, message_id: str) -> list[dict[str, Any]]:
    """What happened to one message, in order."""
    with reading(engine) as connection:
        return attempts_of(connection, [message_id]).get(message_id, [])
