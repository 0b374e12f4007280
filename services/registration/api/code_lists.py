"""`GET /v1/code-lists`: every code with its Dutch and English label, without a key."""

from typing import Any

from services.registration.api.parameters import ReadingRoutes
from shared.events.code_lists import CODE_LISTS


def code_list_routes() -> ReadingRoutes:
    """The one route."""
    router = ReadingRoutes(tags=["code lists"])

    @router.get("/v1/code-lists", summary="All code lists")
    def every() -> dict[str, list[dict[str, Any]]]:
        return {
            name: [{"code": code, "label": {"nl": nl, "en": en}} for code, (nl, en) in codes.items()]
            for name, codes in CODE_LISTS.items()
        }

    return router
