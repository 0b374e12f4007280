"""After a restore: what may have been told in the time that the backup does not know is held for the operator."""

from datetime import datetime

from sqlalchemy import Connection, Engine

from services.notifications.domain.outcomes import BACKUP_RESTORED, held_back
from services.notifications.domain.policy import Policy
from services.notifications.store import attempts, messages, projections, queue
from shared.database import transaction


def hold_what_was_perhaps_told(engine: Engine, since: datetime, now: datetime, policy: Policy) -> None:
    """Hold all of it, whether it stands in the backup or was planned since from the log (decision 0040).

    To be called before anything is taken or sent again; `since`: the last restore. What was due by then must not be
    taken, whenever it is planned.
    """
    held = queue.SWEPT_AT_ONCE
    while held >= queue.SWEPT_AT_ONCE:
        with transaction(engine) as connection:
            held = _hold(connection, since, now, policy)


def _hold(connection: Connection, since: datetime, now: datetime, policy: Policy) -> int:
    found = queue.perhaps_told(connection, since, policy.lease)
    activities = projections.activities(connection, {message.activity for message in found})
    for message in found:
        activity = activities.get(message.activity)
        version = activity.latest.version if activity else None
        messages.hold_back(connection, message, held_back(message, version, now))
    attempts.note_each(connection, [message.id for message in found], now, "planning", "held", BACKUP_RESTORED)
    return len(found)
