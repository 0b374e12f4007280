"""Receipts: what a provider says after a message was handed over is kept once, and makes the row say so in time."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from services.notifications.domain.facts import Message
from services.notifications.domain.policy import Policy
from services.notifications.domain.receipts import Arrived, Later, Lost, Receipt, decide
from services.notifications.store import attempts, calls, messages, projections, receipts, ways
from services.notifications.usecases.replan import replan
from shared.database import transaction
from shared.errors import Refusal

_PHASE = "receipt"


@dataclass(frozen=True, slots=True)
class Said:
    """A receipt as it was posted. `partner` may speak about its own sign-ups, None about all.

    `receipt` is None where the provider has nothing to tell yet.
    """

    message_id: str
    receipt: Receipt | None
    partner: str | None


def receive(engine: Engine, said: Said, now: datetime, policy: Policy) -> Message:
    """The message as it is afterwards; the same receipt again changes nothing. Refusal `not-found`, `forbidden`.

    A bounce moves the message on to the next channel at once: in the same row, as one fact is one row.
    """
    with transaction(engine) as connection:
        projections.one_planner(connection)
        _take_all(connection, said.message_id)
        message = _allowed(connection, said)
        if said.receipt is not None and _keep(connection, message, said.receipt, now):
            match_receipts(connection, message.id, now)
            replan(connection, [message.signup], now, policy)
        return _allowed(connection, said)


def match_receipts(connection: Connection, message_id: str, now: datetime) -> None:
    """Act on what was said about a message before its row could say how its sending ended."""
    for digest, receipt in receipts.waiting(connection, message_id).items():
        found = receipts.locked(connection, message_id)
        if found is None or not _acted(connection, *found, receipt, now):
            return
        receipts.done(connection, digest, now)


def _acted(connection: Connection, message: Message, address_hash: str | None, receipt: Receipt, now: datetime) -> bool:
    activity = projections.activities(connection, {message.activity}).get(message.activity)
    decision = decide(message, receipt, activity.latest.starts_at if activity else message.not_after, now)
    if isinstance(decision, Later):
        return False
    if isinstance(decision, Arrived | Lost):
        receipts.write(connection, message, decision.values)
    if isinstance(decision, Lost) and decision.bad_address and address_hash is not None:
        ways.remember(connection, message.pid, address_hash, receipt.channel, receipt.outcome, now)
    attempts.note(connection, message.id, now, _PHASE, receipt.outcome, receipt.channel)
    return True


def _take_all(connection: Connection, message_id: str) -> None:
    """All messages of the sign-up, in planning's order: a last look that waits for one of them holds none we need."""
    found = calls.one(connection, message_id)
    if found is not None:
        messages.of_signups(connection, [found.signup])


def _allowed(connection: Connection, said: Said) -> Message:
    found = receipts.locked(connection, said.message_id)
    if found is None:
        raise Refusal("not-found", "there is no message with this id")
    if said.partner is not None and found[0].partner_id != said.partner:
        raise Refusal("forbidden", "this key speaks about the sign-ups of its own partner")
    return found[0]


def _keep(connection: Connection, message: Message, receipt: Receipt, now: datetime) -> bool:
    """Each once: the same about the same attempt. About a later attempt it is news."""
    parts = (message.id, str(message.attempts), receipt.channel, receipt.outcome, receipt.transport_ref, receipt.at)
    digest = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
    return receipts.keep(connection, digest, message.id, receipt, now)
