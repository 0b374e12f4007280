"""Which way a message goes and goes on to, and the addresses that refused one, as hashes that nobody else can make."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from services.notifications.domain.channels import EMAIL, NOT_OUT, SMS
from services.notifications.domain.facts import OPEN, Message
from services.notifications.domain.policy import LANES
from services.notifications.store.rows import MESSAGE_COLUMNS, message, message_table
from services.notifications.tables import BadAddressRow
from shared.database import table_of, upsert

_m = message_table.c
_bad = table_of(BadAddressRow)
_URGENT = tuple(sorted({LANES[kind] for kind in ("cancellation", "change", "promotion")}))
_WITHIN = timedelta(hours=20)
AT_ONCE = 500
"""Rows that one transaction moves on."""


def hashed(secret: str, pid: str, address: str) -> str:
    """Of an address of this person; the same address of somebody else has another."""
    return hmac.new(secret.encode(), f"{pid}\n{address}".encode(), hashlib.sha256).hexdigest()


def refused(connection: Connection, pid: str, hashes: Mapping[str, str]) -> frozenset[str]:
    """The channels among these (channel -> hash) whose address refused a message before."""
    bad = set(connection.execute(select(_bad.c.address_hash).where(_bad.c.pid == pid)).scalars())
    return frozenset(channel for channel, one in hashes.items() if one in bad)


def remember(connection: Connection, pid: str, address_hash: str, channel: str, reason: str, now: datetime) -> None:
    """Nothing goes to this address any more; once is enough."""
    row = {"pid": pid, "address_hash": address_hash, "channel": channel, "reason": reason, "at": now}
    connection.execute(upsert(connection, _bad).values(row).on_conflict_do_nothing())


def take(connection: Connection, held: Message, channel: str) -> bool:
    """Write down which way it is about to go, before it may leave; False: the lease is lost."""
    mine = (_m.id == held.id) & (_m.lease_token == held.lease_token) & (_m.status == "sending")
    return bool(connection.execute(update(message_table).where(mine).values(channel=channel)).rowcount)


def perhaps_late(connection: Connection, now: datetime, down: frozenset[str]) -> list[Message]:
    """Open messages, tried in vain or waiting for a way that is down, that the time may move on; locked."""
    waiting = (_m.status == "retry") | ((_m.due_at <= now) & _m.channel.in_(sorted(down)))
    going = _m.status.in_(OPEN) & (_m.doubts == 0) & _m.channel.in_((EMAIL, SMS)) & (_m.not_after > now) & waiting
    fresh = or_(_m.reason.is_(None), _m.reason != NOT_OUT, _m.channel.in_(sorted(down)))
    found: list[Message] = []
    for which in (_m.lane.in_(_URGENT), (_m.lane == LANES["reminder"]) & (_m.not_after <= now + _WITHIN)):
        statement = select(*MESSAGE_COLUMNS).where(going, fresh, which).order_by(_m.lane, _m.not_after, _m.id)
        chosen = statement.limit(AT_ONCE).with_for_update(skip_locked=True)
        found += [message(row) for row in connection.execute(chosen).mappings()]
    return found


def move_on(connection: Connection, held: Message, channel: str, now: datetime) -> None:
    """The next way, at once."""
    values = {"channel": channel, "reason": NOT_OUT, "due_at": now}
    connection.execute(update(message_table).where(_m.id == held.id).values(values))
