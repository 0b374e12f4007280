"""A process that reads the stream into reporting's database as the service does, and dies where it is told to."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from sqlalchemy import Connection

from services.reporting.consumer import GROUP
from services.reporting.usecases.apply_events import apply
from shared.clock import utc_now
from shared.database import connect
from shared.events.envelope import StreamEvent
from shared.messaging.cloud_event_format import Entry
from shared.messaging.inbox import Inbox, Outcome
from shared.messaging.subscription import StreamConsumer
from tests.servers import ROOT

Death = Literal["before the commit", "after the commit"]
Die = Callable[[Death], None]
NAME = "reporting-that-dies"
_AT_MOST = 60
"""Seconds that one may live."""


@contextmanager
def mortals(database_url: str, redis_url: str) -> Iterator[Die]:
    """At each call another one reads what is on the stream and dies there, of kill -9 and of nothing else.

    They are born of one process, as the imports of a service take seconds.
    """
    argv = [sys.executable, "-m", __spec__.name, database_url, redis_url]
    with subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdin
        assert parent.stdout

        def die(death: Death) -> None:
            parent.stdin.write(f"{death}\n")  # type: ignore[union-attr]  # looked at above
            parent.stdin.flush()  # type: ignore[union-attr]  # looked at above
            assert parent.stdout.readline() == f"{-signal.SIGKILL}\n"  # type: ignore[union-attr]  # looked at above

        yield die
        parent.stdin.close()
        assert parent.wait(10) == 0


class MortalInbox(Inbox):
    """Has its effect, and then no time to acknowledge."""

    def process(self, entries: Sequence[Entry], *, from_log: bool = False) -> Outcome:
        outcome = super().process(entries, from_log=from_log)
        if outcome.applied:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome


def apply_in_vain(connection: Connection, events: Sequence[StreamEvent]) -> None:
    """All of the effect is written, and nothing of it is committed."""
    apply(connection, events)
    os.kill(os.getpid(), signal.SIGKILL)


def live(death: str, database_url: str, redis_url: str) -> None:
    """Until it dies."""
    signal.alarm(_AT_MOST)
    engine = connect(database_url)
    if death == "after the commit":
        inbox: Inbox = MortalInbox(engine, apply, utc_now)
    else:
        inbox = Inbox(engine, apply_in_vain, utc_now)
    reader = StreamConsumer(redis_url=redis_url, group=GROUP, consumer=NAME, inbox=inbox, log=None)
    asyncio.run(reader.run())


if __name__ == "__main__":
    for _line in sys.stdin:
        if not (_child := os.fork()):
            live(_line.strip(), *sys.argv[1:])
        _, _status = os.waitpid(_child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(_status)}\n")
        sys.stdout.flush()
