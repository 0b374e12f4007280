"""Query parameters: a name that a path does not know is refused, so that no typing error is taken for an answer."""

from collections import Counter
from typing import Any

from fastapi import Request
from fastapi.dependencies.utils import request_params_to_args
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel


def only_known(request: Request) -> None:
    """All faults among the parameters at once, if a name is one that the route does not know, or comes twice."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or "parameters" in (route.openapi_extra or {}):
        return  # a path that documents its parameters itself also judges them itself
    known = route.dependant.query_params
    if any(isinstance(one.field_info.annotation, type(BaseModel)) for one in known):
        return  # a model of all parameters refuses by itself what it does not know
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
