"""`/v1/publications`: make one, read them, and look what can be calculated from them (contract section 5)."""

from collections.abc import Callable
from typing import Annotated, Any, Final

import orjson
from fastapi import Depends, Header, Path, Query, Response
from pydantic import BaseModel
from sqlalchemy import Engine

from services.reporting.api.forms import ETAG, entity_tag
from services.reporting.domain.publication.records import PublicationId, publication_id
from services.reporting.schemas.publications import (
    AuditModel,
    NewPublication,
    PublicationList,
    PublicationModel,
    item,
    written,
)
from services.reporting.usecases.publications import named, page, tables_in
from services.reporting.usecases.publishing import Publisher
from services.reporting.usecases.publishing_audit import audit_publications
from shared.database import reading
from shared.errors import FieldFault, Refusal
from shared.http.keys import Caller, Keyring
from shared.http.paging import decode_cursor, encode_cursor
from shared.http.routes import Routes

_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_REVALIDATE: Final = "public, no-cache"

_LOCATION: Final = {"description": "Waar de publicatie staat.", "schema": {"type": "string"}}


def _documented(model: type[BaseModel], cache: str) -> dict[int | str, dict[str, Any]]:
    told = {"description": "Hoe lang dit antwoord geldig blijft.", "schema": {"type": "string", "const": cache}}
    headers = {"ETag": ETAG, "Cache-Control": told}
    not_changed = {"description": "Niet veranderd sinds de `ETag` die u meestuurde.", "headers": headers}
    return {200: {"model": model, "headers": headers}, 304: not_changed}


_EVERY: Final[dict[str, Any]] = {
    "summary": "Alle publicaties",
    "description": "Zonder sleutel, en zonder tabellen: het laatste jaar en de laatste publicatie eerst.",
    "response_description": "Een pagina.",
    "responses": _documented(PublicationList, _REVALIDATE),
}
_ONE: Final[dict[str, Any]] = {
    "summary": "Een publicatie",
    "description": "Zonder sleutel, met alle tabellen. Een publicatie verandert nooit.",
    "response_description": "De publicatie.",
    "responses": _documented(PublicationModel, _FOR_GOOD),
}

Known = Annotated[
    str | None,
    Header(alias="If-None-Match", description="De `ETag` van een eerder antwoord.", examples=[f'"{"0" * 32}"']),
]
Name = Annotated[str, Path(alias="id", description="Id van de publicatie.", examples=["2025.1"])]
Cursor = Annotated[str | None, Query(description="`next` van de vorige pagina, zoals u die kreeg.")]
Limit = Annotated[int, Query(ge=1, le=500, description="Hooguit zoveel op een pagina.")]


def publication_routes(engine: Engine, publisher: Publisher, keyring: Keyring) -> Routes:
    """Everybody may read; the operator publishes."""
    router = Routes(prefix="/v1/publications", tags=["publications"])
    admin = Depends(keyring.require("admin"))

    @router.post(
        "",
        status_code=201,
        response_model=None,
        summary="Een jaar publiceren",
        description="Voor de beheerder: maakt van een jaar een publicatie, met al zijn kwartalen en maanden. Wat over "
        "te weinig mensen gaat, is daarin niet te zien en niet uit te rekenen. Een publicatie verandert nooit meer.",
        response_description="De publicatie.",
        responses={201: {"model": PublicationModel, "headers": {"Location": _LOCATION}}},
    )
    def publish(body: NewPublication, _caller: Caller = admin) -> Response:
        made = publisher.publish(int(body.period))
        with reading(engine) as connection:
            whole = written(made, tables_in(connection, made))
        return Response(whole, 201, {"Location": f"/v1/publications/{made.id}"}, media_type="application/json")

    @router.get(
        "/audit",
        summary="Is er iets uit te rekenen?",
        description="Voor de beheerder: rekent met de gegevens van nu na of uit alle publicaties samen iets te halen "
        "is dat niet getoond mag worden, door iedereen of door een partner met zijn eigen lijst. Er staan geen "
        "cijfers in het antwoord.",
        response_description="Wat er gevonden is.",
    )
    def audited(_caller: Caller = admin) -> AuditModel:
        return AuditModel.of(audit_publications(engine))

    def every(cursor: Cursor = None, limit: Limit = 100, known: Known = None) -> Response:
        with reading(engine) as connection:
            found, more = page(connection, _after(cursor), limit)
        following = encode_cursor([*found[-1].id]) if more else None
        answer = {"items": [item(one) for one in found], "next": following}
        return _answered(known, entity_tag(answer), _REVALIDATE, lambda: orjson.dumps(answer))

    def one(name: Name, known: Known = None) -> Response:
        with reading(engine) as connection:
            publication = named(connection, name)
            tag = entity_tag(item(publication))
            return _answered(known, tag, _FOR_GOOD, lambda: written(publication, tables_in(connection, publication)))

    for path, endpoint, described in (("", every, _EVERY), ("/{id}", one, _ONE)):
        router.get(path, response_model=None, **described)(endpoint)
        router.head(path, response_model=None, include_in_schema=False, **described)(endpoint)
    return router


def _answered(known: str | None, tag: str, cache: str, body: Callable[[], bytes]) -> Response:
    """The answer, or 304 where the caller has it: then `body` is not made."""
    headers = {"ETag": tag, "Cache-Control": cache}
    given = {one.strip().removeprefix("W/") for one in (known or "").split(",")}
    if given & {tag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(body(), headers=headers, media_type="application/json")


def _after(cursor: str | None) -> PublicationId | None:
    if cursor is None:
        return None
    values = decode_cursor(cursor)
    if [type(value) for value in values] != [str, int] or publication_id(f"{values[0]}.{values[1]}") is None:
        fault = FieldFault("cursor", "cursor", "use `next` as it was")
        raise Refusal("invalid", "the cursor is none of ours", (fault,))
    return PublicationId(*values)
