"""`GET /v1/messages`: what may be asked, and how a message is shown (contract sections 6 and 9)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

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

    signup: str | None = Field(None, description="`partnerId/id`; a bare id is one's own")
    activity: str | None = Field(None, description="`partnerId/id`; a bare id is one's own")
    status: str | None = Field(None, description=f"of {', '.join(STATUSES)}")
    kind: str | None = Field(None, description=f"of {', '.join(KINDS)}")
    cursor: str | None = None
    limit: int = Field(100, ge=1, le=_MOST)

    def filters(self, caller: Caller) -> Mapping[str, Sequence[str]]:
        """Column -> values; refuses all faults at once, and what belongs to another partner as `forbidden`."""
        given = {name: getattr(self, name) for name in ("signup", "activity", "status", "kind")}
        wanted = {name: text.split(",") for name, text in given.items() if text is not None}
        faults: list[FieldFault] = []
        found = {
            name: [
                _listed(name, value, faults) if name in _LISTS else _own(name, value, caller, faults)
                for value in values
            ]
            for name, values in wanted.items()
        }
        if faults:
            raise Refusal("invalid", f"{len(faults)} fault(s) in the request", tuple(faults))
        return found


def _listed(name: str, value: str, faults: list[FieldFault]) -> str:
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


class AttemptItem(WireModel):
    """One thing that happened on the way out."""

    at: datetime
    phase: str
    outcome: str
    detail: str | None


class MessageItem(WireModel):
    """A message. `not_after`: later than this it does not go out any more."""

    id: str
    kind: str
    signup: str
    activity: str
    channel: str
    status: str
    reason: str | None
    due_at: datetime
    not_after: datetime
    sent_at: datetime | None
    message_id: str | None
    attempts: list[AttemptItem]


class MessageList(WireModel):
    """A page of messages."""

    items: list[MessageItem]
    next: str | None


def shown(domain: str) -> Callable[[Message, Sequence[Mapping[str, Any]]], MessageItem]:
    """How a message is shown by a service that sends from this domain."""

    def item(message: Message, attempts: Sequence[Mapping[str, Any]]) -> MessageItem:
        own = MessageItem.model_fields.keys() - {"message_id", "attempts"}
        members = {name: getattr(message, name) for name in own}
        message_id = f"<{message.id}@{domain}>" if message.channel == "email" else None
        tried = [AttemptItem(**{name: one[name] for name in AttemptItem.model_fields}) for one in attempts]
        return MessageItem(**members, message_id=message_id, attempts=tried)

    return item
