"""The contact look-up: the only way out for contact data."""

from typing import Annotated

from pydantic import Field

from services.registration.schemas.fields import Id, PostedModel, listed
from shared.events.code_lists import REACH_VIA
from shared.events.model import WireModel

_PARTNER = "De partner die de gegevens gaf."
_PID = "De persoon, als versleutelde verwijzing."
_WANTED = {"partnerId": "avedan", "pid": "p0000000000000000000000001"}


class ContactWanted(PostedModel, json_schema_extra={"description": "Van wie, en door welke partner gegeven."}):
    """Whose contact data, given by which partner."""

    partner_id: Id = Field(description=_PARTNER)
    pid: Id = Field(description=_PID)


class ContactsWanted(
    PostedModel,
    json_schema_extra={"description": "Hooguit 500 per keer.", "examples": [{"contacts": [_WANTED]}]},
):
    """At most 500 a call."""

    contacts: Annotated[list[ContactWanted], Field(max_length=500, description="Om wie het gaat.")]


class AddressData(WireModel, json_schema_extra={"description": "Postadres."}):
    """A postal address as a partner gave it."""

    street: str = Field(description="Straat en huisnummer.")
    postal_code: str = Field(description="Postcode.")
    city: str = Field(description="Woonplaats.")


class ContactData(WireModel, json_schema_extra={"description": "Wat die partner gaf. Leeg: niet gegeven, of gewist."}):
    """What that partner gave; a member that was never given or was cleared is null."""

    name: str | None = Field(None, description="Naam.")
    email: str | None = Field(None, description="E-mailadres.")
    phone: str | None = Field(None, description="Telefoonnummer.")
    address: AddressData | None = None
    reach_via: Annotated[str, listed(*REACH_VIA)] | None = Field(None, description="Hoe de persoon bericht wil.")


class ContactFound(WireModel, json_schema_extra={"description": "Wat er van een persoon bekend is."}):
    """`contact` is null where nothing is known."""

    partner_id: str = Field(description=_PARTNER)
    pid: str = Field(description=_PID)
    contact: ContactData | None = Field(description="Leeg: er is niets bekend.")


class ContactsFound(
    WireModel,
    json_schema_extra={
        "description": "De gevonden gegevens, in de volgorde van de vraag.",
        "examples": [
            {
                "items": [
                    {
                        **_WANTED,
                        "contact": {
                            "name": None,
                            "email": "deelnemer@example.org",
                            "phone": None,
                            "address": None,
                            "reachVia": "email",
                        },
                    }
                ]
            }
        ],
    },
):
    """In the order they were asked for."""

    items: list[ContactFound]
