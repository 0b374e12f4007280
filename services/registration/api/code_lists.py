"""`GET /v1/code-lists`: every code with its Dutch and English label, without a key."""

from typing import Any

from services.registration.schemas.code_lists import CodeLists
from shared.events.code_lists import CODE_LISTS
from shared.http.routes import Routes


def code_list_routes() -> Routes:
    """The one route."""
    router = Routes(tags=["code lists"])

    @router.get(
        "/v1/code-lists",
        summary="Alle codelijsten",
        description="Elke code met een Nederlands en een Engels label, in vaste volgorde. Zonder sleutel.",
        response_description="De codelijsten, op naam.",
        response_model=None,
        responses={200: {"model": CodeLists}},
    )
    def every() -> dict[str, list[dict[str, Any]]]:
        return {
            name: [{"code": code, "label": {"nl": nl, "en": en}} for code, (nl, en) in codes.items()]
            for name, codes in CODE_LISTS.items()
        }

    return router
