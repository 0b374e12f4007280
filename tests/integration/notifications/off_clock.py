"""A process that sends what is due by the service's own clock, on a machine whose clock is wrong."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import time_machine

from services.notifications.contacts import ContactClient
from services.notifications.domain.policy import Policy
from services.notifications.scheduler import Scheduler
from services.notifications.senders.mail import letterhead
from services.notifications.senders.sender import LastLook, Mail, SendOutcome
from services.notifications.senders.smtp import MailServer, SmtpSender
from services.notifications.timekeeper import Timekeeper
from services.notifications.usecases.delivering import Delivery
from shared.database import connect
from tests.servers import ROOT, SERVICE_KEY

READY = "ready"


@dataclass(frozen=True)
class Place:
    """Where the process works; `off`: seconds that its machine's clock is ahead."""

    database: str
    mail_port: int
    contacts: str
    off: float = 0.0

    def off_by(self, by: timedelta) -> "Place":
        return replace(self, off=by.total_seconds())


@contextmanager
def working(place: Place) -> Iterator[subprocess.Popen[str]]:
    """Says `READY`, then the id of each mail it begins to send; ends when its input does."""
    argv = [sys.executable, "-m", __spec__.name, place.database, str(place.mail_port), place.contacts, str(place.off)]
    process = subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


class Telling(SmtpSender):
    """Says what it begins to send."""

    async def send(self, mail: Mail, last_look: LastLook) -> SendOutcome:
        sys.stdout.write(f"{mail.id}\n")
        return await super().send(mail, last_look)


async def work(place: Place) -> None:
    """As the app does, until the input ends; looks for new rows ten times a second, as if events came in."""
    engine = connect(place.database)
    clock = Timekeeper(engine)
    await asyncio.to_thread(clock.follow)
    contacts = ContactClient(place.contacts, SERVICE_KEY)
    sender = Telling(MailServer("127.0.0.1", place.mail_port, tls=False), "example.org", timeout=6.0)
    head = letterhead("KomErbij <afzender@example.org>")
    scheduler = Scheduler(Delivery(engine, Policy(quiet=None), clock, contacts, sender, head))
    running = asyncio.create_task(scheduler.run())
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    while not ended.done():
        scheduler.wake()
        await asyncio.wait((ended,), timeout=0.1)
    await scheduler.stop()
    await running
    await contacts.close()
    engine.dispose()


def main(place: Place) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=place.off), tick=True):
        asyncio.run(work(place))


if __name__ == "__main__":
    main(Place(sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4])))
