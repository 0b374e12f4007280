"""The kinds of value that posted events are made of, each strict: nothing is guessed or converted."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from services.registration.domain.persons import looks_like_personal_data
from shared.events.model import WireModel

ID_PATTERN = r"^[A-Za-z0-9._-]{1,64}$"
_REFERENCE = re.compile(r"[A-Za-z0-9._-]{1,64}(/[A-Za-z0-9._-]{1,64})?")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_CONTROL_BUT_LINES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class PostedModel(WireModel):
    """A body from outside: an unknown member is an error."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=False, frozen=True, extra="forbid")


def _instant(value: Any) -> Any:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise PydanticCustomError("date_time", "an RFC 3339 time with an offset, such as 2026-10-24T10:00:00+02:00")
    return value


def _date(value: Any) -> Any:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise PydanticCustomError("date", "a date, such as 2026-10-24")
    return value


def _our_time(value: date) -> date:
    """Years that can be meant; beyond them neither UTC nor the calendar in Amsterdam always has a day to offer."""
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise PydanticCustomError("year", "a year from 1900 to 2199")
    return value


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


def _one_line(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("blank", "must say something")
    if _CONTROL.search(value):
        raise PydanticCustomError("control_characters", "no line breaks or control characters")
    return value


def _text(value: str) -> str:
    if _CONTROL_BUT_LINES.search(value):
        raise PydanticCustomError("control_characters", "no control characters but line breaks")
    return value


def _person_reference(value: str) -> str:
    """Looks for personal data before the pattern, so that an address gets the right code."""
    if looks_like_personal_data(value):
        raise PydanticCustomError("looks_like_personal_data", "an e-mail address or telephone number is no reference")
    if not re.fullmatch(ID_PATTERN, value):
        raise PydanticCustomError("string_pattern_mismatch", "1 to 64 of A-Za-z0-9._-")
    return value


def _reference(value: str) -> str:
    if not _REFERENCE.fullmatch(value):
        raise PydanticCustomError("string_pattern_mismatch", "an id, or partnerId/id; each 1 to 64 of A-Za-z0-9._-")
    return value


Instant = Annotated[AwareDatetime, BeforeValidator(_instant), AfterValidator(_our_time), AfterValidator(_utc)]
"""Any offset comes in; UTC is kept and told."""
Date = Annotated[date, BeforeValidator(_date), AfterValidator(_our_time)]
Id = Annotated[StrictStr, Field(pattern=ID_PATTERN)]
ThingRef = Annotated[StrictStr, AfterValidator(_reference)]
"""A bare id is one's own; another partner's thing is `partnerId/id`."""
PersonRef = Annotated[StrictStr, Field(max_length=200), AfterValidator(_person_reference)]
Line = Annotated[StrictStr, Field(min_length=1, max_length=200), AfterValidator(_one_line)]
Text = Annotated[StrictStr, Field(max_length=4000), AfterValidator(_text)]
Whole = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
PartySize = Annotated[StrictInt, Field(ge=1, le=1000)]
Flag = StrictBool


def one_of(*codes: str) -> Any:
    """A string from a code list, with the list in the fault."""

    def known(value: str) -> str:
        if value not in codes:
            allowed = ", ".join(codes)
            raise PydanticCustomError("unknown_code", "one of {allowed}", {"allowed": allowed})
        return value

    return AfterValidator(known)


def full(ref: str, partner_id: str) -> str:
    """A reference as we keep it: always `partnerId/id`."""
    return ref if "/" in ref else f"{partner_id}/{ref}"
