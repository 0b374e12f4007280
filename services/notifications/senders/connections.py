"""Open connections to one mail server, kept for the next mail; whatever leaves a doubt about one closes it."""

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected

from services.notifications.domain.outcomes import MAIL_SERVER, Retry
from services.notifications.senders.replies import CLOSING, of_the_server

TROUBLE = (SMTPException, OSError, TimeoutError)
"""What talking to a mail server can raise besides a reply."""
_IDLE = 20.0
_MAILS = 100


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


class NoConnection(Exception):  # noqa: N818  -- names the thing
    """There is none, and why."""

    def __init__(self, outcome: Retry) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


@dataclass(slots=True)
class Connection:
    """One that is ready for MAIL."""

    smtp: SMTP
    mails: int = 0
    idle_since: float = 0.0

    @property
    def used(self) -> bool:
        """Carried a mail before: the server may have hung up meanwhile."""
        return self.mails > 0


class Connections:
    """`timeout` seconds for connecting, and for all of hello, TLS and AUTH together; the half of it for an RSET."""

    def __init__(self, server: MailServer, domain: str, timeout: float) -> None:
        self._server, self._domain, self._timeout = server, domain, timeout
        self._idle: list[Connection] = []
        self._tls: ssl.SSLContext | None = None
        self._sweep: asyncio.TimerHandle | None = None

    async def take(self, *, fresh: bool = False) -> Connection:
        """One that answers; an idle one that does not is replaced. Raises NoConnection."""
        while self._idle and not fresh:
            connection = self._idle.pop()
            if await self._alive(connection):
                return connection
        return await self._open()

    def give_back(self, connection: Connection) -> None:
        """After a mail that ended in clear words."""
        connection.mails += 1
        if connection.mails >= _MAILS or not connection.smtp.is_connected:
            goodbye(connection)
            return
        connection.idle_since = time.monotonic()
        self._idle.append(connection)
        if self._sweep is None:
            self._sweep = asyncio.get_running_loop().call_later(_IDLE, self._close_idle)

    async def close(self) -> None:
        """Say goodbye to the idle ones."""
        if self._sweep:
            self._sweep.cancel()
            self._sweep = None
        while self._idle:
            goodbye(self._idle.pop())
        await asyncio.sleep(0)

    def _close_idle(self) -> None:
        self._sweep = None
        now = time.monotonic()
        for connection in [one for one in self._idle if now - one.idle_since >= _IDLE]:
            self._idle.remove(connection)
            goodbye(connection)
        if self._idle:
            ahead = min(one.idle_since for one in self._idle) + _IDLE - now
            self._sweep = asyncio.get_running_loop().call_later(ahead, self._close_idle)

    async def _alive(self, connection: Connection) -> bool:
        """RSET: forgets the mail before, and shows whether anybody is there."""
        if time.monotonic() - connection.idle_since < _IDLE:
            with suppress(*TROUBLE):
                await connection.smtp.rset(timeout=self._timeout / 2)
                return True
        goodbye(connection)
        return False

    async def _open(self) -> Connection:
        smtp = SMTP(
            hostname=self._server.host,
            port=self._server.port,
            use_tls=self._server.tls,
            start_tls=False,
            local_hostname=self._domain,
            tls_context=self._context() if self._server.tls else None,
            timeout=self._timeout,
        )
        try:
            await phase("connect", smtp.connect, self._timeout)
            await phase("hello", lambda: self._hello(smtp), self._timeout)
        except BaseException:
            smtp.close()
            raise
        return Connection(smtp)

    async def _hello(self, smtp: SMTP) -> None:
        server = self._server
        await smtp.ehlo()
        if not server.tls and smtp.supports_extension("starttls"):
            await smtp.starttls(tls_context=self._context())
            await smtp.ehlo()
        if server.user is not None:
            if not smtp.supports_extension("auth"):
                raise NoConnection(Retry("hello", "login-not-offered", trouble=MAIL_SERVER, alarm=True))
            await smtp.login(server.user, server.password or "")

    def _context(self) -> ssl.SSLContext:
        self._tls = self._tls or ssl.create_default_context()
        return self._tls


async def phase(name: str, act: Callable[[], Awaitable[object]], seconds: float) -> None:
    """One phase of making a connection. Raises NoConnection."""
    try:
        async with asyncio.timeout(seconds):
            await act()
    except SMTPResponseException as error:
        raise NoConnection(of_the_server(name, error.code)) from None
    except TROUBLE as error:
        raise NoConnection(Retry(name, _why(error), trouble=MAIL_SERVER)) from None


def _why(error: BaseException) -> str:
    """In a word, from the whole chain of causes."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "tls-failed"
        if isinstance(cause, socket.gaierror):
            return "name-unknown"
        cause = cause.__cause__ or cause.__context__
    return "no-contact"


def goodbye(connection: Connection) -> None:
    """QUIT without waiting for the answer; nothing that goes wrong from here on matters."""
    smtp = connection.smtp
    with suppress(*TROUBLE, RuntimeError):
        if smtp.protocol is not None and smtp.is_connected:
            smtp.protocol.write(b"QUIT\r\n")
    smtp.close()


def hung_up(error: BaseException) -> bool:
    """The server ended the connection, in words or without; a hang is none."""
    if isinstance(error, SMTPResponseException):
        return error.code == CLOSING
    return isinstance(error, SMTPServerDisconnected | ConnectionError)
