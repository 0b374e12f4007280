"""Write down how an attempt ended, and where the message goes next if this way refused it."""

import logging
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from services.notifications.domain.channels import EMAIL, NOT_OUT, PHONE, moves_on
from services.notifications.domain.outcomes import (
    OUTCOME_NAMES,
    AddressRefused,
    ChannelRefused,
    LetGo,
    Outcome,
    Retry,
    Sent,
    Suppressed,
    ToCall,
    Unknown,
    settled,
)
from services.notifications.domain.policy import Policy
from services.notifications.store import attempts, queue, ways
from services.notifications.usecases.claiming import Assignment
from services.notifications.usecases.receiving import match_receipts
from shared.database import transaction

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """Which way a message went, or was about to. `then`: where it goes if this way refuses it.

    `transport_ref`: the provider's own id. `version`: of the activity, where an earlier attempt told it.
    """

    channel: str = EMAIL
    then: str = PHONE
    address_hash: str | None = None
    transport_ref: str | None = None
    version: int | None = None


_MAIL = Taken()


def settle(
    engine: Engine,
    assignment: Assignment,
    outcome: Outcome,
    now: datetime,
    policy: Policy,
    taken: Taken = _MAIL,
    *,
    sms: bool = False,
) -> bool:
    """Settle the row and add to its history. Whoever lost the lease changes nothing, but for the good news.

    An address that refused is remembered in the same transaction, unless its person may be erased: the lease was lost
    (False), or another name stands in the row by now.
    """
    message, name = assignment.message, OUTCOME_NAMES[type(outcome)]
    values = _values(assignment, outcome, now, policy, taken, sms=sms)
    with transaction(engine) as connection:
        pid = queue.settle(connection, message, values)
        ours = pid is not None
        if not ours and isinstance(outcome, Sent):
            queue.arrived_after_all(connection, message.id, now)
        if pid == message.pid and isinstance(outcome, AddressRefused) and taken.address_hash is not None:
            ways.remember(connection, pid, taken.address_hash, taken.channel, outcome.reason, now)
        attempts.note(connection, message.id, now, outcome.phase, name, _detail(outcome, ours=ours))
        match_receipts(connection, message.id, now)
    if not ours and not isinstance(outcome, LetGo):
        _log.warning("lease lost", extra={"fields": {"message": message.id, "outcome": name}})
    return ours


def _values(
    assignment: Assignment, outcome: Outcome, now: datetime, policy: Policy, taken: Taken, *, sms: bool
) -> dict[str, Any]:
    message, roll = assignment.message, secrets.randbelow(1001) / 1000
    values = settled(outcome, message, taken.version or assignment.activity.version, now, policy, roll)
    if isinstance(outcome, Sent | Unknown):
        ref = {"transport_ref": taken.transport_ref} if taken.transport_ref else {}
        return {**values, "address_hash": taken.address_hash, **ref}
    if values["status"] != "retry":
        return values
    if isinstance(outcome, AddressRefused | ChannelRefused):
        return {**values, "channel": taken.then}
    if isinstance(outcome, Retry):
        tried = replace(message, status="retry", reason=outcome.reason, channel=taken.channel)
        start = assignment.activity.starts_at
        if following := moves_on(tried, start, now, policy, down=frozenset(), sms=sms):
            return {**values, "channel": following, "reason": NOT_OUT, "due_at": now}
    return values


def _detail(outcome: Outcome, *, ours: bool) -> str | None:
    parts: list[str] = [] if ours or isinstance(outcome, LetGo) else ["lease-lost"]
    if not isinstance(outcome, Sent | LetGo):
        parts.append(outcome.reason)
    if not isinstance(outcome, ToCall | Suppressed | LetGo) and outcome.code is not None:
        parts.append(str(outcome.code))
    return " ".join(parts) or None
