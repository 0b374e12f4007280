"""The narrow calls for our own services: the event log and the contact look-up (service key)."""

from typing import Annotated, Any

from fastapi import Depends, Query
from sqlalchemy import Engine

from services.registration.api.audit import ReadAudit
from services.registration.api.parameters import ReadingRoutes
from services.registration.schemas.contacts import ContactData, ContactFound, ContactsFound, ContactsWanted
from services.registration.usecases.queries import look_up_contacts, read_log
from shared.database import reading
from shared.http.keys import SERVICE, Caller, Keyring

Place = Annotated[int, Query(ge=0, le=2**63 - 1)]
"""A sequence of the log, as the database can hold it."""


def narrow_routes(engine: Engine, keyring: Keyring, audit: ReadAudit) -> ReadingRoutes:
    """`GET /v1/log` and `POST /v1/contacts/lookup`."""
    router = ReadingRoutes(tags=["services"])
    service = Depends(keyring.require(SERVICE))

    @router.get("/v1/log", summary="The event log, for a consumer without Redis")
    def log(
        after: Place = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
        cursor: Annotated[Place | None, Query(description="`next` of the page before; goes before `after`")] = None,
        _caller: Caller = service,
    ) -> dict[str, Any]:
        start = after if cursor is None else cursor
        with reading(engine) as connection:
            items, head = read_log(connection, start, limit)
        last = items[-1]["sequence"] if items else start
        return {"items": items, "head": head, "next": str(last) if last < head else None}

    @router.post("/v1/contacts/lookup", summary="Contact data, the only way out")
    def lookup(wanted: ContactsWanted, caller: Caller = service) -> ContactsFound:
        pairs = [(one.partner_id, one.pid) for one in wanted.contacts]
        with reading(engine) as connection:
            found = look_up_contacts(connection, pairs)
        audit.note(caller, "contacts", None, len(found))
        items = []
        for pair in pairs:
            contact = ContactData.model_validate(found[pair]) if pair in found else None
            items.append(ContactFound(partner_id=pair[0], pid=pair[1], contact=contact))
        return ContactsFound(items=items)

    return router
