"""SMTP with its phases apart, so that a broken line says whether the mail may have left."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPResponseException

from services.notifications.domain.outcomes import Failed, LetGo, Retry, Sent, Unknown
from services.notifications.senders.sender import LastLook, Mail, SendOutcome

_CONFIGURATION = (530, 534, 535, 538)
"""Replies about us, not about the mail: somebody has to set something right, and then it can go."""
_BEFORE = (SMTPException, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes. `tls`: from the first byte; else STARTTLS where the server offers it."""

    host: str
    port: int
    tls: bool
    user: str | None = None
    password: str | None = None


def mail_server(url: str) -> MailServer:
    """`smtp://[user:password@]host[:port]` or `smtps://...`; ValueError for anything else, without repeating it."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("NOTIFICATIONS_SMTP_URL: write smtp://[user:password@]host[:port] or smtps://...")
    tls = parts.scheme == "smtps"
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    return MailServer(parts.hostname, parts.port or (465 if tls else 25), tls, user, password)


class SmtpSender:
    """One connection a mail; `timeout` seconds for each phase, all together well under the lease."""

    def __init__(self, server: MailServer, domain: str, timeout: float = 8.0) -> None:
        self._server, self._domain, self._timeout = server, domain, timeout

    async def send(self, mail: Mail, last_look: LastLook) -> SendOutcome:
        """Connect, AUTH, MAIL, RCPT; last look; DATA. Only after DATA began can the outcome be unknown."""
        smtp = self._connection()
        try:
            return await self._before_data(smtp, mail) or await self._data(smtp, mail, last_look)
        finally:
            await self._goodbye(smtp)

    def arrived(self, message_id: str) -> None:  # noqa: ARG002  -- the protocol's signature
        """Nobody can ask a mail server that."""
        return

    def _connection(self) -> SMTP:
        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls,
            start_tls=False if server.tls else None,
            username=server.user,
            password=server.password,
            local_hostname=self._domain,
            timeout=self._timeout,
        )

    async def _before_data(self, smtp: SMTP, mail: Mail) -> SendOutcome | None:
        """Everything up to RCPT; None when the server is ready for the content."""
        phases: tuple[tuple[str, Callable[[], Awaitable[object]]], ...] = (
            ("connect", smtp.connect),
            ("hello", smtp.ehlo),
            ("mail", lambda: smtp.mail(mail.sender)),
            ("rcpt", lambda: smtp.rcpt(mail.recipient)),
        )
        for phase, act in phases:
            try:
                await act()
            except SMTPResponseException as error:
                return _refused(phase, error)
            except _BEFORE:
                return Retry(phase, "no-contact")
        return None

    async def _data(self, smtp: SMTP, mail: Mail, last_look: LastLook) -> SendOutcome:
        if not await last_look():
            return LetGo()
        try:
            answer = await smtp.data(mail.content)
        except SMTPResponseException as error:
            if error.code < 400:
                return Unknown("data", "no-answer")
            return _refused("data", error)
        except _BEFORE:
            return Unknown("data", "no-answer")
        return Sent("data", answer.code)

    async def _goodbye(self, smtp: SMTP) -> None:
        """Nothing that goes wrong from here on changes the outcome."""
        with suppress(*_BEFORE, ValueError):
            if smtp.is_connected:
                await smtp.quit(timeout=2.0)
        smtp.close()


def _refused(phase: str, error: SMTPResponseException) -> Retry | Failed:
    """4xx may go later; 5xx never, unless it is about the connection or our own account."""
    ours = isinstance(error, SMTPAuthenticationError) or error.code in _CONFIGURATION
    if ours or phase in ("connect", "hello"):
        return Retry(phase, "server-refuses-us", error.code)
    if error.code >= 500:
        return Failed(phase, "address-refused" if phase == "rcpt" else "refused", error.code)
    return Retry(phase, "later", error.code)
