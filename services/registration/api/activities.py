"""`GET /v1/activities`: what there is to do, without a key and without personal data."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, TypeAdapter
from sqlalchemy import Engine

from services.registration.domain.search import ActivityFilter
from services.registration.schemas.activities import ActivityAnswer, ActivityPage, answer, cursor_values
from services.registration.schemas.fields import Date, Instant
from services.registration.usecases.queries import list_activities, show_activity
from shared.clock import AMSTERDAM
from shared.database import reading
from shared.errors import FieldFault, Refusal
from shared.events.code_lists import ACTIVITY_KINDS
from shared.http.paging import decode_cursor, encode_cursor

PAGE = 100
_INSTANT: TypeAdapter[AwareDatetime] = TypeAdapter(Instant)


def activity_routes(engine: Engine) -> APIRouter:
    """The list and one activity."""
    router = APIRouter(prefix="/v1/activities", tags=["activities"])

    @router.get("", summary="Activities by start")
    def every(
        from_: Annotated[Date | None, Query(alias="from", description="first local day of the start")] = None,
        to: Annotated[Date | None, Query(description="last local day of the start")] = None,
        kind: Annotated[str | None, Query(description="one or several, comma-joined")] = None,
        municipality: Annotated[str | None, Query(description="GM codes, comma-joined")] = None,
        cursor: str | None = None,
    ) -> ActivityPage:
        wanted = ActivityFilter(
            from_instant=_midnight(from_),
            to_instant=_midnight(to + timedelta(days=1)) if to else None,
            kinds=_kinds(kind),
            municipalities=tuple(municipality.split(",")) if municipality else (),
            after=_after(decode_cursor(cursor)) if cursor else None,
        )
        with reading(engine) as connection:
            shown = list_activities(connection, wanted, PAGE + 1)
        following = encode_cursor(list(cursor_values(shown[PAGE - 1]))) if len(shown) > PAGE else None
        return ActivityPage(items=[answer(one) for one in shown[:PAGE]], next=following)

    @router.get("/{partner_id}/{activity_id}", summary="One activity")
    def one(partner_id: str, activity_id: str) -> ActivityAnswer:
        with reading(engine) as connection:
            return answer(show_activity(connection, f"{partner_id}/{activity_id}"))

    return router


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), AMSTERDAM) if day else None


def _kinds(text: str | None) -> tuple[str, ...]:
    kinds = tuple(text.split(",")) if text else ()
    if unknown := [kind for kind in kinds if kind not in ACTIVITY_KINDS]:
        allowed = f"allowed: {', '.join(ACTIVITY_KINDS)}"
        faults = tuple(FieldFault("kind", "unknown-code", allowed) for _ in unknown)
        raise Refusal("invalid", f"unknown kind; {allowed}", faults)
    return kinds


def _after(values: list[Any]) -> tuple[datetime, str]:
    try:
        moment, ref = values
        return _INSTANT.validate_python(moment), str(ref)
    except (TypeError, ValueError) as error:
        fault = FieldFault("cursor", "cursor", "use `next` as it was")
        raise Refusal("invalid", "the cursor is none of ours", (fault,)) from error
