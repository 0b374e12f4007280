"""`GET /v1/call-list` and `GET /v1/letters`: who has to be called or written to, as JSON or on paper."""

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from pydantic import BeforeValidator
from sqlalchemy import Engine
from starlette.responses import Response

from services.notifications.contacts import ContactClient, ContactsAway
from services.notifications.domain.calling import Call
from services.notifications.domain.policy import Policy
from services.notifications.pages.lists import ListPages
from services.notifications.schemas.lists import CallList, call_list
from services.notifications.usecases.lists import CALL_LIST, LETTERS, addressed, calls_of
from shared.clock import local_date
from shared.database import reading
from shared.errors import Refusal
from shared.http.accept import preferred
from shared.http.keys import Caller, Keyring
from shared.http.routes import Routes

_log = logging.getLogger(__name__)
_JSON, _HTML = "application/json", "text/html"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written_out(value: Any) -> Any:
    """`0` is no day, though it could be read as one."""
    if value is not None and not _DAY.fullmatch(str(value)):
        raise ValueError("a day is written YYYY-MM-DD")
    return value


Day = Annotated[
    date | None,
    Query(alias="date", description="De dag, in Nederland. Leeg: vandaag.", examples=["2026-10-23"]),
    BeforeValidator(_written_out),
]


@dataclass(frozen=True, slots=True)
class ListDesk:
    """What the lists need; built once, by the app. `sender` signs the letters."""

    engine: Engine
    policy: Policy
    clock: Callable[[], datetime]
    contacts: ContactClient
    sender: str


def list_routes(desk: ListDesk, keyring: Keyring) -> Routes:
    """For keys with `messages:read`. A partner's key sees the people whose contact data it gave: its own sign-ups."""
    router, pages = Routes(tags=["lists"]), ListPages(desk.sender)
    reader = Depends(keyring.require("messages:read"))

    def described(kind: str) -> dict[int | str, dict[str, Any]]:
        page = {"schema": {"type": "string"}, "example": pages.example(kind)}
        return {200: {"model": CallList, "content": {_HTML: page}}}

    @router.get(
        "/v1/call-list",
        response_model=None,
        summary="De bellijst van een dag",
        description="Wie er gebeld moet worden, en wat u dan zegt. Met `Accept: text/html` om af te drukken. Een "
        "partner ziet de mensen die hij zelf aanmeldde. Namen en nummers komen van registration: is die er niet, "
        "dan is het antwoord 503.",
        response_description="De bellijst.",
        responses=described(CALL_LIST),
    )
    async def calling(
        request: Request,
        day: Day = None,
        partner: Annotated[
            str | None, Query(description="Alleen van deze partner. Meer met een komma ertussen.", examples=["avedan"])
        ] = None,
        caller: Caller = reader,
    ) -> Response | CallList:
        return await _answer(desk, pages, request, caller, day, partner, CALL_LIST)

    @router.get(
        "/v1/letters",
        response_model=None,
        summary="De brieven van een dag",
        description="Wie een brief krijgt die nog op tijd komt, en wat erin staat. Met `Accept: text/html` een brief "
        "per bladzijde, met het adres voor een vensterenvelop. Is het te laat voor de post, dan staat de persoon op de "
        "bellijst.",
        response_description="De brieven.",
        responses=described(LETTERS),
    )
    async def letters(request: Request, day: Day = None, caller: Caller = reader) -> Response | CallList:
        return await _answer(desk, pages, request, caller, day, None, LETTERS)

    return router


async def _answer(
    desk: ListDesk,
    pages: ListPages,
    request: Request,
    caller: Caller,
    day: date | None,
    partner: str | None,
    kind: str,
) -> Response | CallList:
    now = desk.clock()
    day, seen = day or local_date(now), _seen(caller, partner)
    found = await asyncio.to_thread(_calls, desk, day, now, seen)
    try:
        entries = await addressed(found, desk.contacts, kind)
    except ContactsAway as error:
        raise Refusal("lock-timeout", "registration, which has the names and numbers, does not answer") from error
    of = None if seen is None else ",".join(seen)
    fields = {"key": caller.key_id, "partner": of, "list": kind, "date": day.isoformat(), "found": len(entries)}
    _log.info("a list of people was read", extra={"fields": fields})
    shown = call_list(day, entries, kind)
    return pages.answer(shown, entries, kind, now) if preferred(request, (_JSON, _HTML)) == _HTML else shown


def _calls(desk: ListDesk, day: date, now: datetime, partners: Sequence[str] | None) -> list[Call]:
    with reading(desk.engine) as connection:
        return calls_of(connection, day, now, desk.policy, partners)


def _seen(caller: Caller, partner: str | None) -> Sequence[str] | None:
    """Whose sign-ups are shown; None: everybody's."""
    own, wanted = None if caller.admin else caller.partner_id, None if partner is None else partner.split(",")
    if own is None:
        return wanted
    if any(one != own for one in wanted or ()):
        raise Refusal("forbidden", "this key sees the people of its own partner")
    return [own]
