"""What a way out promises, and what it carries."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from services.notifications.domain.outcomes import (
    AddressRefused,
    ChannelRefused,
    Failed,
    LetGo,
    Postponed,
    Retry,
    Sent,
    Unknown,
)

LastLook = Callable[[], Awaitable[bool]]
"""Called just before the mail leaves; False: let go. Its commit comes before the first byte of the content."""
SendOutcome = Sent | Retry | AddressRefused | ChannelRefused | Postponed | Failed | Unknown | LetGo


@dataclass(frozen=True, slots=True, repr=False)
class Mail:
    """A mail, made. Has no readable form, so that no log or traceback shows it."""

    id: str
    """The local part of its Message-ID."""
    sender: str
    recipient: str
    content: bytes
    lane: int = 5
    """Of the message: who has more to lose by waiting waits in another queue."""
    lean: Callable[[], bytes] | None = None
    """Makes the same without attachment, for a server that finds it too big."""


class Sender(Protocol):
    """A way out. How it ended is a value; what it raises is a defect."""

    async def send(self, mail: Mail, last_look: LastLook) -> SendOutcome:
        """Hand the mail over once."""

    def arrived(self, message_id: str) -> bool | None:
        """Did an earlier mail with this id leave? None: no way to know."""

    def width(self) -> int | None:
        """How many mails the other side wants at once at the moment; None: as many as we like."""

    async def close(self) -> None:
        """Let go of what is open; a later send opens it again."""
