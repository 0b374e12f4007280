"""A mail server that keeps what it took and, now and then, behaves as mail servers do."""

import asyncio
import threading
from collections import Counter
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.chaos.clock import FastClock
from tests.chaos.dice import dice
from tests.chaos.ports import steady_port

_HEADERS = BytesHeaderParser()


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that is in somebody's mailbox. `message`: the part of its Message-ID that names the message."""

    message: str
    recipient: str
    at: float
    """Of the driver's clock, in seconds since 1970."""
    token: str | None = None
    """Of the link in it that stops reminders."""


@dataclass
class RoughMailServer:
    """`rough` of a thousand mails meet each of: dropped after the server took it, refused for now, answered slowly."""

    clock: FastClock
    seed: int
    rough: int = 15
    port: int = field(default_factory=steady_port)
    taken: list[Taken] = field(default_factory=list)
    behaved: Counter[str] = field(default_factory=Counter)
    _controller: Controller | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._dice = dice(self.seed, "mail")

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  -- the name that aiosmtpd calls
        """Mood first; whatever is answered 250, or dropped, is in the mailbox."""
        mood = self._mood()
        self.behaved[mood] += 1
        if mood == "later":
            return "451 try again later"
        if mood == "slow":
            await asyncio.sleep(self._dice.uniform(0.5, 3))
        self._keep(envelope)
        if mood == "dropped" and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return "250 taken"

    def _mood(self) -> str:
        rolled = self._dice.randrange(1000)
        for mood in ("dropped", "later", "slow"):
            if rolled < self.rough:
                return mood
            rolled -= self.rough
        return "fine"

    def _keep(self, envelope: Envelope) -> None:
        content: Any = envelope.content
        headers = _HEADERS.parsebytes(content)
        link = headers["List-Unsubscribe"]
        token = str(link).strip().strip("<>").rpartition("/")[2] if link else None
        with self._lock:
            at = self.clock().timestamp()
            self.taken.append(
                Taken(str(headers["Message-ID"]).strip("<>").partition("@")[0], str(envelope.rcpt_tos[0]), at, token)
            )

    def start(self) -> "RoughMailServer":
        """Listen on loopback."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def stop(self) -> None:
        """Listen no more."""
        if self._controller:
            self._controller.stop()
            self._controller = None

    def counts(self) -> Counter[str]:
        """How often each message came."""
        with self._lock:
            return Counter(mail.message for mail in self.taken)
