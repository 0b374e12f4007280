"""SMTP with its phases apart, so that a broken line says whether the mail may have left."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable

from aiosmtplib import SMTP, SMTPResponseException, SMTPServerDisconnected

from services.notifications.domain.outcomes import MAIL_SERVER, ChannelRefused, LetGo, Postponed, Retry, Sent, Unknown
from services.notifications.senders.connections import (
    TROUBLE,
    Connection,
    Connections,
    MailServer,
    NoConnection,
    hung_up,
    mail_server,
)
from services.notifications.senders.pace import Pace
from services.notifications.senders.replies import TOO_MANY, TooBig, refusal
from services.notifications.senders.sender import LastLook, Mail, SendOutcome
from services.notifications.senders.width import Width

__all__ = ["MailServer", "SmtpSender", "mail_server"]
_LINE_END = re.compile(rb"\r\n|\r|\n")
_DOT = re.compile(rb"(?m)^\.")
_GO_AHEAD = 354
_PATIENCE = 3
"""How much longer than the others the answer to the content may take: servers look for spam and viruses meanwhile."""


class HungUp(Exception):  # noqa: N818  -- names the thing
    """A connection that had carried mails before was gone before the content of this one."""


class SmtpSender:
    """Mails over a few connections that stay open. `timeout` seconds for each phase, three times that for the answer to
    the content; all together, also with a stale connection before, well under the lease.
    """

    def __init__(self, server: MailServer, domain: str, timeout: float = 8.0, pace: Pace | None = None) -> None:
        self._connections = Connections(server, domain, timeout)
        self._timeout, self._pace, self._width = timeout, pace, Width()
        self._under_way = 0

    async def send(self, mail: Mail, last_look: LastLook) -> SendOutcome:
        """Connect, AUTH, MAIL, RCPT; last look; DATA. Only after the content began can the outcome be unknown."""
        if later := await self._wait(mail):
            return later
        outcome = await self._hand_over(mail, mail.content, last_look)
        if isinstance(outcome, TooBig) and mail.lean:
            outcome = await self._hand_over(mail, mail.lean(), last_look)
        if isinstance(outcome, TooBig):
            return ChannelRefused(outcome.phase, "too-big", outcome.code)
        if isinstance(outcome, Retry) and outcome.code == TOO_MANY:
            self._width.narrow(time.monotonic(), self._under_way + 1)
        return outcome

    def arrived(self, message_id: str) -> None:  # noqa: ARG002  -- the protocol's signature
        """Nobody can ask a mail server that."""
        return

    def width(self) -> int | None:
        """Fewer for a while after the server said that there are too many connections."""
        return self._width.at(time.monotonic())

    async def close(self) -> None:
        """Say goodbye on the connections that are idle."""
        await self._connections.close()

    async def _wait(self, mail: Mail) -> Postponed | None:
        if self._pace is None:
            return None
        place = mail.recipient.rpartition("@")[2].lower()
        go, seconds = self._pace.wait(mail.id, place, mail.lane, time.monotonic())
        if not go:
            return Postponed(seconds)
        await asyncio.sleep(seconds)
        return None

    async def _hand_over(self, mail: Mail, content: bytes, last_look: LastLook) -> SendOutcome | TooBig:
        self._under_way += 1
        try:
            connection = await self._connections.take()
            try:
                return await self._mail(connection, mail, content, last_look)
            except HungUp:
                fresh = await self._connections.take(fresh=True)
                return await self._mail(fresh, mail, content, last_look)
        except NoConnection as none:
            return none.outcome
        finally:
            self._under_way -= 1

    async def _mail(
        self, connection: Connection, mail: Mail, content: bytes, last_look: LastLook
    ) -> SendOutcome | TooBig:
        """One mail over one connection, which stays open only if both sides agree on where they are."""
        outcome: SendOutcome | TooBig | None = None
        try:
            outcome = await self._envelope(connection, mail) or await self._data(connection.smtp, content, last_look)
            return outcome
        finally:
            if outcome is None or isinstance(outcome, Unknown) or _in_trouble(outcome):
                connection.smtp.close()
            else:
                self._connections.give_back(connection)

    async def _envelope(self, connection: Connection, mail: Mail) -> SendOutcome | TooBig | None:
        """MAIL and RCPT; None when the server is ready for the content. Raises HungUp."""
        smtp = connection.smtp
        phases: tuple[tuple[str, Callable[[], Awaitable[object]]], ...] = (
            ("mail", lambda: smtp.mail(mail.sender)),
            ("rcpt", lambda: smtp.rcpt(mail.recipient)),
        )
        for phase, act in phases:
            try:
                await act()
            except TROUBLE as error:
                if connection.used and hung_up(error):
                    raise HungUp from None
                return _ended(phase, error)
        return None

    async def _data(self, smtp: SMTP, content: bytes, last_look: LastLook) -> SendOutcome | TooBig:
        if not await last_look():
            return LetGo()
        try:
            answer = await smtp.execute_command(b"DATA")
        except TROUBLE as error:
            return _ended("data", error)  # not a byte of the content went out
        if answer.code >= 400:
            return refusal("data", answer.code)
        if answer.code != _GO_AHEAD:
            return Retry("data", "no-contact", answer.code, trouble=MAIL_SERVER)
        return await self._content(smtp, content)

    async def _content(self, smtp: SMTP, content: bytes) -> SendOutcome | TooBig:
        try:
            if smtp.protocol is None:
                raise SMTPServerDisconnected("gone")
            smtp.protocol.write(on_the_wire(content))
            answer = await smtp.protocol.read_response(timeout=_PATIENCE * self._timeout)
        except TROUBLE:
            return Unknown("data", "no-answer")
        if answer.code >= 400:
            return refusal("data", answer.code)
        if answer.code // 100 != 2:
            return Unknown("data", "no-answer", answer.code)
        return Sent("data", answer.code)


def on_the_wire(content: bytes) -> bytes:
    """With CRLF at the end of each line, dots doubled, and the dot at the end (RFC 5321, section 4.5.2)."""
    lines = _DOT.sub(b"..", _LINE_END.sub(b"\r\n", content))
    return lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _ended(phase: str, error: BaseException) -> SendOutcome | TooBig:
    """Before the content: surely not sent."""
    if isinstance(error, SMTPResponseException) and error.code >= 400:
        return refusal(phase, error.code)
    return Retry(phase, "no-contact", trouble=MAIL_SERVER)


def _in_trouble(outcome: SendOutcome | TooBig) -> bool:
    return isinstance(outcome, Retry) and (outcome.trouble is not None or outcome.code == TOO_MANY)
