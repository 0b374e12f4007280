"""A real SMTP server on loopback that misbehaves on order."""

import asyncio
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from services.notifications.senders.smtp import MailServer
from tests.servers import free_port

PHASES = ("connect", "hello", "auth", "mail", "rcpt", "command", "data")
"""In which it can misbehave: the greeting, EHLO, AUTH, MAIL, RCPT, the command DATA, the content."""


@dataclass
class Moody:
    """`replies`: phase (of `PHASES`, or rset) to a reply, `drop`, `hang` or `hold`; taken mails stand in `mails`.

    `stores_first`: the mail is kept before the line drops, as a server does whose answer gets lost. `hold`: no answer
    as long as the client is there; `held` counts them. `bad_tls`: offers STARTTLS and cannot do it.
    """

    replies: dict[str, str] = field(default_factory=dict)
    stores_first: bool = False
    auth: tuple[str, str] | None = None
    port: int = field(default_factory=free_port)
    mails: list[bytes] = field(default_factory=list)
    bad_tls: bool = False
    takes_at_most: int | None = None
    """Bytes; more is 552."""
    held: int = 0
    commands: list[str] = field(default_factory=list)
    """Of all connections, in order, without what follows them."""
    open_now: "set[SMTP]" = field(default_factory=set)
    _controller: Controller | None = None

    @property
    def server(self) -> MailServer:
        user, password = self.auth or (None, None)
        return MailServer("127.0.0.1", self.port, tls=False, user=user, password=password)

    def hang_up(self) -> None:
        """End every connection, as a server does that restarts."""
        assert self._controller
        loop = self._controller.loop
        for one in list(self.open_now):
            if isinstance(one.transport, asyncio.WriteTransport):
                loop.call_soon_threadsafe(one.transport.abort)

    async def handle_MAIL(  # noqa: N802  -- aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        envelope.mail_from = address
        return await self.reply(server, "mail", "250 OK")

    async def handle_RCPT(  # noqa: N802  -- aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        reply = await self.reply(server, "rcpt", "250 OK")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_RSET(self, server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802  -- likewise
        return await self.reply(server, "rset", "250 OK")

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  -- likewise
        content: Any = envelope.content
        if self.takes_at_most is not None and len(content) > self.takes_at_most:
            return await self.reply(server, "data", "552 too big")
        if "data" not in self.replies or self.stores_first:
            self.mails.append(content)
        return await self.reply(server, "data", "250 taken")

    async def reply(self, server: SMTP, phase: str, normal: str) -> str:
        """What it says now in this phase, if anything."""
        self.commands.append(phase)
        reply = self.replies.get(phase, normal)
        if reply == "drop":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "421 gone"
        if reply in ("hang", "hold"):
            self.held += 1
            await _patience(server, 2 if reply == "hang" else 600)
            return normal
        return reply

    def __enter__(self) -> Self:
        options: dict[str, Any] = {}
        if self.auth:
            expected = self.auth

            def authenticator(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
                given = (data.login.decode(), data.password.decode())
                return AuthResult(success=given == expected and given[1] != "wrong", handled=False)

            options = {"authenticator": authenticator, "auth_require_tls": False}
        self._controller = _Stage(self, hostname="127.0.0.1", port=self.port, **options)
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._controller:
            self._controller.stop()


@dataclass
class Patient(Moody):
    """Keeps some people's mails waiting for an answer for as long as the client lives.

    `keeps`: recipient -> `rcpt`, or `data`: then the mail is stored and the 250 does not come. `kept`: (phase,
    recipient) of those that wait or waited.
    """

    keeps: dict[str, str] = field(default_factory=dict)
    kept: set[tuple[str, str]] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802  -- aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        await self._keep(server, "rcpt", address)
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  -- likewise
        reply = await super().handle_DATA(server, session, envelope)
        await self._keep(server, "data", str(envelope.rcpt_tos[0]))
        return reply

    async def _keep(self, server: SMTP, phase: str, recipient: str) -> None:
        if self.keeps.get(recipient) == phase:
            self.kept.add((phase, recipient))
            await _patience(server, 600)


async def _patience(server: SMTP, seconds: float) -> None:
    """Wait, but not for a client that is gone."""
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        if isinstance(server.transport, asyncio.WriteTransport):
            server.transport.close()
        raise


class _Stage(Controller):
    """Makes a server for every connection that asks Moody before it speaks."""

    def factory(self) -> SMTP:
        return _Player(self.handler, **self.SMTP_kwargs)


class _Player(SMTP):
    """The phases that have no hook."""

    moody: Moody

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.moody = self.event_handler
        self.moody.open_now.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.moody.open_now.discard(self)
        super().connection_lost(error)

    async def push(self, status: Any) -> None:
        if isinstance(status, str) and status.startswith("220 ") and "SMTP" in status:
            status = await self.moody.reply(self, "connect", status)
        await super().push(status)

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802  -- aiosmtpd's name
        reply = await self.moody.reply(self, "hello", "")
        if reply:
            await self.push(reply)
            return
        if self.moody.bad_tls:
            await self.push("250-moody\r\n250 STARTTLS")
            return
        await super().smtp_EHLO(hostname)

    async def smtp_STARTTLS(self, _arg: str) -> None:  # noqa: N802  -- aiosmtpd's name
        await super().push("220 ready\r\nno TLS at all, and never was\r\n" * 3)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802  -- aiosmtpd's name
        reply = await self.moody.reply(self, "auth", "")
        if reply:
            await self.push(reply)
            return
        await super().smtp_AUTH(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  -- aiosmtpd's name
        reply = await self.moody.reply(self, "command", "")
        if reply:
            await self.push(reply)
            return
        await super().smtp_DATA(arg)
