"""A process that sends as the service does, and stands still where it was told to, so that it can be killed there."""

import asyncio
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from services.notifications import scheduler
from services.notifications.contacts import Contact, ContactClient
from services.notifications.domain.outcomes import Sent
from services.notifications.domain.policy import Policy
from services.notifications.senders.mail import letterhead
from services.notifications.senders.sender import LastLook, Mail, SendOutcome
from services.notifications.senders.smtp import MailServer, SmtpSender
from services.notifications.usecases.claiming import Assignment
from services.notifications.usecases.delivering import Delivered, Delivery
from shared.database import connect
from tests.servers import ROOT, SERVICE_KEY

POLICY = Policy(quiet=None)
_SEND = 60.0
"""Seconds for a phase: nobody gives up waiting before the kill."""


@dataclass(frozen=True)
class Job:
    """`stops`: pid -> where its message stands still: `claimed`, `intent`, `answered` (250, not settled), `settled`."""

    database: str
    mail_port: int
    contacts: str
    hands: int
    stops: dict[str, str]


@dataclass
class Mortal:
    """Such a process from outside. `said`: (step, pid) of every message that stands still in it."""

    process: subprocess.Popen[str]
    said: set[tuple[str, str]] = field(default_factory=set)

    def at(self, ahead: timedelta) -> None:
        """Its clock is so far ahead from now on; it begins with the first word."""
        assert self.process.stdin
        self.process.stdin.write(f"{ahead.total_seconds()}\n")
        self.process.stdin.flush()

    def alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        assert self.process.wait() == -signal.SIGKILL

    def end(self) -> None:
        """As by SIGTERM: nothing new, what is being sent is finished."""
        assert self.process.stdin
        self.process.stdin.close()
        assert self.process.wait(60) == 0

    def listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            step, pid = line.split()
            self.said.add((step, pid))


@contextmanager
def mortal(job: Job) -> Iterator[Mortal]:
    """Started and idle; none outlives the block."""
    argv = [sys.executable, "-m", __spec__.name, json.dumps(asdict(job))]
    with subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        found = Mortal(process)
        ears = threading.Thread(target=found.listen)
        ears.start()
        try:
            yield found
        finally:
            process.kill()
            ears.join()


@dataclass(frozen=True)
class Halt:
    """Inside the process: where whose message stands still."""

    stops: dict[str, str]

    async def at(self, step: str, pid: str) -> None:
        """Says so, and never goes on."""
        if self.stops.get(pid) == step:
            sys.stdout.write(f"{step} {pid}\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


class HaltingContacts(ContactClient):
    """Asked first of all after the claim; a few at a time, as many as a scheduler has hands."""

    def __init__(self, url: str, halt: Halt) -> None:
        super().__init__(url, SERVICE_KEY, timeout=_SEND)
        self._halt, self._few = halt, asyncio.Semaphore(4)

    async def look_up(self, partner_id: str, pid: str) -> Contact | None:
        await self._halt.at("claimed", pid)
        async with self._few:
            return await super().look_up(partner_id, pid)


class HaltingSender(SmtpSender):
    """The service's own, with a stop after the last look and one after the server's answer."""

    def __init__(self, port: int, halt: Halt) -> None:
        super().__init__(MailServer("127.0.0.1", port, tls=False), "example.org", timeout=_SEND)
        self._halt = halt

    async def send(self, mail: Mail, last_look: LastLook) -> SendOutcome:
        pid = mail.recipient.partition("@")[0]

        async def looked() -> bool:
            still_right = await last_look()
            if still_right:
                await self._halt.at("intent", pid)
            return still_right

        outcome = await super().send(mail, looked)
        if isinstance(outcome, Sent):
            await self._halt.at("answered", pid)
        return outcome


def stop_after_settling(halt: Halt) -> None:
    """The scheduler gets a way to deliver that stands still at its end."""
    root: Any = scheduler
    real = root.deliver

    async def deliver(delivery: Delivery, assignment: Assignment) -> Delivered:
        delivered: Delivered = await real(delivery, assignment)
        if delivered.ours and isinstance(delivered.outcome, Sent):
            await halt.at("settled", assignment.message.pid)
        return delivered

    root.deliver = deliver


async def send_until_told_to_end(job: Job) -> None:
    """The real scheduler; each line that comes in sets the clock."""
    engine, halt, ahead = connect(job.database), Halt(job.stops), timedelta()
    stop_after_settling(halt)
    contacts, sender = HaltingContacts(job.contacts, halt), HaltingSender(job.mail_port, halt)
    head = letterhead("KomErbij <afzender@example.org>")
    delivery = Delivery(engine, POLICY, lambda: datetime.now(UTC) + ahead, contacts, sender, head, None)
    clockwork, running = scheduler.Scheduler(delivery, job.hands), None
    while line := await asyncio.to_thread(sys.stdin.readline):
        ahead = timedelta(seconds=float(line))
        clockwork.wake()
        running = running or asyncio.create_task(clockwork.run())
    await clockwork.stop()
    if running:
        await running
    await contacts.close()
    engine.dispose()


if __name__ == "__main__":
    asyncio.run(send_until_told_to_end(Job(**json.loads(sys.argv[1]))))
