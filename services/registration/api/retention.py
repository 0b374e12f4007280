"""`GET /v1/retention`: whether contact data goes when it should, for the operator."""

from collections.abc import Callable

from fastapi import Depends

from services.registration.schemas.retention import RetentionAnswer
from services.registration.usecases.retention import Standing
from shared.http.keys import Caller, Keyring
from shared.http.routes import Routes


def retention_routes(standing: Callable[[], Standing], keyring: Keyring) -> Routes:
    """The one route; admin only."""
    router = Routes(prefix="/v1/retention", tags=["operators"])
    admin = Depends(keyring.require("admin"))

    @router.get(
        "",
        summary="Verdwijnen contactgegevens op tijd?",
        description="Voor de beheerder: contactgegevens verdwijnen vanzelf na de laatste activiteit van een persoon. "
        "Wat al weg had moeten zijn staat in `overdue`, en verdwijnt bij de volgende ronde.",
        response_description="Hoe het ermee staat.",
    )
    def retention(_caller: Caller = admin) -> RetentionAnswer:
        found = standing()
        return RetentionAnswer(
            days=found.days,
            last_run_at=found.last_run_at,
            overdue=found.overdue.people,
            oldest_due_at=found.overdue.oldest_due_at,
        )

    return router
