"""Query parameters that several lists have; a cursor holds what we gave out."""

from typing import Annotated

from fastapi import Path, Query

from services.registration.schemas.fields import ID_PATTERN
from shared.errors import FieldFault, Refusal
from shared.http.paging import decode_cursor

_ID = {"pattern": ID_PATTERN}

PartnerInPath = Annotated[
    str, Path(alias="partnerId", description="De partner.", examples=["avedan"], json_schema_extra=_ID)
]
ActivityInPath = Annotated[
    str,
    Path(
        alias="activityId",
        description="De activiteit, zoals de partner die noemt.",
        examples=["bingo-2026-10-24"],
        json_schema_extra=_ID,
    ),
]
SignupInPath = Annotated[
    str,
    Path(
        alias="signupId",
        description="De aanmelding, zoals de partner die noemt.",
        examples=["aanmelding-123"],
        json_schema_extra=_ID,
    ),
]
Limit = Annotated[int, Query(ge=1, le=1000, description="Hooguit zoveel op een pagina.")]
Cursor = Annotated[str | None, Query(description="`next` van de vorige pagina, zoals u die kreeg.")]
_LARGEST = 2**63 - 1


def number_of(cursor: str | None) -> int | None:
    """The number in a cursor that holds one; Refusal `invalid` for what we never gave out."""
    if cursor is None:
        return None
    values = decode_cursor(cursor)
    if len(values) == 1 and type(values[0]) is int and 0 <= values[0] <= _LARGEST:
        return int(values[0])
    fault = FieldFault("cursor", "cursor", "use `next` as it was")
    raise Refusal("invalid", "the cursor is none of ours", (fault,))
