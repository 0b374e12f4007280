"""Answers in the form that the caller likes best, and 304 where the caller has them already."""

import hashlib
from collections.abc import Callable
from typing import Any, Final

import orjson
from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from services.reporting.formats.cube import Cube
from services.reporting.formats.forms import CSV, EXCEL, FORMS, JSON_STAT
from services.reporting.formats.json_stat import as_json_stat
from shared.http.accept import preferred
from shared.http.headers import API_VERSION

REVALIDATE: Final = "public, no-cache"
"""What everybody may keep and must ask about each time: it holds until the next publication."""
IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "De `ETag` van een eerder antwoord.",
    "schema": {"type": "string", "examples": ['"0123456789abcdef0123456789abcdef"']},
}
ETAG: Final = {
    "description": "Wat dit antwoord van een ander onderscheidt.",
    "schema": {"type": "string", "pattern": '^"[0-9a-f]{32}"$'},
}
VARY: Final = {"description": "Waar de vorm van afhangt.", "schema": {"type": "string", "pattern": "^Accept(, .+)?$"}}
_DATASET: Final = {
    "title": "JsonStat",
    "description": "JSON-stat 2.0. Het totaal en de woorden voor elke status staan in `extension`.",
    "type": "object",
    "required": ["version", "class", "id", "size", "dimension", "value", "status", "extension"],
    "properties": {
        "version": {"const": "2.0"},
        "class": {"const": "dataset"},
        "id": {"type": "array", "items": {"type": "string"}},
        "size": {"type": "array", "items": {"type": "integer", "minimum": 0}},
        "dimension": {"type": "object"},
        "value": {"type": ["array", "object"]},
        "status": {"type": ["array", "object"]},
        "extension": {"type": "object", "required": ["status", "total", "period"]},
    },
}


def form_for(request: Request) -> str:
    """Which of our forms the caller likes best; JSON for whoever does not say."""
    return preferred(request, list(FORMS))


def entity_tag(*parts: object) -> str:
    """A strong `ETag` of what decides the bytes of an answer, this version of ours too; alike in every process."""
    spelt = [part.hex() if isinstance(part, bytes) else part for part in parts]
    found = hashlib.sha256(orjson.dumps([API_VERSION, *spelt], option=orjson.OPT_SORT_KEYS))
    return f'"{found.hexdigest()[:32]}"'


def has_already(request: Request, tag: str, *, or_any: bool = False) -> bool:
    """Does the caller have the answer of this tag (`If-None-Match`)? `or_any`: `*` asks whether there is an answer."""
    given = {one.strip().removeprefix("W/") for one in ",".join(request.headers.getlist("if-none-match")).split(",")}
    return tag in given or (or_any and "*" in given)


def answered(request: Request, form: str, tag: str, cube: Callable[[], Cube], cache: str | None = None) -> Response:
    """The answer in that form. `cube` is not called where the caller has this answer already.

    `If-None-Match: *` asks whether there is an answer at all, so it is made for that. `cache`: None, as every answer.
    """
    headers = {"ETag": tag, "Vary": "Accept", **({"Cache-Control": cache} if cache else {})}
    if has_already(request, tag):
        return Response(status_code=304, headers=headers)
    body = FORMS[form].write(cube())
    if has_already(request, tag, or_any=True):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=FORMS[form].content_type)


def documented(model: type[BaseModel], example: Cube, cache: str | None = None) -> dict[int | str, dict[str, Any]]:
    """How the OpenAPI document describes these answers: every form with an example, and 304."""
    text: dict[str, Any] = {"type": "string"}
    content = {
        **{kind: {"schema": text, "example": FORMS[kind].write(example).decode()} for kind in (CSV, EXCEL)},
        JSON_STAT: {"schema": _DATASET, "example": as_json_stat(example)},
    }
    headers = {"ETag": ETAG, "Vary": VARY, **({"Cache-Control": cache_header(cache)} if cache else {})}
    return {
        200: {"model": model, "content": content, "headers": headers},
        304: {"description": "Niet veranderd sinds de `ETag` die u meestuurde.", "headers": headers},
    }


def cache_header(cache: str) -> dict[str, Any]:
    """How the OpenAPI document describes `Cache-Control`."""
    return {"description": "Hoe lang dit antwoord geldig blijft.", "schema": {"type": "string", "const": cache}}


def parameter(name: str, description: str, *, required: bool = False, **schema: Any) -> dict[str, Any]:
    """How the OpenAPI document describes a query parameter that a path reads by itself."""
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": description,
        "schema": {"type": "string", **schema},
    }
