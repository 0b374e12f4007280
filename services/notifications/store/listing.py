"""Messages as operators and partners read them, page by page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from services.notifications.domain.facts import Message
from services.notifications.store.rows import MESSAGE_COLUMNS, message, message_table

_m = message_table.c


def page(
    connection: Connection,
    filters: Mapping[str, Sequence[str]],
    partner: str | None,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[tuple[Message, datetime]]:
    """Messages in the order in which they were planned, each with that moment.

    `filters` are columns with the values allowed; `partner` limits them to its own sign-ups and activities.
    """
    statement = select(*MESSAGE_COLUMNS, _m.created_at).order_by(_m.created_at, _m.id).limit(limit)
    for column, values in filters.items():
        statement = statement.where(_m[column].in_(values))
    if partner is not None:
        statement = statement.where(
            or_(_m.partner_id == partner, _m.activity.startswith(f"{partner}/", autoescape=True))
        )
    if after is not None:
        moment, last = after
        statement = statement.where(or_(_m.created_at > moment, and_(_m.created_at == moment, _m.id > last)))
    found: list[tuple[Message, datetime]] = []
    for row in connection.execute(statement).mappings():
        members: dict[str, Any] = dict(row)
        created_at = members.pop("created_at")
        found.append((message(members), created_at))
    return found
