"""From time to time: does every message exist that must? What lacks is put in and counted; there should be nothing."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from services.notifications.domain.policy import Policy
from services.notifications.usecases.replan import replan_what_comes

AHEAD = timedelta(days=8)


def reconcile(engine: Engine, now: datetime, policy: Policy) -> int:
    """Plan anew for everybody at what begins within the next eight days; returns how many messages lacked."""
    return replan_what_comes(engine, now, policy, now + AHEAD)
