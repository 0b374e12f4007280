"""The mailbox folder: every mail a file named by its Message-ID, there whole or not at all."""

import asyncio
import os
from pathlib import Path

from services.notifications.domain.outcomes import MAIL_SERVER, LetGo, Retry, Sent
from services.notifications.senders.sender import LastLook, Mail, SendOutcome

_REFUSED = Retry("mailbox", "folder-refuses", trouble=MAIL_SERVER, alarm=True)


class MailboxSender:
    """Used until a mail server is set; opens no connection to anywhere."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, mail: Mail, last_look: LastLook) -> SendOutcome:
        """Write, flush to disk, rename. A mail that is there already stays as it is."""
        if not await last_look():
            return LetGo()
        if self.arrived(mail.id):
            return Sent("mailbox")
        try:
            await asyncio.to_thread(self._write, mail)
        except OSError:
            return Sent("mailbox") if self.arrived(mail.id) else _REFUSED
        return Sent("mailbox")

    def arrived(self, message_id: str) -> bool:
        """Is the file there?"""
        return self._path(message_id).exists()

    def width(self) -> None:
        """A disk minds no crowd."""

    async def close(self) -> None:
        """Nothing is open."""

    def _path(self, message_id: str) -> Path:
        return self._folder / f"{message_id}.eml"

    def _write(self, mail: Mail) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(mail.id)
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            file.write(mail.content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
