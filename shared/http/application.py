"""The FastAPI application that all three services share: one shape of answers, one OpenAPI, health and metrics."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from shared.http.headers import API_VERSION, READABLE, AnswerHeaders
from shared.http.health import CheckFunction, health_routes
from shared.http.keys import Keyring
from shared.http.openapi import contact as contact_of
from shared.http.openapi import extended
from shared.http.problem_pages import problem_pages
from shared.http.problems import Accidents, install_problem_handlers
from shared.http.routes import Routes

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    *,
    title: str,
    description: str,
    contact: str | None,
    cors_origins: Sequence[str],
    routers: Sequence[Routes],
    checks: Mapping[str, CheckFunction],
    lifespan: Lifespan,
    schemas: Mapping[str, Any] | None = None,
    keyring: Keyring | None = None,
) -> FastAPI:
    """An application with the contract's rules for every answer (section 1).

    `contact` is the operator as `Name <mail> https://address`, any part of it; None: the document names nobody.
    `keyring` knows the operator, who is told more about health; None: nobody is. `schemas` are JSON schemas that bodies
    refer to and FastAPI does not know.
    """
    found = contact_of(contact)
    app = FastAPI(
        title=title,
        description=description,
        version=API_VERSION,
        contact=dict(found) if found else None,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    all_routers = (*routers, problem_pages(), health_routes(checks, keyring))
    install_problem_handlers(app, all_routers)
    for router in all_routers:
        app.include_router(router)
    app.add_middleware(Accidents)
    if cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(cors_origins),
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-None-Match"],
            expose_headers=list(READABLE),
        )
    app.add_middleware(AnswerHeaders)
    app.openapi = extended(app, all_routers, schemas or {})  # type: ignore[method-assign]  # FastAPI documents this way to extend it
    return app
