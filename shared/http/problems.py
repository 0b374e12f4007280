"""Every refusal as problem+json: one shape for rules, validation, router and accidents (contract section 1)."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.database import waited_in_vain
from shared.errors import FieldFault, Refusal
from shared.http.problem_codes import PROBLEM_CODES, ROUTER_CODES

MEDIA_TYPE = "application/problem+json"
MOST_FAULTS = 200
"""All faults at once, but no answer larger than what it answers: a body can hold a million unknown members."""
LONGEST_POINTER = 300
_EXTRA: Mapping[str, Mapping[str, str]] = {
    "unauthorized": {"WWW-Authenticate": "Bearer"},
    "not-acceptable": {"Vary": "Accept"},
    "lock-timeout": {"Retry-After": "5"},
}
_log = logging.getLogger(__name__)


def problem_body(refusal: Refusal) -> dict[str, Any]:
    """The problem's members. `type` is the page that explains the code."""
    code = PROBLEM_CODES[refusal.code]
    body: dict[str, Any] = {
        "type": f"/v1/problems/{refusal.code}",
        "title": code.title,
        "status": code.status,
        "detail": refusal.detail,
        "code": refusal.code,
        "endUserMessage": {"nl": code.nl},
    }
    if refusal.faults:
        body["errors"] = [_fault(fault) for fault in refusal.faults[:MOST_FAULTS]]
        if len(refusal.faults) > MOST_FAULTS:
            body["errors"].append(_fault(FieldFault("", "more", f"{len(refusal.faults) - MOST_FAULTS} more")))
    return body


def _fault(fault: FieldFault) -> dict[str, str]:
    long = len(fault.pointer) > LONGEST_POINTER
    pointer = fault.pointer[:LONGEST_POINTER] + "..." if long else fault.pointer
    return {"pointer": pointer, "code": fault.code, "detail": fault.detail}


def problem_response(refusal: Refusal, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer for a refusal, with `WWW-Authenticate` on 401, `Vary` on 406, `Retry-After` on 503."""
    extra = _EXTRA.get(refusal.code, {})
    return JSONResponse(
        problem_body(refusal),
        status_code=PROBLEM_CODES[refusal.code].status,
        media_type=MEDIA_TYPE,
        headers={**extra, **(headers or {})},
    )


def faults_from(errors: Sequence[ErrorDetails], *, skip: int = 0, prefix: str = "") -> tuple[FieldFault, ...]:
    """Pydantic's findings as faults: JSON Pointers below `prefix`; values are never repeated."""
    return tuple(
        FieldFault(
            pointer=prefix + "".join("/" + _escaped(part) for part in fault["loc"][skip:]),
            code=fault["type"].replace("_", "-"),
            detail=fault["msg"],
        )
        for fault in errors
    )


def _escaped(part: str | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def install_problem_handlers(app: FastAPI, routers: Sequence[APIRouter] = ()) -> None:
    """Give every way to fail the one shape. The routers know which methods a path has."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _from_router(_methods(routers)))
    app.add_exception_handler(DataError, _cannot_be_kept)
    app.add_exception_handler(OperationalError, _busy)


async def _refused(_request: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    return problem_response(error)


async def _not_valid(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = tuple(_parameter_or_body(fault) for fault in error.errors())
    return problem_response(Refusal("invalid", f"{len(faults)} fault(s) in the request", faults))


def _parameter_or_body(fault: ErrorDetails) -> FieldFault:
    """Body faults get a JSON Pointer into the body; a parameter or header is named."""
    where = fault["loc"][0] if fault["loc"] else "body"
    if where == "body":
        return faults_from([fault], skip=1)[0]
    name = str(fault["loc"][1]) if len(fault["loc"]) > 1 else str(where)
    return FieldFault(name, fault["type"].replace("_", "-"), fault["msg"])


Methods = Callable[[str], list[str]]


def _methods(routers: Sequence[APIRouter]) -> Methods:
    routes = [route for router in routers for route in router.routes if isinstance(route, Route)]

    def of(path: str) -> list[str]:
        """All methods of a path: each route knows its own alone."""
        return sorted({m for route in routes if route.path_regex.match(path) for m in route.methods or ()})

    return of


def _from_router(methods: Methods) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        code = ROUTER_CODES.get(error.status_code, "invalid" if error.status_code < 500 else "internal")
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(methods(request.scope["path"])) or headers.get("Allow", "GET")
        return problem_response(Refusal(code, HTTPStatus(error.status_code).phrase), headers)

    return answer


async def _cannot_be_kept(request: Request, error: Exception) -> Response:
    """PostgreSQL knows no zero in a text, and SQLite does; its transaction is rolled back."""
    _log.warning("the database refused a value in %s %s", request.method, route_of(request.scope), exc_info=error)
    return problem_response(Refusal("invalid", "a value in the request can neither be kept nor looked up"))


async def _busy(_request: Request, error: Exception) -> Response:
    """Somebody else held a lock for too long; whatever else is wrong with the database is an accident."""
    if not waited_in_vain(error):
        raise error
    return problem_response(Refusal("lock-timeout", "the database was busy; try again"))


def route_of(scope: Scope) -> str:
    """The path as it is documented: what stands in its place may name somebody's sign-up."""
    return str(getattr(scope.get("route"), "path", "no path of ours"))


class Accidents:
    """ASGI middleware: what nobody foresaw becomes a 500 problem; the traceback goes to the log alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; answer for an exception unless the answer has begun."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception:
            if scope["type"] != "http" or begun:
                raise
            _log.exception("accident in %s %s", scope["method"], route_of(scope))
            refusal = Refusal("internal", "Nothing was changed that was not answered; try again")
            await problem_response(refusal)(scope, receive, send)
