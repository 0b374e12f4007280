"""`GET /v1/completeness`: does everybody know what they must, and who does not."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Query
from sqlalchemy import Engine

from services.notifications.domain.policy import Policy
from services.notifications.schemas.completeness import Completeness, completeness_answer
from services.notifications.usecases.completeness import completeness
from shared.clock import Clock
from shared.database import reading
from shared.http.keys import Caller, Keyring
from shared.http.routes import Routes

_MOST_HOURS = 31 * 24
Hours = Annotated[
    int, Query(ge=1, le=_MOST_HOURS, description="Activiteiten die binnen zoveel uur beginnen.", examples=[48])
]


def completeness_routes(engine: Engine, keyring: Keyring, policy: Policy, clock: Clock) -> Routes:
    """For keys with `messages:read`. A partner's key sees everybody at its own activities, elsewhere its own people."""
    router = Routes(tags=["lists"])
    reader = Depends(keyring.require("messages:read"))

    @router.get(
        "/v1/completeness",
        summary="Weet iedereen het?",
        description="Per activiteit die binnenkort begint: wie iets moet weten, en of dat is verteld, nog komt, op een "
        "lijst staat of niet gewenst is. `missing` hoort 0 te zijn. Een partner ziet iedereen bij zijn eigen "
        "activiteiten, en bij die van anderen zijn eigen aanmeldingen.",
        response_description="De activiteiten, met aantallen mensen.",
    )
    def balance(hours: Hours = 48, caller: Caller = reader) -> Completeness:
        now = clock()
        partner = None if caller.admin else caller.partner_id
        with reading(engine) as connection:
            return completeness_answer(completeness(connection, now, now + timedelta(hours=hours), policy, partner))

    return router
