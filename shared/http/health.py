"""Health that tells the truth, and metrics without people in them."""

import asyncio
from collections.abc import Mapping
from typing import Any

from prometheus_client import REGISTRY, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shared.database import ensure_writable
from shared.http.keys import Keyring
from shared.http.routes import Routes
from shared.observability import Check, CheckFunction

__all__ = ["Check", "CheckFunction", "database_check", "health_routes"]


def health_routes(checks: Mapping[str, CheckFunction], keyring: Keyring | None = None) -> Routes:
    """`/health/live`, `/health/ready`, `/metrics`: unversioned, without a key (contract section 1).

    How far a consumer is in the log is told to the operator's key alone: it says how many events there were.
    """
    router = Routes(tags=["health"], include_in_schema=False)

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/health/ready")
    async def ready(request: Request) -> JSONResponse:
        found = {name: await _safely(check) for name, check in checks.items()}
        status, operator = _worst(found), keyring is not None and keyring.is_operator(request)
        members = {name: _members(check) | (_numbers(check) if operator else {}) for name, check in found.items()}
        body = {"status": status, "checks": members}
        return JSONResponse(body, status_code=503 if status == "down" else 200)

    @router.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return router


def database_check(engine: Engine) -> CheckFunction:
    """`ok` while the database takes write transactions; what it raises otherwise means `down`."""

    async def check() -> Check:
        await asyncio.to_thread(ensure_writable, engine)
        return Check("ok")

    return check


async def _safely(check: CheckFunction) -> Check:
    try:
        return await check()
    except Exception as error:  # whatever a check raises means: not ready
        return Check("down", type(error).__name__)


def _worst(found: Mapping[str, Check]) -> str:
    order = ("down", "degraded", "ok")
    return next((status for status in order if any(c.status == status for c in found.values())), "ok")


def _members(check: Check) -> dict[str, Any]:
    return {"status": check.status, **({"reason": check.reason} if check.reason else {})}


def _numbers(check: Check) -> dict[str, Any]:
    numbers = {"sequence": check.sequence, "lag": check.lag}
    return {name: value for name, value in numbers.items() if value is not None}
