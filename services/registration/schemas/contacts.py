"""The contact look-up: the only way out for contact data."""

from typing import Annotated, Any

from pydantic import Field

from services.registration.schemas.fields import Id, PostedModel
from shared.events.model import WireModel


class ContactWanted(PostedModel):
    """Whose contact data, given by which partner."""

    partner_id: Id
    pid: Id


class ContactsWanted(PostedModel):
    """At most 500 a call."""

    contacts: Annotated[list[ContactWanted], Field(max_length=500)]


class ContactData(WireModel):
    """What that partner gave; a member that was never given or was cleared is null."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    address: dict[str, Any] | None = None
    reach_via: str | None = None


class ContactFound(WireModel):
    """`contact` is null where nothing is known."""

    partner_id: str
    pid: str
    contact: ContactData | None


class ContactsFound(WireModel):
    """In the order they were asked for."""

    items: list[ContactFound]
