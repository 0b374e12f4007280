"""`GET /v1/messages`: what may be asked, and how a message is shown (contract sections 6 and 9)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel

from services.notifications.domain.explaining import explain
from services.notifications.domain.facts import Message
from services.notifications.domain.policy import KINDS
from services.notifications.domain.statuses import STATUSES
from shared.errors import FieldFault, Refusal
from shared.events.model import WireModel
from shared.http.keys import Caller

_LISTS = {"status": STATUSES, "kind": KINDS}
_MOST = 1000


class MessageQuery(WireModel):
    """The parameters; several values are comma-joined. What is not known here is refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid")

    signup: str | None = Field(
        None, description="Aanmelding, als `partnerId/id`; zonder `partnerId/` uw eigen. Meer met een komma ertussen."
    )
    activity: str | None = Field(
        None, description="Activiteit, als `partnerId/id`; zonder `partnerId/` uw eigen. Meer met een komma ertussen."
    )
    status: str | None = Field(
        None, description=f"Een of meer, met een komma ertussen: {', '.join(STATUSES)}.", examples=["sent,to-call"]
    )
    kind: str | None = Field(
        None, description=f"Een of meer, met een komma ertussen: {', '.join(KINDS)}.", examples=["reminder"]
    )
    cursor: str | None = Field(None, description="`next` van de vorige pagina, zoals u die kreeg.")
    limit: int = Field(100, ge=1, le=_MOST, description="Hooguit zoveel berichten op een pagina.")

    def filters(self, caller: Caller) -> Mapping[str, Sequence[str]]:
        """Column -> values; refuses all faults at once, and what belongs to another partner as `forbidden`."""
        given = {name: getattr(self, name) for name in ("signup", "activity", "status", "kind")}
        wanted = {name: text.split(",") for name, text in given.items() if text is not None}
        faults: list[FieldFault] = []
        found = {
            name: [
                _known(name, value, faults) if name in _LISTS else _own(name, value, caller, faults) for value in values
            ]
            for name, values in wanted.items()
        }
        if faults:
            raise Refusal("invalid", f"{len(faults)} fault(s) in the request", tuple(faults))
        return found


def _known(name: str, value: str, faults: list[FieldFault]) -> str:
    if value not in _LISTS[name]:
        faults.append(FieldFault(name, "enum", f"allowed: {', '.join(_LISTS[name])}"))
    return value


def _own(name: str, value: str, caller: Caller, faults: list[FieldFault]) -> str:
    partner, slash, _ = value.partition("/")
    if not slash:
        if caller.partner_id is None:
            faults.append(FieldFault(name, "reference", "write partnerId/id: this key belongs to no partner"))
        return f"{caller.partner_id}/{value}"
    if caller.partner_id is not None and not caller.admin and partner != caller.partner_id:
        raise Refusal("forbidden", "this key sees the messages of its own partner")
    return value


def _listed(*codes: str) -> Any:
    return WithJsonSchema({"type": "string", "enum": list(codes)})


_EXAMPLE = {
    "id": "0f8c1d2e3a4b5c6d",
    "kind": "confirmation",
    "signup": "avedan/aanmelding-123",
    "activity": "avedan/bingo-2026-10-24",
    "channel": "email",
    "status": "sent",
    "reason": None,
    "explanation": {"nl": "Verstuurd per e-mail op donderdag 1 oktober om 10:00 uur.", "en": "Sent."},
    "callSince": None,
    "callReason": None,
    "callOutcome": None,
    "calledAt": None,
    "dueAt": "2026-10-01T08:00:05Z",
    "notAfter": "2026-10-24T12:00:00Z",
    "sentAt": "2026-10-01T08:00:07Z",
    "messageId": "<0f8c1d2e3a4b5c6d@example.org>",
    "attempts": [{"at": "2026-10-01T08:00:07Z", "phase": "data", "outcome": "sent", "detail": None}],
}


class AttemptItem(WireModel, json_schema_extra={"description": "Een poging om het bericht te sturen."}):
    """One thing that happened on the way out."""

    at: datetime = Field(description="Wanneer.")
    phase: str = Field(description="Hoe ver de poging kwam.")
    outcome: str = Field(description="Hoe de poging afliep.")
    detail: str | None = Field(description="Wat de mailserver erbij zei, zonder adressen.")


class ExplanationItem(WireModel, json_schema_extra={"description": "Hoe het met het bericht ging, en waarom."}):
    """The fate and the reason, for somebody to read."""

    nl: str = Field(description="In het Nederlands.")
    en: str = Field(description="In het Engels.")


class MessageItem(
    WireModel,
    json_schema_extra={"description": "Een bericht: gepland, verstuurd of niet verstuurd.", "examples": [_EXAMPLE]},
):
    """A message. `not_after`: later than this it does not go out any more."""

    id: str = Field(description="Id van het bericht.")
    kind: Annotated[str, _listed(*KINDS)] = Field(description="Soort bericht.")
    signup: str = Field(description="De aanmelding, als `partnerId/id`.")
    activity: str = Field(description="De activiteit, als `partnerId/id`.")
    channel: Annotated[str, _listed("email", "sms", "letter", "phone", "none")] = Field(description="Hoe het gaat.")
    status: Annotated[str, _listed(*STATUSES)] = Field(description="Hoe het ermee staat.")
    reason: str | None = Field(description="Waarom het zo staat.")
    explanation: ExplanationItem
    call_since: datetime | None = Field(description="Sinds wanneer iemand moet bellen of schrijven.")
    call_reason: str | None = Field(description="Waarom iemand moet bellen of schrijven.")
    call_outcome: str | None = Field(description="Hoe het telefoontje ging.")
    called_at: datetime | None = Field(description="Wanneer er voor het laatst is gebeld.")
    due_at: datetime = Field(description="Wanneer het weg mag.")
    not_after: datetime = Field(description="Na dit moment gaat het niet meer weg.")
    sent_at: datetime | None = Field(description="Wanneer het is verstuurd. Leeg: niet verstuurd.")
    message_id: str | None = Field(description="De Message-ID van de e-mail.")
    attempts: list[AttemptItem] = Field(description="Alle pogingen, op volgorde.")


class MessageList(
    WireModel,
    json_schema_extra={"description": "Een pagina met berichten.", "examples": [{"items": [_EXAMPLE], "next": None}]},
):
    """A page of messages."""

    items: list[MessageItem]
    next: str | None = Field(description="Waar de volgende pagina begint, voor `cursor`. Leeg: dit was de laatste.")


def shown(domain: str) -> Callable[[Message, Sequence[Mapping[str, Any]]], MessageItem]:
    """How a message is shown by a service that sends from this domain."""

    def item(message: Message, attempts: Sequence[Mapping[str, Any]]) -> MessageItem:
        own = MessageItem.model_fields.keys() - {"message_id", "attempts", "explanation"}
        members = {name: getattr(message, name) for name in own}
        message_id = f"<{message.id}@{domain}>" if message.channel == "email" else None
        tried = [AttemptItem(**{name: one[name] for name in AttemptItem.model_fields}) for one in attempts]
        why = explain(message)
        explanation = ExplanationItem(nl=why.nl, en=why.en)
        return MessageItem(**members, message_id=message_id, attempts=tried, explanation=explanation)

    return item
