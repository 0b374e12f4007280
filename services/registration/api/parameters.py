"""Query parameters: unknown ones are refused and told what is allowed; a cursor holds what we gave out."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.dependencies.utils import request_params_to_args
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from shared.errors import FieldFault, Refusal
from shared.http.paging import decode_cursor
from shared.http.routes import Routes

Limit = Annotated[int, Query(ge=1, le=1000, description="items on a page")]
Cursor = Annotated[str | None, Query(description="`next` of the page before")]
_LARGEST = 2**63 - 1


class ReadingRoutes(Routes):
    """Routes that refuse query parameters which they do not know, or that are given twice."""

    def __init__(self, *, prefix: str = "", tags: Sequence[str] = ()) -> None:
        super().__init__(prefix=prefix, tags=tags)
        self.dependencies = [Depends(only_known)]


def only_known(request: Request) -> None:
    """All faults among the parameters at once, if a name is one that the route does not know, or comes twice."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return
    known = route.dependant.query_params
    names = [parameter.alias for parameter in known]
    allowed = f"unknown; allowed: {', '.join(names)}" if names else "unknown; there are no parameters here"
    given = Counter(name for name, _ in request.query_params.multi_items())
    faults = [_fault("unknown_parameter", name, allowed) for name in given if name not in names]
    faults += [
        _fault("repeated_parameter", name, "give it once; several values comma-joined")
        for name, times in given.items()
        if name in names and times > 1
    ]
    if faults:
        _, others = request_params_to_args(known, request.query_params)
        raise RequestValidationError([*faults, *others])


def _fault(kind: str, name: str, text: str) -> dict[str, Any]:
    return {"type": kind, "loc": ("query", name), "msg": text}


def number_of(cursor: str | None) -> int | None:
    """The number in a cursor that holds one; Refusal `invalid` for what we never gave out."""
    if cursor is None:
        return None
    values = decode_cursor(cursor)
    if len(values) == 1 and type(values[0]) is int and 0 <= values[0] <= _LARGEST:
        return int(values[0])
    fault = FieldFault("cursor", "cursor", "use `next` as it was")
    raise Refusal("invalid", "the cursor is none of ours", (fault,))
