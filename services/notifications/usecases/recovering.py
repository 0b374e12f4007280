"""Messages whose worker died: what surely did not leave goes again, what may have left is asked about or in doubt."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.notifications.domain.channels import EMAIL
from services.notifications.domain.facts import Message
from services.notifications.domain.outcomes import OUTCOME_NAMES, Failed, Outcome, Retry, Sent, Unknown, settled
from services.notifications.domain.policy import Policy
from services.notifications.store import attempts, queue
from services.notifications.usecases.receiving import match_receipts

_PHASE = "recovery"


def recover(connection: Connection, arrived: Callable[[str], bool | None], now: datetime, policy: Policy) -> None:
    """Settle every message whose lease ran out. `arrived` asks the way out; None is: it cannot know."""
    for message in queue.abandoned(connection, now):
        outcome = _outcome(message, arrived, policy)
        queue.settle(connection, message, _values(outcome, message, now, policy))
        detail = None if isinstance(outcome, Sent) else outcome.reason
        attempts.note(connection, message.id, now, _PHASE, OUTCOME_NAMES[type(outcome)], detail)
        match_receipts(connection, message.id, now)


def _outcome(
    message: Message, arrived: Callable[[str], bool | None], policy: Policy
) -> Sent | Retry | Failed | Unknown:
    if message.intent_at is None:
        if message.crashes + 1 >= policy.most_crashes:
            return Failed(_PHASE, "worker-died")
        return Retry(_PHASE, "worker-died")
    known = arrived(message.id) if message.channel == EMAIL else None
    if known is None:
        return Unknown(_PHASE, "worker-died")
    return Sent(_PHASE) if known else Retry(_PHASE, "worker-died")


def _values(outcome: Outcome, message: Message, now: datetime, policy: Policy) -> dict[str, Any]:
    values = settled(outcome, message, message.told_version or 0, now, policy, roll=0.5)
    if isinstance(outcome, Retry):
        values["due_at"] = now
    return {**values, "crashes": message.crashes + 1}
