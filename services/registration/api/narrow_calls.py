"""The narrow calls for our own services: the event log and the contact look-up (service key)."""

from typing import Annotated, Any

from fastapi import Depends, Query
from sqlalchemy import Engine

from services.registration.api.audit import ReadAudit
from services.registration.schemas.contacts import ContactData, ContactFound, ContactsFound, ContactsWanted
from services.registration.schemas.log import LogPage
from services.registration.usecases.queries import look_up_contacts, read_log
from shared.database import reading
from shared.http.keys import SERVICE, Caller, Keyring
from shared.http.routes import Routes

Place = Annotated[int, Query(ge=0, le=2**63 - 1, description="Begin na dit nummer van het logboek.")]
"""A sequence of the log, as the database can hold it."""


def narrow_routes(engine: Engine, keyring: Keyring, audit: ReadAudit) -> Routes:
    """`GET /v1/log` and `POST /v1/contacts/lookup`."""
    router = Routes(tags=["services"])
    service = Depends(keyring.require(SERVICE))

    @router.get(
        "/v1/log",
        summary="Het gebeurtenissenlogboek lezen",
        description="Voor onze eigen diensten: alle gebeurtenissen op volgorde, zonder gaten, ook zonder Redis.",
        response_description="Een stuk van het logboek.",
        response_model=None,
        responses={200: {"model": LogPage}},
    )
    def log(
        after: Place = 0,
        limit: Annotated[int, Query(ge=1, le=1000, description="Hooguit zoveel gebeurtenissen.")] = 1000,
        cursor: Annotated[Place | None, Query(description="`next` van het vorige stuk; gaat voor `after`.")] = None,
        _caller: Caller = service,
    ) -> dict[str, Any]:
        start = after if cursor is None else cursor
        with reading(engine) as connection:
            items, head = read_log(connection, start, limit)
        last = items[-1]["sequence"] if items else start
        return {"items": items, "head": head, "next": str(last) if last < head else None}

    @router.post(
        "/v1/contacts/lookup",
        summary="Contactgegevens opvragen",
        description="Voor onze eigen diensten: de enige weg waarlangs contactgegevens naar buiten gaan. Een partner "
        "krijgt alleen te maken met wat die partner zelf gaf.",
        response_description="De gevonden contactgegevens.",
    )
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
