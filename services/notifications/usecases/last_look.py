"""The last moment before a mail leaves: still right? From the commit on it may have been sent."""

from datetime import datetime

from sqlalchemy import Engine

from services.notifications.domain.policy import Policy
from services.notifications.domain.verdict import Go
from services.notifications.store import queue
from services.notifications.usecases.claiming import Assignment, judged
from shared.database import transaction


def last_look(engine: Engine, assignment: Assignment, now: datetime, policy: Policy) -> bool:
    """True: send, now. False: cancelled, moved, told by another message, too late, or the lease is lost.

    A change that committed before this wins; one that commits after it finds a message that may have left.
    """
    message = assignment.message
    with transaction(engine) as connection:
        found = judged(connection, [message], now, policy, lock=True)[message.id]
        as_prepared = found.latest is not None and found.latest.version == assignment.activity.version
        if not isinstance(found.may, Go) or not as_prepared:
            return False
        return queue.hold_intent(connection, message, assignment.activity.version, now, now + policy.lease)
