"""The FastAPI application that all three services share: one shape of answers, one OpenAPI, health and metrics."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.middleware.cors import CORSMiddleware

from shared.http.headers import API_VERSION, AnswerHeaders
from shared.http.health import CheckFunction, health_routes
from shared.http.problem_pages import problem_pages
from shared.http.problems import MEDIA_TYPE, Accidents, install_problem_handlers

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
        "endUserMessage": {"type": "object", "properties": {"nl": {"type": "string"}}},
    },
}


def create_app(
    *,
    title: str,
    description: str,
    contact: str | None,
    cors_origins: Sequence[str],
    routers: Sequence[APIRouter],
    checks: Mapping[str, CheckFunction],
    lifespan: Lifespan,
) -> FastAPI:
    """An application with the contract's rules for every answer (section 1); `contact` is the operator's e-mail."""
    app = FastAPI(
        title=title,
        description=description,
        version=API_VERSION,
        contact={"email": contact} if contact else None,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        responses={"4XX": {"description": "A problem", "content": {MEDIA_TYPE: {"schema": _PROBLEM}}}},
    )
    install_problem_handlers(app)
    for router in (*routers, problem_pages(), health_routes(checks)):
        app.include_router(router)
    app.add_middleware(Accidents)
    if cors_origins:
        app.add_middleware(CORSMiddleware, allow_origins=list(cors_origins), allow_methods=["*"], allow_headers=["*"])
    app.add_middleware(AnswerHeaders)
    app.openapi = _without_422(app)  # type: ignore[method-assign]  # FastAPI documents this way to extend it
    return app


def _without_422(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Invalid input is 400, so 422 may not stand in the document either."""
    original = app.openapi

    def openapi() -> dict[str, Any]:
        document = original()
        for operations in document["paths"].values():
            for operation in operations.values():
                operation["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            document.get("components", {}).get("schemas", {}).pop(name, None)
        return document

    return openapi
