"""`GET /v1/activities`: what there is to do, without a key and without personal data."""

from typing import Annotated

from fastapi import Query
from sqlalchemy import Engine

from services.registration.api.parameters import ReadingRoutes
from services.registration.schemas.activities import ActivityAnswer, ActivityPage, answer, cursor_values
from services.registration.schemas.activity_query import ActivityCursor, Kinds, Municipalities, activity_filter
from services.registration.schemas.fields import Date
from services.registration.usecases.queries import list_activities, show_activity
from shared.database import reading
from shared.http.paging import encode_cursor

PAGE = 100


def activity_routes(engine: Engine) -> ReadingRoutes:
    """The list and one activity."""
    router = ReadingRoutes(prefix="/v1/activities", tags=["activities"])

    @router.get("", summary="Activities by start")
    def every(
        from_: Annotated[Date | None, Query(alias="from", description="first local day of the start")] = None,
        to: Annotated[Date | None, Query(description="last local day of the start")] = None,
        kind: Annotated[Kinds | None, Query(description="one or several, comma-joined")] = None,
        municipality: Annotated[Municipalities | None, Query(description="GM codes, comma-joined")] = None,
        cursor: Annotated[ActivityCursor | None, Query(description="`next` of the page before")] = None,
    ) -> ActivityPage:
        wanted = activity_filter(from_, to, kind, municipality, cursor)
        with reading(engine) as connection:
            shown = list_activities(connection, wanted, PAGE + 1)
        following = encode_cursor(list(cursor_values(shown[PAGE - 1]))) if len(shown) > PAGE else None
        return ActivityPage(items=[answer(one) for one in shown[:PAGE]], next=following)

    @router.get("/{partner_id}/{activity_id}", summary="One activity")
    def one(partner_id: str, activity_id: str) -> ActivityAnswer:
        with reading(engine) as connection:
            return answer(show_activity(connection, f"{partner_id}/{activity_id}"))

    return router
