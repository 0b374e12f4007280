"""A real SMTP server on loopback that misbehaves on order."""

import asyncio
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from services.notifications.senders.smtp import MailServer
from tests.servers import free_port


@dataclass
class Moody:
    """`replies`: phase (mail, rcpt, data) to a reply, `drop` or `hang`; taken mails stand in `mails`.

    `stores_first`: the mail is kept before the line drops, as a server does whose answer gets lost.
    """

    replies: dict[str, str] = field(default_factory=dict)
    stores_first: bool = False
    auth: tuple[str, str] | None = None
    port: int = field(default_factory=free_port)
    mails: list[bytes] = field(default_factory=list)
    _controller: Controller | None = None

    @property
    def server(self) -> MailServer:
        user, password = self.auth or (None, None)
        return MailServer("127.0.0.1", self.port, tls=False, user=user, password=password)

    async def handle_MAIL(  # noqa: N802  -- aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        envelope.mail_from = address
        return await self._reply(server, "mail", "250 OK")

    async def handle_RCPT(  # noqa: N802  -- aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return await self._reply(server, "rcpt", "250 OK")

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  -- likewise
        content: Any = envelope.content
        if "data" not in self.replies or self.stores_first:
            self.mails.append(content)
        return await self._reply(server, "data", "250 taken")

    async def _reply(self, server: SMTP, phase: str, normal: str) -> str:
        reply = self.replies.get(phase, normal)
        if reply == "drop":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "421 gone"
        if reply == "hang":
            await asyncio.sleep(2)
            return normal
        return reply

    def __enter__(self) -> "Moody":
        options: dict[str, Any] = {}
        if self.auth:
            expected = self.auth

            def authenticator(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
                given = (data.login.decode(), data.password.decode())
                return AuthResult(success=given == expected and given[1] != "wrong", handled=False)

            options = {"authenticator": authenticator, "auth_require_tls": False}
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._controller:
            self._controller.stop()
