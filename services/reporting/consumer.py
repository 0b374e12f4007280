"""From the stream into the tables: reporting's subscription to `meedoen.events`."""

from sqlalchemy import Engine

from services.reporting.usecases.apply_events import apply
from shared.clock import Clock
from shared.messaging.inbox import Inbox
from shared.messaging.log_client import LogClient
from shared.messaging.subscription import StreamConsumer, consumer_name

GROUP = "reporting"


def inbox(engine: Engine, clock: Clock) -> Inbox:
    """Gives every event its one effect: the newest state of its subject."""
    return Inbox(engine, apply, clock)


def stream_consumer(entries: Inbox, redis_url: str, log: LogClient, port: int) -> StreamConsumer:
    """The consumer of the process that serves on this port."""
    return StreamConsumer(redis_url=redis_url, group=GROUP, consumer=consumer_name(GROUP, port), inbox=entries, log=log)
