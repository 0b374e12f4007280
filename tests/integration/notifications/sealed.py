"""A process whose sender may open no socket, and whose other parts may reach registration alone.

Audit hooks cannot be taken off again, so it is a process of its own. It sends, in a database and a data folder that it
is given, by retry, after a crash and after a doubt, and prints what came of it.
"""

import asyncio
import json
import sys
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from services.notifications import app
from services.notifications.contacts import ContactClient
from services.notifications.domain.outcomes import Unknown
from services.notifications.senders.sender import LastLook, Mail, Sender, SendOutcome
from services.notifications.senders.smtp import MailServer, SmtpSender
from services.notifications.usecases.claiming import Assignment, take_turn
from services.notifications.usecases.last_look import last_look
from services.notifications.usecases.sending import send_out
from services.notifications.usecases.settling import settle
from shared.database import connect
from tests.integration.notifications.registration import ContactServer
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import START, Story
from tests.integration.notifications.test_app import settings
from tests.servers import SERVICE_KEY

_REACHING = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg")
_sending: ContextVar[bool] = ContextVar("sending", default=False)


class Seal:
    """`opened`: every socket that the sender made, every address but registration's; `asked`: look-ups at it."""

    def __init__(self, registration: str) -> None:
        self.registration = registration
        self.opened: list[str] = []
        self.asked = 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not event.startswith("socket."):
            return
        if _sending.get():
            self._refuse(event, "while sending")
        if event in _REACHING:
            host, port = arguments[1][:2] if event == "socket.connect" else arguments[:2]
            if f"http://{host}:{port}" != self.registration:
                self._refuse(event, str(host))
            self.asked += event == "socket.connect"

    def _refuse(self, event: str, what: str) -> None:
        self.opened.append(f"{event} {what}")
        raise PermissionError(event)


class Sealed:
    """A sender that is watched while it works; the last look belongs to the database and may take place."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender

    async def send(self, mail: Mail, last_look: LastLook) -> SendOutcome:
        _sending.set(True)  # of this task alone, and of the threads that it starts
        try:
            return await self.sender.send(mail, last_look)
        finally:
            _sending.set(False)

    def arrived(self, message_id: str) -> bool | None:
        _sending.set(True)
        try:
            return self.sender.arrived(message_id)
        finally:
            _sending.set(False)

    def width(self) -> int | None:
        return self.sender.width()

    async def close(self) -> None:
        await self.sender.close()


def claimed(rig: Rig) -> list[Assignment]:
    """By a process that will not come back."""
    return take_turn(rig.engine, rig.clock(), 4, rig.policy, lambda _id: None).assignments


async def half_way(rig: Rig, *, written: bool) -> None:
    """A process dies after its last look, with the file written or not; the lease runs out."""
    client = ContactClient(rig.contacts.url, SERVICE_KEY)
    for one in claimed(rig):
        look = partial(_looked, rig, one)
        await (send_out(rig.delivery(client), one, look) if written else look())
    await client.close()
    await rig.later(minutes=3).work()


async def _looked(rig: Rig, one: Assignment) -> bool:
    return last_look(rig.engine, one, rig.clock(), rig.policy)


def put_in_the_way(folder: Path) -> None:
    folder.write_text("a file")


def remove(file: Path) -> None:
    file.unlink()


async def run(rig: Rig, folder: Path) -> None:
    story = Story()
    put_in_the_way(folder)
    rig.apply(story.activity(), story.signup("retried"))
    await rig.work()
    remove(folder)
    await rig.later(minutes=5).work()
    rig.apply(story.signup("looked"))
    await half_way(rig, written=False)
    rig.apply(story.signup("written"))
    await half_way(rig, written=True)
    rig.at(START - timedelta(hours=24))
    for one in claimed(rig):  # by a process of before, which had a mail server
        settle(rig.engine, one, Unknown("data", "timeout"), rig.clock(), rig.policy)
    await rig.later(minutes=16).work()


async def control(sender: Sender) -> None:
    async def look() -> bool:
        return True

    await sender.send(Mail("id", "a@example.org", "b@example.org", b"Subject: x\r\n\r\n"), look)


def main(database: str, data: Path) -> None:
    with ContactServer() as contacts:
        seal = Seal(contacts.url)
        sender = Sealed(app.sender_of(settings(data), "example.org"))
        rig = Rig(connect(database), sender, contacts)
        sys.addaudithook(seal)
        asyncio.run(run(rig, data / "mailbox"))
        opened = list(seal.opened)
        asyncio.run(control(Sealed(SmtpSender(MailServer("127.0.0.1", 9, tls=False), "example.org", timeout=1.0))))
    steps = {f"{row['kind']} {row['signup']}": [how for _, how, _ in rig.attempts(row["id"])] for row in rig.rows()}
    sys.stdout.write(json.dumps({"opened": opened, "asked": seal.asked, "steps": steps, "control": seal.opened}))
    rig.engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
