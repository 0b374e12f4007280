"""Receipts of providers, each kept once, and the rows of the messages that they are about."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from services.notifications.domain.facts import Message
from services.notifications.domain.receipts import Receipt
from services.notifications.store.rows import MESSAGE_COLUMNS, message, message_table
from services.notifications.tables import ReceiptRow
from shared.database import table_of, upsert

_m = message_table.c
_receipts = table_of(ReceiptRow)
_r = _receipts.c


def locked(connection: Connection, message_id: str) -> tuple[Message, str | None] | None:
    """The message, ours until the commit, and the hash of the address it went to."""
    statement = select(*MESSAGE_COLUMNS, _m.address_hash).where(_m.id == message_id).with_for_update()
    row = connection.execute(statement).mappings().first()
    if row is None:
        return None
    members: dict[str, Any] = dict(row)
    address_hash = members.pop("address_hash")
    return message(members), address_hash


def keep(connection: Connection, digest: str, message_id: str, receipt: Receipt, now: datetime) -> bool:
    """False: it was kept before."""
    row = {
        "digest": digest,
        "message": message_id,
        "channel": receipt.channel,
        "outcome": receipt.outcome,
        "detail": receipt.transport_ref,
        "at": receipt.at or now,
    }
    statement = upsert(connection, _receipts).values(row).on_conflict_do_nothing().returning(_r.digest)
    return connection.execute(statement).first() is not None


def waiting(connection: Connection, message_id: str) -> dict[str, Receipt]:
    """What was said about this message and could not be acted on yet, oldest first: digest -> receipt."""
    statement = select(_receipts).where(_r.message == message_id, _r.applied_at.is_(None)).order_by(_r.at, _r.digest)
    return {
        row.digest: Receipt(row.channel, row.outcome, row.at, row.detail) for row in connection.execute(statement).all()
    }


def done(connection: Connection, digest: str, now: datetime) -> None:
    """The row says what was said, or it says nothing new. The provider's own id has served its turn."""
    connection.execute(update(_receipts).where(_r.digest == digest).values(applied_at=now, detail=None))


def write(connection: Connection, held: Message, values: Mapping[str, Any]) -> None:
    """Change the row of a locked message."""
    connection.execute(update(message_table).where(_m.id == held.id).values(dict(values)))
