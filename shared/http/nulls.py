"""Puts back into an OpenAPI document the nulls that FastAPI leaves out: an example without them is another example."""

from typing import Any

from fastapi import FastAPI
from fastapi._compat import get_definitions, get_flat_models_from_fields, get_model_name_map
from fastapi.openapi.utils import get_fields_from_routes
from fastapi.routing import APIRoute

Document = dict[str, Any]


def schemas_with_nulls(app: FastAPI) -> Document:
    """The schemas of all models of the application, as pydantic writes them."""
    fields = get_fields_from_routes(list(app.routes))
    names = get_model_name_map(get_flat_models_from_fields(fields, known_models=set()))
    _, definitions = get_definitions(fields=fields, model_name_map=names)
    return dict(definitions)


def restore_nulls(operation: Document, route: APIRoute) -> None:
    """The examples of a route's bodies and answers, as they were written."""
    answers = [(operation["responses"].get(str(status), {}), given) for status, given in route.responses.items()]
    body = (operation.get("requestBody", {}), (route.openapi_extra or {}).get("requestBody", {}))
    for described, given in (body, *answers):
        for kind, content in given.get("content", {}).items():
            if "examples" in content:
                described["content"][kind]["examples"] = content["examples"]
