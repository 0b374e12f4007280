"""The OpenAPI document beyond what FastAPI writes: keys and scopes, every problem by status, headers of all answers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from email.utils import parseaddr
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from shared.http.nulls import restore_nulls, schemas_with_nulls
from shared.http.problem_codes import PROBLEM_CODES
from shared.http.routes import Routes, key_checks, produced_by

PROBLEM_TYPE = "application/problem+json"
Document = dict[str, Any]
_FAULT = {
    "type": "object",
    "required": ["pointer", "code", "detail"],
    "properties": {
        "pointer": {"type": "string", "description": "JSON Pointer in de body, of de naam van een parameter"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
}
PROBLEM: Document = {
    "title": "Problem",
    "description": "RFC 9457. `type` is de pagina die de code uitlegt; `errors` noemt alle fouten in een keer.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "endUserMessage"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "pattern": "^/v1/problems/[a-z-]+$"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "code": {"type": "string", "enum": list(PROBLEM_CODES)},
        "errors": {"type": "array", "minItems": 1, "items": _FAULT},
        "endUserMessage": {"type": "object", "required": ["nl"], "properties": {"nl": {"type": "string"}}},
    },
}
_HEADERS: Document = {
    "API-Version": {
        "description": "De versie van deze API (major.minor.patch).",
        "schema": {"type": "string", "pattern": r"^1\.\d+\.\d+$"},
    },
    "RateLimit-Policy": {
        "description": "Hoeveel gebeurtenissen (q) deze sleutel in hoeveel seconden (w) mag sturen.",
        "schema": {"type": "string", "pattern": r'^"events";q=\d+;w=\d+$'},
    },
    "RateLimit": {
        "description": "Hoeveel er nu nog over zijn (r), en over hoeveel seconden (t) het weer alles is.",
        "schema": {"type": "string", "pattern": r'^"events";r=\d+;t=\d+$'},
    },
    "Retry-After": {
        "description": "Na hoeveel seconden het zin heeft om hetzelfde weer te sturen.",
        "schema": {"type": "string", "pattern": r"^\d+$"},
    },
    "WWW-Authenticate": {"description": "Stuur een sleutel.", "schema": {"type": "string"}},
}
_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "`Authorization: Bearer <sleutel>`. Bij elke operatie staat welke scope de sleutel moet hebben; "
    "een sleutel met `admin` mag alles. `service` is de sleutel van onze eigen diensten.",
}
_EVERYWHERE = (500, 503)


def extended(app: FastAPI, routers: Sequence[Routes], more: Mapping[str, Any]) -> Callable[[], Document]:
    """A function for `app.openapi`; the document is made once. `more`: schemas that FastAPI does not know."""
    original = app.openapi
    routes = {(route.path_format, method): route for route in _routes(routers) for method in route.methods or ()}

    def openapi() -> Document:
        if app.openapi_schema is None:
            document = original()
            components = document.setdefault("components", {})
            components["securitySchemes"] = {"key": _KEY}
            components["headers"] = _HEADERS
            schemas = components.setdefault("schemas", {})
            schemas.update({**schemas_with_nulls(app), "Problem": PROBLEM, **more})
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            for path, operations in document["paths"].items():
                for method, operation in operations.items():
                    _complete(operation, routes[path, method.upper()])
        return app.openapi_schema or {}

    return openapi


def _routes(routers: Sequence[Routes]) -> Iterable[APIRoute]:
    return (route for router in routers for route in router.routes if isinstance(route, APIRoute))


def _complete(operation: Document, route: APIRoute) -> None:
    """Security and the answers that every operation of this form has; what it says itself stays."""
    checks = key_checks(route)
    if checks:
        operation["security"] = [{"key": list(checks[0].scopes)}]
    restore_nulls(operation, route)
    answers = operation["responses"]
    answers.pop("422", None)
    keyed = "security" in operation
    for status in _statuses(operation, route, keyed=keyed):
        answers.setdefault(str(status), problem_answer(status))
    for status, answer in answers.items():
        headers = answer.setdefault("headers", {})
        for name in _header_names(status, keyed=keyed):
            headers.setdefault(name, {"$ref": f"#/components/headers/{name}"})


def _statuses(operation: Document, route: APIRoute, *, keyed: bool) -> list[int]:
    parameters, body = operation.get("parameters", ()), "requestBody" in operation
    applies = {
        400: True,  # a parameter that it does not know
        401: keyed,
        403: keyed,
        404: any(parameter["in"] == "path" for parameter in parameters),
        406: bool(produced_by(route)),
        413: body,
        415: True,
        429: keyed,
    }
    return sorted([status for status, does in applies.items() if does] + list(_EVERYWHERE))


def problem_answer(status: int) -> Document:
    """How a status that is a problem is documented."""
    codes = [code for code, known in PROBLEM_CODES.items() if known.status == status]
    text = f"{HTTPStatus(status).phrase}: {', '.join(f'`{code}`' for code in codes)}"
    return {"description": text, "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _header_names(status: str, *, keyed: bool) -> list[str]:
    applies = {
        "API-Version": True,
        "RateLimit-Policy": keyed and status not in ("401", "500"),
        "RateLimit": keyed and status not in ("401", "500"),
        "Retry-After": status in ("429", "503"),
        "WWW-Authenticate": status == "401",
    }
    return [name for name, does in applies.items() if does]


def contact(text: str | None) -> Mapping[str, str] | None:
    """`Gemeente Almelo <api@example.org> https://example.org` as `info.contact`; None where nobody is named."""
    if not text:
        return None
    urls = [word for word in text.split() if word.startswith(("https://", "http://"))]
    name, mail = parseaddr(" ".join(word for word in text.split() if word not in urls))
    found = {"name": name, "email": mail, "url": urls[0] if urls else ""}
    return {member: value for member, value in found.items() if value}
