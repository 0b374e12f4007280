"""`PUT /v1/partners/{partnerId}`: the organisations of the coalition, by the operator."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from sqlalchemy import Engine

from services.registration.schemas.fields import ID_PATTERN
from services.registration.schemas.partners import PartnerAnswer, PartnerBody
from services.registration.usecases.coalition import put_partner
from shared.clock import Clock
from shared.database import transaction
from shared.http.keys import Caller, Keyring


def partner_routes(engine: Engine, keyring: Keyring, clock: Clock, on_commit: Callable[[], None]) -> APIRouter:
    """The one route; repeatable."""
    router = APIRouter(prefix="/v1/partners", tags=["partners"])
    admin = Depends(keyring.require("admin"))

    @router.put("/{partner_id}", summary="State a partner")
    def put(
        partner_id: Annotated[str, Path(pattern=ID_PATTERN)], body: PartnerBody, _caller: Caller = admin
    ) -> PartnerAnswer:
        with transaction(engine) as connection:
            partner = put_partner(connection, partner_id, **body.model_dump(), now=clock())
        on_commit()
        return PartnerAnswer(**asdict(partner))

    return router
