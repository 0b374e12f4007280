"""Write down how an attempt ended."""

import logging
import secrets
from datetime import datetime

from sqlalchemy import Engine

from services.notifications.domain.outcomes import OUTCOME_NAMES, LetGo, Outcome, Sent, Suppressed, ToCall, settled
from services.notifications.domain.policy import Policy
from services.notifications.store import attempts, queue
from services.notifications.usecases.claiming import Assignment
from shared.database import transaction

_log = logging.getLogger(__name__)


def settle(engine: Engine, assignment: Assignment, outcome: Outcome, now: datetime, policy: Policy) -> None:
    """Settle the row and add to its history. Whoever lost the lease changes nothing, but for the good news."""
    message, name = assignment.message, OUTCOME_NAMES[type(outcome)]
    roll = secrets.randbelow(1001) / 1000
    values = settled(outcome, message, assignment.activity.version, now, policy, roll)
    with transaction(engine) as connection:
        ours = queue.settle(connection, message, values)
        if not ours and isinstance(outcome, Sent):
            queue.arrived_after_all(connection, message.id, now)
        attempts.note(connection, message.id, now, outcome.phase, name, _detail(outcome, ours=ours))
    if not ours and not isinstance(outcome, LetGo):
        _log.warning("lease lost", extra={"fields": {"message": message.id, "outcome": name}})


def _detail(outcome: Outcome, *, ours: bool) -> str | None:
    parts: list[str] = [] if ours or isinstance(outcome, LetGo) else ["lease-lost"]
    if not isinstance(outcome, Sent | LetGo):
        parts.append(outcome.reason)
    if not isinstance(outcome, ToCall | Suppressed | LetGo) and outcome.code is not None:
        parts.append(str(outcome.code))
    return " ".join(parts) or None
