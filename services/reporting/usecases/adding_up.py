"""Adding up facts that were there before tallies were kept: once, when a service starts."""

from sqlalchemy import Engine

from services.reporting.store.tallies.keeping import count_anew, not_counted
from shared.database import transaction
from shared.messaging.position import lock

_AT_ONCE = 500
"""Activities in one transaction: what is in memory does not grow with history."""


def add_up(engine: Engine) -> int:
    """Count every activity that was not counted yet; returns how many.

    A commit after each part: killed half way, the next start goes on. Several processes take turns. What was counted
    by other definitions is counted anew after a migration that empties the tables of tallies.
    """
    counted = 0
    while True:
        with transaction(engine) as connection:
            lock(connection)
            missing = not_counted(connection, _AT_ONCE)
            count_anew(connection, missing)
        counted += len(missing)
        if len(missing) < _AT_ONCE:
            return counted
