"""Which way a message goes, and the addresses that refused one, as keyed hashes that nobody else can make."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select, update

from services.notifications.domain.facts import Message
from services.notifications.store.rows import message_table
from services.notifications.tables import BadAddressRow, SecretRow
from shared.database import table_of, upsert

_m = message_table.c
_bad = table_of(BadAddressRow)
_secrets = table_of(SecretRow)
_KEY = "addresses"


def key(connection: Connection) -> str | None:
    """The key of the hashes; None until it was made."""
    found: str | None = connection.execute(select(_secrets.c.value).where(_secrets.c.name == _KEY)).scalar()
    return found


def make_key(connection: Connection) -> None:
    """Once for this database, whoever comes first."""
    row = {"name": _KEY, "value": secrets.token_hex(32)}
    connection.execute(upsert(connection, _secrets).values(row).on_conflict_do_nothing())


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
