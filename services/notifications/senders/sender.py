"""What a way out promises, and what it carries."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from services.notifications.domain.outcomes import Failed, LetGo, Retry, Sent, Unknown

LastLook = Callable[[], Awaitable[bool]]
"""Called once, just before the mail leaves; False: let go. Its commit comes before the first byte of the content."""
SendOutcome = Sent | Retry | Failed | Unknown | LetGo


@dataclass(frozen=True, slots=True, repr=False)
class Mail:
    """A mail, made. Has no readable form, so that no log or traceback shows it."""

    id: str
    """The local part of its Message-ID."""
    sender: str
    recipient: str
    content: bytes


class Sender(Protocol):
    """A way out. How it ended is a value; what it raises is a defect."""

    async def send(self, mail: Mail, last_look: LastLook) -> SendOutcome:
        """Hand the mail over once."""

    def arrived(self, message_id: str) -> bool | None:
        """Did an earlier mail with this id leave? None: no way to know."""
