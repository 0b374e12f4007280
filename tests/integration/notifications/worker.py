"""A process of its own that claims, or claims and sends, what is due in a database until nothing is left."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func, select

from services.notifications.contacts import ContactClient
from services.notifications.domain.policy import Policy
from services.notifications.scheduler import Scheduler
from services.notifications.senders.mail import letterhead
from services.notifications.senders.smtp import MailServer, SmtpSender
from services.notifications.tables import MessageRow
from services.notifications.usecases.claiming import take_turn
from services.notifications.usecases.delivering import Delivery
from shared.database import connect, reading, table_of
from tests.servers import ROOT, SERVICE_KEY

_m = table_of(MessageRow).c


@dataclass(frozen=True)
class Job:
    """`mail_port` 0: claim only, nothing is sent."""

    database: str
    mail_port: int = 0
    contacts: str = ""
    lease_seconds: float = 90.0
    hands: int = 4

    @property
    def policy(self) -> Policy:
        return Policy(quiet=None, lease=timedelta(seconds=self.lease_seconds))


@contextmanager
def working(job: Job, processes: int) -> Iterator[list[subprocess.Popen[str]]]:
    """So many processes at the same job; none outlives the block. Each prints what it claimed, an id a line."""
    argv = [sys.executable, "-m", __spec__.name, json.dumps(asdict(job))]
    started = [subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    try:
        yield started
    finally:
        for process in started:
            if process.poll() is None:
                process.kill()
            process.communicate()


def outcomes(processes: Sequence[subprocess.Popen[str]], seconds: float) -> list[list[str]]:
    """What each printed, once all have ended well."""
    found = [process.communicate(timeout=seconds)[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return found


def claim_all(job: Job, engine: Engine) -> None:
    """As the scheduler does, without a rest."""
    while True:
        turn = take_turn(engine, datetime.now(UTC), job.hands, job.policy, lambda _id: None)
        sys.stdout.writelines(f"{assignment.message.id}\n" for assignment in turn.assignments)
        if not turn.assignments and not unfinished(engine, "scheduled", "retry"):
            return


async def send_all(job: Job, engine: Engine) -> None:
    """The real scheduler, until everything has ended."""
    contacts = ContactClient(job.contacts, SERVICE_KEY)
    sender = SmtpSender(MailServer("127.0.0.1", job.mail_port, tls=False), "example.org", timeout=6.0)
    head = letterhead("KomErbij <afzender@example.org>")
    delivery = Delivery(engine, job.policy, lambda: datetime.now(UTC), contacts, sender, head, None)
    scheduler = Scheduler(delivery, job.hands)
    running = asyncio.create_task(scheduler.run())
    while await asyncio.to_thread(unfinished, engine, "scheduled", "retry", "sending"):
        await asyncio.sleep(0.1)
    await scheduler.stop()
    await running
    await contacts.close()
    await sender.close()


def unfinished(engine: Engine, *statuses: str) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).where(_m.status.in_(statuses))).scalar_one()


def main(job: Job) -> None:
    engine = connect(job.database)
    if job.mail_port:
        asyncio.run(send_all(job, engine))
    else:
        claim_all(job, engine)
    engine.dispose()


if __name__ == "__main__":
    main(Job(**json.loads(sys.argv[1])))
