"""The kinds of value that posted events are made of, each strict: nothing is guessed or converted."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StrictBool,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

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


def _mail_address(value: str) -> str:
    """As it was given, if mail can be sent to it; nobody is asked whether it exists."""
    try:
        validate_email(value, check_deliverability=False)
    except EmailNotValidError as error:
        raise PydanticCustomError("email", "an e-mail address, such as naam@example.org") from error
    return value


_ONE_LINE_PATTERN = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
_TEXT_PATTERN = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$"
_YEARS = "^(19|20|21)[0-9]{2}-"

Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_instant),
    AfterValidator(_our_time),
    AfterValidator(_utc),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": _YEARS}),
]
"""Any offset comes in; UTC is kept and told."""
Date = Annotated[
    date,
    BeforeValidator(_date),
    AfterValidator(_our_time),
    WithJsonSchema({"type": "string", "format": "date", "pattern": _YEARS}),
]
Id = Annotated[StrictStr, Field(pattern=ID_PATTERN)]
ThingRef = Annotated[
    StrictStr, AfterValidator(_reference), WithJsonSchema({"type": "string", "pattern": f"^{_REFERENCE.pattern}$"})
]
"""A bare id is one's own; another partner's thing is `partnerId/id`."""
PersonRef = Annotated[
    StrictStr,
    Field(max_length=200),
    AfterValidator(_person_reference),
    WithJsonSchema({"type": "string", "pattern": ID_PATTERN}),
]
Line = Annotated[
    StrictStr,
    Field(min_length=1, max_length=200),
    AfterValidator(_one_line),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200, "pattern": _ONE_LINE_PATTERN}),
]
Text = Annotated[
    StrictStr,
    Field(max_length=4000),
    AfterValidator(_text),
    WithJsonSchema({"type": "string", "maxLength": 4000, "pattern": _TEXT_PATTERN}),
]
MailAddress = Annotated[
    StrictStr,
    Field(max_length=254),
    AfterValidator(_mail_address),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": 254}),
]
Whole = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
PartySize = Annotated[StrictInt, Field(ge=1, le=1000)]
Flag = StrictBool


@dataclass(frozen=True, slots=True)
class _OneOf:
    """A string from a code list, with the list in the fault and in the schema."""

    codes: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._known, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "enum": list(self.codes)}

    def _known(self, value: str) -> str:
        if value not in self.codes:
            raise PydanticCustomError("unknown_code", "one of {allowed}", {"allowed": ", ".join(self.codes)})
        return value


def one_of(*codes: str) -> Any:
    """A string from a code list."""
    return _OneOf(codes)


def listed(*codes: str) -> Any:
    """The same in an answer, where nothing needs to be checked: the list stands in the schema alone."""
    return WithJsonSchema({"type": "string", "enum": list(codes)})


def full(ref: str, partner_id: str) -> str:
    """A reference as we keep it: always `partnerId/id`."""
    return ref if "/" in ref else f"{partner_id}/{ref}"
