"""Send one message and write down how it ended, whatever happens."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.notifications.domain.outcomes import LetGo, Outcome, Postponed, Retry, Suppressed, ToCall, Unknown
from services.notifications.usecases.claiming import Assignment
from services.notifications.usecases.last_look import last_look
from services.notifications.usecases.sending import Delivery, Sending, send_out
from services.notifications.usecases.settling import Taken, settle

__all__ = ["Delivered", "Delivery", "deliver"]
_log = logging.getLogger(__name__)
_SETTLE_AGAIN = timedelta(seconds=1)
_AWAY = (OperationalError, InterfaceError, PoolTimeout)
"""A database that is away, or kept busy by others; what else it says would be said again."""
_LATER = 5.0
"""Seconds until a message comes again that a database broke off."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """How it ended, and by which channel. `ours`: the row was still ours when that was written down."""

    outcome: Outcome
    ours: bool
    channel: str

    @property
    def lease_lost(self) -> bool:
        """Somebody else took the row over while it was being sent. Who let go had seen that before."""
        return not self.ours and not isinstance(self.outcome, LetGo)


async def deliver(delivery: Delivery, assignment: Assignment) -> Delivered:
    """Send, settle. Never raises for what a mail, a person or a server can do.

    What the database refuses to write down raises: then the lease runs out, and the row is met as one left behind.
    """
    outcome, taken = await _attempt(delivery, assignment)
    while True:
        now = delivery.clock()
        try:
            ours = await asyncio.to_thread(
                settle, delivery.engine, assignment, outcome, now, delivery.policy, taken, sms=delivery.sms is not None
            )
        except _AWAY as error:
            _log.warning("settling failed", extra={"fields": {"error": type(error).__name__}})
            await asyncio.sleep(_SETTLE_AGAIN.total_seconds())
        else:
            return Delivered(outcome, ours, _channel(outcome, taken))


def _channel(outcome: Outcome, taken: Taken) -> str:
    return outcome.channel if isinstance(outcome, ToCall | Suppressed) else taken.channel


async def _attempt(delivery: Delivery, assignment: Assignment) -> Sending:
    """How it ended. An accident before the last look is surely no message; after it nobody knows."""
    looked = False

    async def look() -> bool:
        nonlocal looked
        now = delivery.clock()
        looked = await asyncio.to_thread(last_look, delivery.engine, assignment, now, delivery.policy)
        return looked

    try:
        return await send_out(delivery, assignment, look)
    except _AWAY as error:
        _log.warning("database away while sending", extra={"fields": {"error": type(error).__name__}})
        not_looked: Outcome = Postponed(_LATER, "accident", "database-away")
    except Exception as error:  # no defect of ours may cost anybody more than this one message
        fields = {"message": assignment.message.id, "error": type(error).__name__}
        _log.error("sending failed", extra={"fields": fields})
        not_looked = Retry("accident", "accident")
    return Unknown("data", "accident") if looked else not_looked, Taken(assignment.message.channel)
