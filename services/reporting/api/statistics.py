"""`GET /v1/statistics`: live and exact figures."""

from typing import Any, Final

from fastapi import Depends, Request
from sqlalchemy import Engine
from starlette.responses import Response

from services.reporting.api.forms import IF_NONE_MATCH, answered, documented, entity_tag, form_for, parameter
from services.reporting.domain.indicators import INDICATORS
from services.reporting.domain.questions import DIMENSIONS
from services.reporting.schemas.statistics import EXAMPLE, StatisticsAnswer, cube_of
from services.reporting.usecases.moments import asked, moment
from services.reporting.usecases.statistics import answer
from shared.database import reading
from shared.http.keys import Caller, Keyring
from shared.http.routes import Routes

_YEAR = "(19|20|21)[0-9]{2}"
_PERIOD = f"^{_YEAR}(-(Q[1-4]|0[1-9]|1[0-2]))?$"
_GROUP_BY = f"^({'|'.join(DIMENSIONS)})(,({'|'.join(DIMENSIONS)}))?$"


_VALUES: Final = {
    "month": "2026-10",
    "quarter": "2026-Q4",
    "year": "2026",
    "kind": "bingo",
    "goal": "initiative",
    "partner": "avedan",
    "partnerKind": "partner",
    "municipality": "GM0141",
    "neighbourhood": "Centrum",
    "ageBand": "65-74",
    "series": "avedan/bingo",
    "activity": "avedan/bingo-2026-10-24",
}
_PARAMETERS: Final = [
    parameter(
        "indicator",
        "Welk cijfer; zie `/v1/indicators`.",
        required=True,
        enum=list(INDICATORS),
        examples=["participants"],
    ),
    parameter(
        "period",
        "Een jaar, kwartaal of maand: `2024`, `2024-Q3`, `2024-11`. Of geef `from` en `to`.",
        pattern=_PERIOD,
        examples=["2026"],
    ),
    parameter("from", "De eerste dag, in Nederland.", format="date", pattern=f"^{_YEAR}-", examples=["2026-10-01"]),
    parameter(
        "to", "De laatste dag, in Nederland; telt mee.", format="date", pattern=f"^{_YEAR}-", examples=["2026-10-31"]
    ),
    parameter("groupBy", "Een of twee kenmerken, met een komma ertussen.", pattern=_GROUP_BY, examples=["kind"]),
    *(
        parameter(
            name, f"Alleen deze waarden van `{name}`, met een komma ertussen.", minLength=1, examples=[_VALUES[name]]
        )
        for name in DIMENSIONS
    ),
]


def statistics_routes(engine: Engine, keyring: Keyring) -> Routes:
    """For keys with `statistics:read`."""
    router = Routes(tags=["statistics"])
    reader = Depends(keyring.require("statistics:read"))

    def statistics(request: Request, _caller: Caller = reader) -> Response:
        parameters, form = request.query_params.multi_items(), form_for(request)
        with reading(engine) as connection:
            tag = entity_tag(asked(parameters), form, moment(connection))
            return answered(request, form, tag, lambda: cube_of(answer(connection, parameters)))

    described: dict[str, Any] = {
        "response_model": None,
        "responses": documented(StatisticsAnswer, EXAMPLE),
        "openapi_extra": {"parameters": [*_PARAMETERS, IF_NONE_MATCH]},
    }
    router.get(
        "/v1/statistics",
        summary="Een cijfer opvragen",
        description="Een cijfer over een periode, nu en precies. Groepeer op een of twee kenmerken, en filter op "
        "dezelfde kenmerken: een of meer waarden, met een komma ertussen. Wat wij niet kennen is een fout. `Accept` "
        "kiest de vorm: JSON, CSV (ook zoals Excel in het Nederlands het leest) of JSON-stat. Stuur de `ETag` mee als "
        "`If-None-Match`: is er niets veranderd, dan is het antwoord 304, zonder dat er geteld wordt.",
        response_description="Het cijfer.",
        **described,
    )(statistics)
    router.head("/v1/statistics", include_in_schema=False, **described)(statistics)
    return router
