"""`/v1/unsubscribe/{token}`: a page with one button, and the click that stops reminders (RFC 8058)."""

import asyncio
from email import policy as reading
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Path, Request
from sqlalchemy import Engine
from starlette.responses import HTMLResponse

from services.notifications.domain.policy import Policy
from services.notifications.pages.page import pages as html_pages
from services.notifications.usecases.unsubscribing import unsubscribe, whole
from shared.clock import Clock
from shared.database import transaction
from shared.errors import FieldFault, Refusal
from shared.http.bodies import media_type
from shared.http.bodies import whole as whole_body
from shared.http.routes import Routes

_TEMPLATE = "unsubscribe.html"
_FORM, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_MEMBER, _VALUE = "List-Unsubscribe", "One-Click"
_MOST_BYTES = 4096
_SCHEMA = {
    "type": "object",
    "required": [_MEMBER],
    "properties": {_MEMBER: {"type": "string", "const": _VALUE, "description": "Altijd `One-Click` (RFC 8058)."}},
    "additionalProperties": False,
}
_BODY = {
    "required": True,
    "description": "Wat mailprogramma's sturen, en de knop op de pagina.",
    "content": {kind: {"schema": _SCHEMA, "example": {_MEMBER: _VALUE}} for kind in (_FORM, _MULTIPART)},
}
Token = Annotated[
    str,
    Path(
        description="Het laatste stuk van de link in de e-mail.",
        examples=["0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"],
    ),
]


def unsubscribe_routes(engine: Engine, policy: Policy, clock: Clock) -> Routes:
    """Without a key, as residents have none. Every token gets the same answers, so that nobody learns which exist."""
    router, pages = Routes(prefix="/v1/unsubscribe", tags=["unsubscribe"]), html_pages()

    def html(state: str) -> dict[int | str, dict[str, Any]]:
        return {200: {"content": {"text/html": {"example": pages.html(_TEMPLATE, state=state)}}}}

    @router.get(
        "/{token}",
        response_class=HTMLResponse,
        summary="Pagina om geen herinneringen meer te krijgen",
        description="Een pagina met een knop. Alleen kijken verandert niets.",
        response_description="De pagina.",
        responses=html("ask"),
    )
    def page(token: Token) -> HTMLResponse:
        return pages.answer(_TEMPLATE, state="ask" if whole(token) else "half")

    @router.post(
        "/{token}",
        response_class=HTMLResponse,
        summary="Geen herinneringen meer",
        description="Stopt de herinneringen van alle partners. Bevestigingen, wijzigingen en annuleringen komen nog "
        "wel. Nog een keer klikken mag. Ook een link die niemand kent krijgt deze pagina.",
        response_description="De pagina die zegt dat het is gelukt.",
        responses=html("done"),
        openapi_extra={"requestBody": _BODY},
    )
    async def stop(token: Token, request: Request) -> HTMLResponse:
        await _one_click(request)
        if not whole(token):
            return pages.answer(_TEMPLATE, state="half")
        await asyncio.to_thread(_unsubscribe, token)
        return pages.answer(_TEMPLATE, state="done")

    def _unsubscribe(token: str) -> None:
        with transaction(engine) as connection:
            unsubscribe(connection, token, clock(), policy)

    return router


async def _one_click(request: Request) -> None:
    """Refuses every body but the one that RFC 8058 gives, in both forms that it allows."""
    raw, kind = await whole_body(request), media_type(request)
    if kind not in (_FORM, _MULTIPART):
        raise Refusal("unsupported-media-type", f"send {_FORM} or {_MULTIPART}")
    if len(raw) > _MOST_BYTES:
        raise Refusal("too-large", f"at most {_MOST_BYTES} bytes")
    if (_in_form(raw) if kind == _FORM else _in_parts(raw, request.headers["Content-Type"])) != [(_MEMBER, _VALUE)]:
        fault = FieldFault(f"/{_MEMBER}", "const", f"send {_MEMBER}={_VALUE} and nothing else")
        raise Refusal("invalid", "this is no one-click unsubscribe", (fault,))


def _in_form(raw: bytes) -> list[tuple[str, str]]:
    return parse_qsl(raw.decode(errors="replace"), keep_blank_values=True)


def _in_parts(raw: bytes, content_type: str) -> list[tuple[str, str]]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(EmailMessage, policy=reading.HTTP).parsebytes(head + raw)
    return [_member(part) for part in message.iter_parts()]


def _member(part: Any) -> tuple[str, str]:
    value = part.get_payload(decode=True)
    name = part.get_param("name", header="content-disposition")
    return str(name), (value or b"").decode(errors="replace").strip()
