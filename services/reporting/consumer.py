"""From the stream into the tables: reporting's subscription to `meedoen.events`."""

from sqlalchemy import Engine

from services.reporting.usecases.apply_events import apply
from shared.clock import Clock
from shared.messaging.inbox import Inbox
from shared.messaging.log_client import LogClient
from shared.messaging.subscription import StreamConsumer

GROUP = "reporting"


def inbox(engine: Engine, clock: Clock) -> Inbox:
    """Gives every event its one effect: the newest state of its subject."""
    return Inbox(engine, apply, clock)


def stream_consumer(entries: Inbox, redis_url: str, log: LogClient) -> StreamConsumer:
    """The consumer; one process, so its name is the group's and stays the same over restarts."""
    return StreamConsumer(redis_url=redis_url, group=GROUP, consumer=GROUP, inbox=entries, log=log)
