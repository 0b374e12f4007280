"""`GET /v1/activities`: what there is to do, without a key and without personal data."""

from typing import Annotated

from fastapi import Query
from sqlalchemy import Engine

from services.registration.api.parameters import ActivityInPath, PartnerInPath
from services.registration.schemas.activities import ActivityAnswer, ActivityPage, answer, cursor_values
from services.registration.schemas.activity_query import ActivityCursor, Kinds, Municipalities, activity_filter
from services.registration.schemas.fields import Date
from services.registration.usecases.queries import list_activities, show_activity
from shared.database import reading
from shared.http.paging import encode_cursor
from shared.http.routes import Routes

PAGE = 100


def activity_routes(engine: Engine) -> Routes:
    """The list and one activity."""
    router = Routes(prefix="/v1/activities", tags=["activities"])

    @router.get(
        "",
        summary="Activiteiten zoeken",
        description="Wat er te doen is, op volgorde van begin, met de vrije plaatsen. Zonder sleutel en zonder "
        "persoonsgegevens. Ook wat is afgelast staat erin, met `status` `cancelled`.",
        response_description="Een pagina met activiteiten.",
    )
    def every(
        from_: Annotated[
            Date | None,
            Query(alias="from", description="De eerste dag van het begin, in Nederland.", examples=["2026-10-01"]),
        ] = None,
        to: Annotated[
            Date | None, Query(description="De laatste dag van het begin, in Nederland.", examples=["2026-10-31"])
        ] = None,
        kind: Annotated[
            Kinds | None, Query(description="Soort. Meer met een komma ertussen.", examples=["bingo,walk"])
        ] = None,
        municipality: Annotated[
            Municipalities | None,
            Query(description="Gemeente, als CBS-code. Meer met een komma ertussen.", examples=["GM0141"]),
        ] = None,
        cursor: Annotated[
            ActivityCursor | None, Query(description="`next` van de vorige pagina, zoals u die kreeg.")
        ] = None,
    ) -> ActivityPage:
        wanted = activity_filter(from_, to, kind, municipality, cursor)
        with reading(engine) as connection:
            shown = list_activities(connection, wanted, PAGE + 1)
        following = encode_cursor(list(cursor_values(shown[PAGE - 1]))) if len(shown) > PAGE else None
        return ActivityPage(items=[answer(one) for one in shown[:PAGE]], next=following)

    @router.get(
        "/{partnerId}/{activityId}",
        summary="Een activiteit bekijken",
        description="Een activiteit met de vrije plaatsen. Zonder sleutel.",
        response_description="De activiteit.",
    )
    def one(partner_id: PartnerInPath, activity_id: ActivityInPath) -> ActivityAnswer:
        with reading(engine) as connection:
            return answer(show_activity(connection, f"{partner_id}/{activity_id}"))

    return router
