"""What did not get out in time by one way goes on to the next: SMS, then the call list (guide notifications 10)."""

from datetime import datetime

from sqlalchemy import Engine

from services.notifications.domain.channels import moves_on
from services.notifications.domain.policy import Policy
from services.notifications.store import attempts, projections, ways
from shared.database import transaction


def move_on(engine: Engine, now: datetime, policy: Policy, *, down: frozenset[str], sms: bool) -> int:
    """Every half minute or so, beside the claims: a way that is down holds them up. Returns how many messages moved.

    `down`: channels on which nothing goes at the moment; `sms`: there is a provider. Who has no mobile number, or no
    number at all, turns out when the message is sent, with the contact data at hand.
    """
    moved = 0
    with transaction(engine) as connection:
        late = ways.perhaps_late(connection, now, down)
        activities = projections.activities(connection, {message.activity for message in late})
        for message in late:
            activity = activities.get(message.activity)
            if activity is None:
                continue
            following = moves_on(message, activity.latest.starts_at, now, policy, down=down, sms=sms)
            if following is not None:
                ways.move_on(connection, message, following, now)
                attempts.note(connection, message.id, now, "planning", "moved-on", following)
                moved += 1
    return moved
