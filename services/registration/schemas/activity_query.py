"""What may be asked of the list of activities: days, kinds, municipalities, and where the next page begins."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, TypeAdapter, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.registration.domain.search import ActivityFilter
from services.registration.schemas.fields import Instant
from shared.clock import AMSTERDAM
from shared.errors import FieldFault, Refusal
from shared.events.code_lists import ACTIVITY_KINDS
from shared.http.paging import decode_cursor

_INSTANT: TypeAdapter[AwareDatetime] = TypeAdapter(Instant)
_MUNICIPALITY = "GM[0-9]{4}"


def _kinds(text: str) -> str:
    if not set(text.split(",")) <= set(ACTIVITY_KINDS):
        allowed = ", ".join(ACTIVITY_KINDS)
        raise PydanticCustomError("unknown_code", "one or several, comma-joined, of {allowed}", {"allowed": allowed})
    return text


def _municipalities(text: str) -> str:
    if not all(re.fullmatch(_MUNICIPALITY, part) for part in text.split(",")):
        raise PydanticCustomError("unknown_code", "one or several codes, comma-joined, such as GM0141")
    return text


def _place(cursor: str) -> tuple[datetime, str]:
    try:
        moment, ref = decode_cursor(cursor)
        return _INSTANT.validate_python(moment), str(ref)
    except (TypeError, ValueError, Refusal) as error:
        raise PydanticCustomError("cursor", "use `next` as it was") from error


def _cursor(text: str) -> str:
    _place(text)
    return text


def _comma_joined(part: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^({part})(,({part}))*$"})


Kinds = Annotated[str, AfterValidator(_kinds), _comma_joined("|".join(ACTIVITY_KINDS))]
Municipalities = Annotated[str, AfterValidator(_municipalities), _comma_joined(_MUNICIPALITY)]
ActivityCursor = Annotated[str, AfterValidator(_cursor), WithJsonSchema({"type": "string"})]


def activity_filter(
    first: date | None, last: date | None, kinds: str | None, municipalities: str | None, cursor: str | None
) -> ActivityFilter:
    """From what was asked; days are those of Amsterdam, both included. Refusal `invalid` when they are in disorder."""
    if first and last and last < first:
        raise Refusal("invalid", "`to` lies before `from`", (FieldFault("to", "before-from", "a day from `from` on"),))
    return ActivityFilter(
        from_instant=_midnight(first) if first else None,
        to_instant=_midnight(last + timedelta(days=1)) if last else None,
        kinds=tuple(kinds.split(",")) if kinds else (),
        municipalities=tuple(municipalities.split(",")) if municipalities else (),
        after=_place(cursor) if cursor else None,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)
