"""What a provider says about a message afterwards, and what the row says then: never back, never knowingly twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.notifications.domain.channels import EMAIL, PHONE, SMS
from services.notifications.domain.facts import Message
from services.notifications.domain.statuses import moved

DELIVERED, BOUNCED, UNDELIVERED = "delivered", "bounced", "undelivered"
"""`bounced`: nothing can be delivered at this address. `undelivered`: this message was not; the address stays good."""
RECEIPTS = (DELIVERED, BOUNCED, UNDELIVERED)
REASONS_OF = {BOUNCED: "bounced", UNDELIVERED: "undelivered"}
"""The reason code of what did not arrive."""
_NEXT = {(EMAIL, BOUNCED): SMS, (EMAIL, UNDELIVERED): SMS, (SMS, BOUNCED): EMAIL, (SMS, UNDELIVERED): PHONE}
"""Where the message goes on to; who is reached how is decided when it is sent, with the addresses at hand."""
_CLOCKS = timedelta(minutes=5)
_STILL_GOING = ("sending",)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was said. `at`: when that happened, by the provider's clock; `transport_ref`: the provider's own id."""

    channel: str
    outcome: str
    at: datetime | None = None
    transport_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """The sending is still under way: what was said is kept until the row says how that ended."""


@dataclass(frozen=True, slots=True)
class Noted:
    """It changes nothing: known already, or about another copy than the one that counts."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """The message is there; the doubt is over."""

    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lost:
    """It did not arrive. `bad_address`: nothing goes to that address any more."""

    values: dict[str, Any]
    bad_address: bool


Decision = Later | Noted | Arrived | Lost


def decide(message: Message, receipt: Receipt, start: datetime, now: datetime) -> Decision:
    """What a receipt means for the row as it is. `start` of the activity: after it nobody calls any more."""
    if message.status in _STILL_GOING:
        return Later()
    doubtful = message.status == "unknown" or (message.status == "retry" and message.doubts > 0)
    if not (doubtful or message.status == "sent") or _of_another_copy(message, receipt):
        return Noted()
    if receipt.outcome == DELIVERED:
        return Arrived(_arrived(min(receipt.at or now, now))) if doubtful else Noted()
    return Lost(_lost(message, receipt, start, now), receipt.outcome == BOUNCED)


def _of_another_copy(message: Message, receipt: Receipt) -> bool:
    """It went another way since, or again: what is said about an earlier copy says nothing about this one."""
    if receipt.channel != message.channel:
        return True
    refs = {ref for ref in (message.transport_ref, receipt.transport_ref) if receipt.channel == SMS and ref}
    before = receipt.at is not None and message.sent_at is not None and receipt.at < message.sent_at - _CLOCKS
    return len(refs) > 1 or before


def _arrived(at: datetime) -> dict[str, Any]:
    return {"status": "sent", "reason": None, "sent_at": at, "resend_at": None, "call_since": None}


def _lost(message: Message, receipt: Receipt, start: datetime, now: datetime) -> dict[str, Any]:
    """It told nobody, so that whatever comes next tells how it is then: the next way at once, else somebody calls."""
    reason = REASONS_OF[receipt.outcome]
    told_nobody = {"told_version": None, "sent_at": None, "intent_at": None, "doubts": 0, "resend_at": None}
    anew = {**told_nobody, "reason": reason, "transport_ref": None, "generation": message.generation + 1}
    if now < message.not_after:
        going = {"status": moved(message.status, "retry") if message.status != "retry" else "retry"}
        following = _NEXT[receipt.channel, receipt.outcome]
        return {**anew, **going, "channel": following, "due_at": now, "call_since": None}
    called = {"call_since": now, "call_reason": reason} if now < start else {}
    failed = message.status if message.status == "retry" else moved(message.status, "failed")
    return {**anew, "status": failed, **called}
