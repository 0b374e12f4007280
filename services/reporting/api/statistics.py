"""`GET /v1/statistics`: live and exact figures."""

from typing import Any, Final

from fastapi import Depends, Request
from sqlalchemy import Engine

from services.reporting.domain.indicators import INDICATORS
from services.reporting.domain.questions import DIMENSIONS
from services.reporting.schemas.statistics import StatisticsAnswer
from services.reporting.usecases.statistics import answer
from shared.database import reading
from shared.http.keys import Caller, Keyring
from shared.http.routes import Routes


def _parameter(name: str, description: str, *, required: bool = False, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": description,
        "schema": {"type": "string", **schema},
    }


_PARAMETERS: Final = [
    _parameter("indicator", "What to count; see /v1/indicators.", required=True, enum=list(INDICATORS)),
    _parameter("period", "A year, quarter or month: 2024, 2024-Q3, 2024-11. Or give from and to."),
    _parameter("from", "First day, local.", format="date"),
    _parameter("to", "Last day, local; included.", format="date"),
    _parameter("groupBy", f"One or two, comma-joined, of: {', '.join(DIMENSIONS)}."),
    *(_parameter(name, f"Only these keys of {name}, comma-joined.") for name in DIMENSIONS),
]


def statistics_routes(engine: Engine, keyring: Keyring) -> Routes:
    """For keys with `statistics:read`."""
    router = Routes(tags=["statistics"])
    reader = Depends(keyring.require("statistics:read"))

    @router.get("/v1/statistics", summary="A figure, now and exact", openapi_extra={"parameters": _PARAMETERS})
    def statistics(request: Request, _caller: Caller = reader) -> StatisticsAnswer:
        with reading(engine) as connection:
            return StatisticsAnswer.of(answer(connection, request.query_params.multi_items()))

    return router
