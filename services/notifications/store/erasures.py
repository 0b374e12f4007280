"""The right to be forgotten: rows lose every way back to the person; what is older and comes later is dropped."""

import hashlib
import secrets
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, delete, select, update

from services.notifications.domain.facts import Message, Signup
from services.notifications.domain.statuses import moved
from services.notifications.store.rows import MESSAGE_COLUMNS, chunks, message, message_table, signup_table
from services.notifications.tables import BadAddressRow, ErasureRow, OptOutRow, ReceiptRow
from shared.database import table_of, upsert
from shared.messaging.position import settled

_erasures = table_of(ErasureRow)
_OF_PEOPLE = tuple(table_of(row) for row in (OptOutRow, BadAddressRow))
_receipts = table_of(ReceiptRow)
_HIDDEN = "erased-"
"""How a token begins, and a reference in the place of a sign-up's."""


def hidden(pid: str) -> bool:
    """Does a token stand in its place?"""
    return pid.startswith(_HIDDEN)


def _hashed(pid: str) -> str:
    return hashlib.sha256(pid.encode()).hexdigest()


def remember(connection: Connection, pid: str, sequence: int) -> None:
    """From now on what was told before this place in the log does not count any more, whenever it comes."""
    statement = upsert(connection, _erasures).values(pid_hash=_hashed(pid), sequence=sequence)
    given = statement.excluded.sequence
    later = given > _erasures.c.sequence
    connection.execute(
        statement.on_conflict_do_update(index_elements=["pid_hash"], set_={"sequence": given}, where=later)
    )


def not_forgotten(connection: Connection, signups: Iterable[Signup]) -> list[Signup]:
    """Without those of somebody who was forgotten afterwards."""
    wanted = list(signups)
    hashes = {signup.pid: _hashed(signup.pid) for signup in wanted}
    since: dict[str, int] = {}
    for some in chunks(sorted(set(hashes.values()))):
        statement = select(_erasures.c.pid_hash, _erasures.c.sequence).where(_erasures.c.pid_hash.in_(some))
        since.update({row[0]: row[1] for row in connection.execute(statement)})
    return [signup for signup in wanted if signup.sequence > since.get(hashes[signup.pid], -1)]


def forget(connection: Connection, pid: str, token: str, sequence: int) -> None:
    """Put the token in the place of the pid, random references in the place of sign-ups and facts.

    What is open is cancelled, what is in doubt gets no second copy; counts stay. Sign-ups that came after the
    erasure are a new person's. What is older and comes later may carry the token already, as the log does by then.
    """
    remember(connection, token, sequence)
    mine = signup_table.c.pid.in_((pid, token))
    newer = set(
        connection.execute(select(signup_table.c.ref).where(mine, signup_table.c.sequence > sequence)).scalars()
    )
    connection.execute(delete(signup_table).where(mine, signup_table.c.sequence <= sequence))
    statement = select(*MESSAGE_COLUMNS).where(message_table.c.pid.in_((pid, token))).order_by(message_table.c.id)
    references: dict[str, str] = {}
    for row in connection.execute(statement.with_for_update()).mappings():
        found = message(row)
        if found.signup not in newer:
            _hide(connection, found, token, references)
    for table in _OF_PEOPLE:  # last: who holds a message, and notes something about its person, has committed
        connection.execute(delete(table).where(table.c.pid == pid))


def forget_orphans(connection: Connection) -> None:
    """Messages to people whom the log does not know by that sign-up any more: they were erased, whoever they were.

    So was who has no sign-up at all, as one that was withdrawn stays: what was kept about that person goes, wishes
    included. Who signs up afterwards is somebody new.
    """
    same = (signup_table.c.ref == message_table.c.signup) & (signup_table.c.pid == message_table.c.pid)
    known = select(signup_table.c.ref).where(same).exists()
    named = message_table.c.pid.not_like(f"{_HIDDEN}%")
    statement = select(*MESSAGE_COLUMNS).where(~known, named).order_by(message_table.c.id)
    references: dict[str, str] = {}
    tokens: dict[str, str] = {}
    for row in connection.execute(statement.with_for_update()).mappings():
        found = message(row)
        _hide(connection, found, tokens.setdefault(found.pid, f"{_HIDDEN}{secrets.token_hex(16)}"), references)
    for table in _OF_PEOPLE:
        connection.execute(delete(table).where(table.c.pid.not_in(select(signup_table.c.pid))))


def _hide(connection: Connection, found: Message, token: str, references: dict[str, str]) -> None:
    """`references`: sign-up -> the random one in its place. The provider's own id goes: it leads to a number."""
    values: dict[str, Any] = {
        "pid": token,
        "signup": references.setdefault(found.signup, f"{found.partner_id}/{_HIDDEN}{secrets.token_hex(12)}"),
        "dedup_key": f"erased:{secrets.token_hex(16)}",
        "resend_at": None,
        "address_hash": None,
        "transport_ref": None,
        "generation": found.generation + 1,
    }
    if found.listed:
        values |= {"call_since": None}
    if found.pending or found.status == "to-call":
        status = moved(found.status, "unknown" if found.doubts and found.pending else "cancelled")
        values |= {"status": status, "reason": "erased", "lease_token": None, "lease_until": None}
    connection.execute(update(message_table).where(message_table.c.id == found.id).values(values))
    connection.execute(update(_receipts).where(_receipts.c.message == found.id).values(detail=None))


def forget_erasures(connection: Connection) -> None:
    """Drop the memory of those below which every event has come: nothing older can come any more."""
    connection.execute(delete(_erasures).where(_erasures.c.sequence <= settled(connection)))
