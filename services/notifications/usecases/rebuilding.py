"""How this service is made again from the event log: its picture of the world, never the ledger of what was told."""

from collections.abc import Sequence

from sqlalchemy import Connection

from services.notifications.domain.policy import Policy
from services.notifications.store import erasures, generations
from services.notifications.usecases.apply_events import project
from services.notifications.usecases.replan import plan_what_comes
from shared.clock import Clock
from shared.events.envelope import StreamEvent
from shared.operators.projections import Projections


def rebuildable(clock: Clock, policy: Policy) -> Projections:
    """After a switch what is still ahead is planned; the messages there are keep everybody from being told again."""

    def apply(connection: Connection, events: Sequence[StreamEvent]) -> None:
        project(connection, events)

    def plan(connection: Connection) -> None:
        plan_what_comes(connection, clock(), policy)

    return Projections("notifications", generations.metadata, generations.TABLES, apply, plan, erasures.forget_orphans)
