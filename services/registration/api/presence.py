"""Who came to an activity, for its host (contract section 3, reading back)."""

from fastapi import Depends
from sqlalchemy import Engine

from services.registration.api.audit import ReadAudit
from services.registration.api.parameters import ActivityInPath, PartnerInPath
from services.registration.api.readers import host, reader
from services.registration.schemas.presence import PresenceAnswer, presence_answer
from services.registration.usecases.reading_back import presence_of
from shared.database import reading
from shared.http.keys import Caller, Keyring
from shared.http.routes import Routes


def presence_routes(engine: Engine, keyring: Keyring, audit: ReadAudit) -> Routes:
    """The one route, for keys with `events:write`; every read is audited."""
    router = Routes(prefix="/v1/activities", tags=["signups"])
    partner = Depends(host(keyring))

    @router.get(
        "/{partnerId}/{activityId}/presence",
        summary="Wie er waren",
        description="Voor wie de activiteit houdt: wie er met naam is gemeld, hoeveel mensen er zijn geteld, en wat "
        "daarin niet bij elkaar past. Wij leggen vast wie dit opvraagt.",
        response_description="Wie er waren.",
    )
    def presence(partner_id: PartnerInPath, activity_id: ActivityInPath, caller: Caller = partner) -> PresenceAnswer:
        ref = f"{partner_id}/{activity_id}"
        with reading(engine) as connection:
            found = presence_of(connection, reader(caller), ref)
        audit.note(caller, "presence", ref, len(found.people))
        return presence_answer(found)

    return router
