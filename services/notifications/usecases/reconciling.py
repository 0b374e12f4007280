"""From time to time: does every message exist that must? What lacks is put in and counted; there should be nothing."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from services.notifications.domain.policy import Policy
from services.notifications.store import projections
from services.notifications.store.coming import beginning_between
from services.notifications.usecases.replan import replan
from shared.database import reading, transaction

AHEAD = timedelta(days=8)
AT_ONCE = 200
"""Sign-ups planned in one transaction, so that nobody who sends has to wait for long."""


def reconcile(engine: Engine, now: datetime, policy: Policy) -> int:
    """Plan anew for everybody at what begins within the next eight days; returns how many messages lacked."""
    with reading(engine) as connection:
        coming = beginning_between(connection, now, now + AHEAD)
        refs = sorted(projections.signups_for(connection, coming))
    lacking = 0
    for start in range(0, len(refs), AT_ONCE):
        with transaction(engine) as connection:
            projections.one_planner(connection)
            lacking += replan(connection, refs[start : start + AT_ONCE], now, policy)
    return lacking
