"""The call list and the letters: how an entry is shown (contract section 9)."""

import datetime as dt
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from services.notifications.contacts import PostalAddress
from services.notifications.domain.calling import OUTCOMES
from services.notifications.domain.policy import KINDS
from services.notifications.domain.reasons import in_words
from services.notifications.domain.wording import spoken_text, words
from services.notifications.usecases.lists import LETTERS, Entry
from shared.events.model import WireModel


def listed(*codes: str, null: bool = False) -> Any:
    """A text of a code list, in the document."""
    kind: Any = {"type": "string", "enum": list(codes)}
    return WithJsonSchema({"anyOf": [kind, {"type": "null"}]} if null else kind)


_EXAMPLE: dict[str, Any] = {
    "messageId": "5b2f7c1e-0d7a-4c51-9d43-0f8c1d2e3a4b",
    "partnerId": "avedan",
    "activity": "avedan/bingo-2026-10-24",
    "startsAt": "2026-10-24T12:00:00Z",
    "kind": "reminder",
    "name": "Mevrouw De Vries",
    "phone": "0546 000000",
    "address": None,
    "reason": "prefers-phone",
    "say": "Ik bel u over Bingo. Dit is een herinnering: kom naar Bingo. Dat is op zaterdag 24 oktober om 14:00 uur.",
    "signup": "avedan/aanmelding-123",
    "version": 1,
    "reasonText": "De persoon wil gebeld worden.",
    "since": "2026-10-23T12:00:00Z",
    "outcome": None,
    "calledAt": None,
    "otherKinds": [],
}


class AddressItem(WireModel, json_schema_extra={"description": "Postadres."}):
    """Where a letter goes."""

    street: str = Field(description="Straat en huisnummer.")
    postal_code: str = Field(description="Postcode.")
    city: str = Field(description="Woonplaats.")


class CallItem(WireModel, json_schema_extra={"description": "Iemand die een telefoontje of een brief krijgt."}):
    """One person, one activity. `version`: the activity's, as `say` tells it; give it back with the outcome."""

    message_id: str = Field(description="Id van het bericht; hiermee geeft u de afloop door.")
    partner_id: str = Field(description="De partner die de persoon aanmeldde.")
    activity: str = Field(description="De activiteit, als `partnerId/id`.")
    starts_at: datetime = Field(description="Wanneer de activiteit begint.")
    kind: Annotated[str, listed(*KINDS)] = Field(description="Soort bericht.")
    name: str | None = Field(description="Naam. Leeg: niet bekend.")
    phone: str | None = Field(description="Telefoonnummer. Leeg: niet bekend.")
    address: AddressItem | None = Field(description="Postadres. Leeg: niet bekend.")
    reason: str = Field(description="Waarom iemand belt of schrijft, als code.")
    say: str = Field(description="Wat u zegt, of wat er in de brief staat. Zoals het nu is.")
    signup: str = Field(description="De aanmelding, als `partnerId/id`.")
    version: int = Field(description="De versie van de activiteit die `say` vertelt.")
    reason_text: str = Field(description="Waarom iemand belt of schrijft, in een zin.")
    since: datetime = Field(description="Sinds wanneer de persoon op de lijst staat.")
    outcome: Annotated[str | None, listed(*OUTCOMES, null=True)] = Field(description="Hoe het vorige telefoontje ging.")
    called_at: datetime | None = Field(description="Wanneer er voor het laatst is gebeld.")
    other_kinds: list[str] = Field(description="Wat dezelfde persoon nog meer te horen krijgt; hetzelfde gesprek telt.")


class CallList(
    WireModel,
    json_schema_extra={
        "description": "De lijst van een dag: wie het eerst aan de beurt is staat bovenaan, en iedereen staat er een "
        "keer per activiteit op.",
        "examples": [{"date": "2026-10-23", "items": [_EXAMPLE]}],
    },
):
    """Everybody of one day, each once for an activity."""

    date: dt.date = Field(description="De dag, in Nederland.")
    items: list[CallItem]


EXAMPLE = CallList.model_validate({"date": "2026-10-23", "items": [_EXAMPLE]})
"""A list of one person."""


def call_list(day: dt.date, entries: Sequence[Entry], kind: str) -> CallList:
    """The answer. `kind`: which of the two lists; a letter says what a mail would say."""
    return CallList(date=day, items=[_item(entry, kind) for entry in entries])


def _item(entry: Entry, kind: str) -> CallItem:
    call, contact = entry.call, entry.contact
    message, signup, activity = call.first.message, call.first.signup, call.first.activity.latest
    reason = message.call_reason or message.reason or message.status
    return CallItem(
        message_id=message.id,
        partner_id=signup.partner_id,
        activity=activity.ref,
        starts_at=activity.starts_at,
        kind=message.kind,
        name=contact.name if contact else None,
        phone=contact.phone if contact else None,
        address=_address(contact.address) if contact else None,
        reason=reason,
        say=_say(entry, kind),
        signup=signup.ref,
        version=activity.version,
        reason_text=in_words(reason) or reason,
        since=message.call_since or message.due_at,
        outcome=message.call_outcome,
        called_at=message.called_at,
        other_kinds=[one.message.kind for one in call.others],
    )


def _say(entry: Entry, kind: str) -> str:
    first = entry.call.first
    told = (first.message.kind, first.signup, first.activity.latest, first.known)
    return "\n\n".join(words(*told).paragraphs) if kind == LETTERS else spoken_text(*told)


def _address(address: PostalAddress | None) -> AddressItem | None:
    if address is None:
        return None
    return AddressItem(street=address.street, postal_code=address.postal_code, city=address.city)
