"""Who came to an activity, for its host (contract section 3, reading back)."""

from fastapi import Depends
from sqlalchemy import Engine

from services.registration.api.audit import ReadAudit, reader
from services.registration.api.parameters import ReadingRoutes
from services.registration.schemas.presence import PresenceAnswer, presence_answer
from services.registration.usecases.reading_back import presence_of
from shared.database import reading
from shared.http.keys import Caller, Keyring


def presence_routes(engine: Engine, keyring: Keyring, audit: ReadAudit) -> ReadingRoutes:
    """The one route, for keys with `events:write`; every read is audited."""
    router = ReadingRoutes(prefix="/v1/activities", tags=["signups"])
    partner = Depends(keyring.require("events:write"))

    @router.get("/{partner_id}/{activity_id}/presence", summary="Who came: named, counted, and what does not fit")
    def presence(partner_id: str, activity_id: str, caller: Caller = partner) -> PresenceAnswer:
        ref = f"{partner_id}/{activity_id}"
        with reading(engine) as connection:
            found = presence_of(connection, reader(caller), ref)
        audit.note(caller, "presence", ref, len(found.people))
        return presence_answer(found)

    return router
