"""`GET /v1/reads`: who read sign-ups or contact data, for the operator."""

from typing import Annotated

from fastapi import Depends, Query
from sqlalchemy import Engine

from services.registration.api.parameters import Cursor, Limit, number_of
from services.registration.domain.reads import ReadFilter
from services.registration.schemas.reads import ReadPage, read_answer
from services.registration.usecases.audit import list_reads
from shared.database import reading
from shared.http.keys import Caller, Keyring
from shared.http.paging import encode_cursor
from shared.http.routes import Routes


def read_routes(engine: Engine, keyring: Keyring) -> Routes:
    """The list, the newest first."""
    router = Routes(prefix="/v1/reads", tags=["operators"])
    admin = Depends(keyring.require("admin"))

    @router.get(
        "",
        summary="Wie keek in aanmeldingen",
        description="Voor de beheerder: wie wanneer aanmeldingen, aanwezigheid of contactgegevens opvroeg. Het laatste "
        "eerst.",
        response_description="Een pagina met opvragingen.",
    )
    def reads(
        key_id: Annotated[str | None, Query(alias="keyId", description="Alleen met deze sleutel.")] = None,
        about: Annotated[
            str | None, Query(description="Alleen over deze activiteit of aanmelding, als `partnerId/id`.")
        ] = None,
        cursor: Cursor = None,
        limit: Limit = 100,
        _caller: Caller = admin,
    ) -> ReadPage:
        wanted = ReadFilter(key_id, about, number_of(cursor))
        with reading(engine) as connection:
            found = list_reads(connection, wanted, limit + 1)
        page = found[:limit]
        following = encode_cursor([page[-1].number]) if len(found) > limit else None
        return ReadPage(items=[read_answer(one.read) for one in page], next=following)

    return router
