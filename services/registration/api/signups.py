"""Sign-ups read back: of an activity for its host, one for who placed it (contract section 3, reading back)."""

from fastapi import Depends
from sqlalchemy import Engine

from services.registration.api.audit import ReadAudit
from services.registration.api.parameters import ActivityInPath, Cursor, Limit, PartnerInPath, SignupInPath, number_of
from services.registration.api.readers import host, reader, signup_reader
from services.registration.schemas.signups import SignupAnswer, SignupPage, signup_answer
from services.registration.usecases.reading_back import one_signup, signups_of
from shared.database import reading
from shared.http.keys import Caller, Keyring
from shared.http.paging import encode_cursor
from shared.http.routes import Routes


def signup_routes(engine: Engine, keyring: Keyring, audit: ReadAudit) -> Routes:
    """The list and one sign-up, for keys with `events:write`; every read is audited."""
    router = Routes(prefix="/v1", tags=["signups"])
    its_host, its_reader = Depends(host(keyring)), Depends(signup_reader(keyring, engine))

    @router.get(
        "/activities/{partnerId}/{activityId}/signups",
        summary="Aanmeldingen van een activiteit",
        description="Voor wie de activiteit houdt: alle aanmeldingen op volgorde van binnenkomst, ook die van andere "
        "partners. Wij leggen vast wie dit opvraagt.",
        response_description="Een pagina met aanmeldingen.",
    )
    def of_activity(
        partner_id: PartnerInPath,
        activity_id: ActivityInPath,
        cursor: Cursor = None,
        limit: Limit = 100,
        caller: Caller = its_host,
    ) -> SignupPage:
        ref, after = f"{partner_id}/{activity_id}", number_of(cursor) or 0
        with reading(engine) as connection:
            shown = signups_of(connection, reader(caller), ref, after, limit + 1)
        page = shown[:limit]
        following = encode_cursor([page[-1].signup.arrival]) if len(shown) > limit else None
        audit.note(caller, "signups", ref, len(page))
        return SignupPage(items=[signup_answer(one) for one in page], next=following)

    @router.get(
        "/signups/{partnerId}/{signupId}",
        summary="Een aanmelding bekijken",
        description="Voor de partner die aanmeldde en voor wie de activiteit houdt: is er plaats, of een wachtlijst? "
        "Wij leggen vast wie dit opvraagt.",
        response_description="De aanmelding.",
    )
    def one(partner_id: PartnerInPath, signup_id: SignupInPath, caller: Caller = its_reader) -> SignupAnswer:
        ref = f"{partner_id}/{signup_id}"
        with reading(engine) as connection:
            shown = one_signup(connection, reader(caller), ref)
        audit.note(caller, "signup", ref, 1)
        return signup_answer(shown)

    return router
