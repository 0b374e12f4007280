"""`GET /v1/public-statistics`: published figures, for everybody."""

from typing import Any, Final

from fastapi import Request
from sqlalchemy import Engine
from starlette.responses import Response

from services.reporting.api.forms import (
    IF_NONE_MATCH,
    REVALIDATE,
    answered,
    documented,
    entity_tag,
    form_for,
    parameter,
)
from services.reporting.domain.indicators import INDICATORS
from services.reporting.domain.public_questions import read_public_question
from services.reporting.domain.questions import DIMENSIONS
from services.reporting.schemas.public_statistics import EXAMPLE, PublicStatisticsAnswer, cube_of
from services.reporting.usecases.public_statistics import public_answer
from shared.database import reading
from shared.http.openapi import problem_answer
from shared.http.routes import Routes

_PATH: Final = "/v1/public-statistics"
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
        "Een jaar, kwartaal of maand: `2024`, `2024-Q3`, `2024-11`.",
        required=True,
        pattern="^(19|20|21)[0-9]{2}(-(Q[1-4]|0[1-9]|1[0-2]))?$",
        examples=["2025"],
    ),
    parameter("groupBy", "Hooguit een kenmerk.", enum=list(DIMENSIONS), examples=["kind"]),
]
_DESCRIBED: Final[dict[str, Any]] = {
    "response_model": None,
    "responses": {**documented(PublicStatisticsAnswer, EXAMPLE, REVALIDATE), 404: problem_answer(404)},
    "openapi_extra": {"parameters": [*_PARAMETERS, IF_NONE_MATCH]},
}


def public_statistics_routes(engine: Engine) -> Routes:
    """Without a key, from the latest publication of the year alone."""
    router = Routes(tags=["publications"])

    def public_statistics(request: Request) -> Response:
        question, form = read_public_question(request.query_params.multi_items()), form_for(request)
        with reading(engine) as connection:
            found = public_answer(connection, question)
        tag = entity_tag(form, str(found.publication.id), found.body)
        return answered(request, form, tag, lambda: cube_of(found), REVALIDATE)

    router.get(
        _PATH,
        summary="Een openbaar cijfer opvragen",
        description="Een cijfer over een jaar, kwartaal of maand uit de laatste publicatie van dat jaar. Groepeer op "
        "hooguit een kenmerk; filters en eigen data kunnen niet. Tussen twee publicaties blijft elk antwoord gelijk. "
        "Wat over minder dan 10 mensen gaat, of daaruit te rekenen is, heeft `status` `hidden` en geen `value`. Er "
        "is een rij voor elke waarde, ook als er niemand was. Nog niets gepubliceerd: 404. `Accept` kiest de vorm.",
        response_description="Het cijfer.",
        **_DESCRIBED,
    )(public_statistics)
    router.head(_PATH, include_in_schema=False, **_DESCRIBED)(public_statistics)
    return router
