"""From the stream into the message table: this service's subscription to `meedoen.events`."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine

from services.notifications.domain.policy import Policy
from services.notifications.usecases.apply_events import apply
from shared.clock import Clock
from shared.events.envelope import StreamEvent
from shared.messaging.inbox import Inbox
from shared.messaging.log_client import LogClient
from shared.messaging.subscription import StreamConsumer, consumer_name

GROUP = "notifications"


def inbox(engine: Engine, clock: Clock, policy: Policy) -> Inbox:
    """Gives every event its one effect: planning."""

    def planned(connection: Connection, events: Sequence[StreamEvent]) -> None:
        apply(connection, events, clock(), policy)

    return Inbox(engine, planned, clock)


def stream_consumer(
    entries: Inbox, redis_url: str, log: LogClient, port: int, on_commit: Callable[[], None]
) -> StreamConsumer:
    """The consumer of the process that serves on this port."""
    name = consumer_name(GROUP, port)
    return StreamConsumer(redis_url=redis_url, group=GROUP, consumer=name, inbox=entries, on_commit=on_commit, log=log)
