"""A real SMTP server for tests that keeps what it was given."""

import email
from collections import Counter
from dataclasses import dataclass, field
from email.message import Message
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers import free_port


@dataclass
class MailServer:
    """Listens on loopback from `with` to its end; `mails` holds every message in order of arrival."""

    port: int = field(default_factory=free_port)
    mails: list[Message] = field(default_factory=list)
    _controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  -- the name that aiosmtpd calls
        content: Any = envelope.content
        self.mails.append(email.message_from_bytes(content))
        return "250 taken"

    def __enter__(self) -> "MailServer":
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._controller:
            self._controller.stop()

    def ids(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)

    def to(self, address: str) -> list[Message]:
        """What came for one address."""
        return [mail for mail in self.mails if address in str(mail["To"])]
