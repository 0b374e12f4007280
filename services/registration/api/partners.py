"""`PUT /v1/partners/{partnerId}`: the organisations of the coalition, by the operator."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

from fastapi import Depends, Path
from sqlalchemy import Engine

from services.registration.schemas.fields import ID_PATTERN
from services.registration.schemas.partners import PartnerAnswer, PartnerBody
from services.registration.usecases.coalition import put_partner
from shared.clock import Clock
from shared.database import transaction
from shared.http.keys import Caller, Keyring
from shared.http.routes import Routes


def partner_routes(engine: Engine, keyring: Keyring, clock: Clock, on_commit: Callable[[], None]) -> Routes:
    """The one route; repeatable."""
    router = Routes(prefix="/v1/partners", tags=["partners"])
    admin = Depends(keyring.require("admin"))

    @router.put(
        "/{partnerId}",
        summary="Een organisatie vastleggen",
        description="Voor de beheerder: een organisatie van de coalitie. Nog eens sturen mag; het laatste geldt.",
        response_description="De organisatie zoals die nu vastligt.",
    )
    def put(
        partner_id: Annotated[
            str, Path(alias="partnerId", pattern=ID_PATTERN, description="Id van de organisatie.", examples=["avedan"])
        ],
        body: PartnerBody,
        _caller: Caller = admin,
    ) -> PartnerAnswer:
        with transaction(engine) as connection:
            partner = put_partner(connection, partner_id, **body.model_dump(), now=clock())
        on_commit()
        return PartnerAnswer(**asdict(partner))

    return router
