"""Who is reached how, by wish, addresses and refusals; and when a message moves on to the next way (contract 6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notifications.domain.facts import REMINDING, Message
from services.notifications.domain.outcomes import Suppressed, ToCall
from services.notifications.domain.planning import held
from services.notifications.domain.policy import Policy

EMAIL, SMS, PHONE, LETTER, NONE = "email", "sms", "phone", "letter", "none"
"""What `channel` of a message says. `phone` on one still to go: time is up, somebody calls if there is a number."""
NOT_OUT = "not-out-in-time"
"""The way before this one did not get it out in time."""
CONTACTS_AWAY = "contacts-away"
"""Nobody knows yet how to reach this person."""
_REFUSED = ("refused", "too-big")
"""The mail server does not take this very message, at a good address: it would say the same again."""
_UNDELIVERED = "sms-undelivered"
"""The provider gave this message up: it goes on by mail, also to who asked for text messages."""
_BY_CHOICE = {PHONE: ToCall(PHONE, "prefers-phone"), LETTER: ToCall(LETTER, "prefers-letter")}
_URGENT = ("change", "cancellation", "promotion")
"""What cannot wait: it tells what the person does not know."""
_WAIT = {EMAIL: timedelta(hours=1), SMS: timedelta(hours=2)}
_AT_ONCE = timedelta(hours=12)
_TEXT, _CALL = timedelta(hours=20), timedelta(hours=6)
_AHEAD = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Reach:
    """Which ways lead to a person; the addresses themselves stay outside. `email`, `mobile`: one that can be used."""

    reach_via: str | None = None
    email: bool = False
    email_given: bool = False
    mobile: bool = False
    number: bool = False
    """Any telephone number, of whatever kind: somebody can call it."""

    @property
    def by_hand(self) -> str:
        """How somebody tells it, if nothing goes out by itself."""
        return PHONE if self.number else NONE


@dataclass(frozen=True, slots=True)
class Way:
    """The message goes this way; `then` is where it goes if this way refuses it."""

    channel: str
    then: str = PHONE


def choose(reach: Reach | None, message: Message, refused: frozenset[str], *, sms: bool) -> Way | ToCall | Suppressed:
    """How this message goes to this person (contract section 6; guide notifications 10).

    `reach`: None where the partner gave no contact data. `refused`: channels whose present address refused a message.
    `sms`: there is a provider. The way never changes after a doubt, except to the call list.
    """
    if reach is None:
        return ToCall(NONE, "no-address")
    if reach.reach_via == NONE:
        return Suppressed("reach-none")
    if reach.reach_via in _BY_CHOICE:
        return _BY_CHOICE[reach.reach_via]
    usable = {EMAIL: reach.email and EMAIL not in refused, SMS: sms and reach.mobile and SMS not in refused}
    if message.doubts:
        return Way(message.channel) if usable.get(message.channel) else ToCall(reach.by_hand, "in-doubt")
    if reach.reach_via == SMS and reach.number and not sms:
        return ToCall(reach.by_hand, "no-sms-provider")
    order = (SMS, EMAIL) if reach.reach_via == SMS else (EMAIL, SMS)
    left = _left([channel for channel in order if usable[channel]], order, reach, message)
    if left:
        return Way(left[0], left[1] if len(left) > 1 else PHONE)
    return ToCall(reach.by_hand, _why(reach, message, refused))


def _left(ways: Sequence[str], order: Sequence[str], reach: Reach, message: Message) -> Sequence[str]:
    """The ways that this message has not behind it."""
    if message.channel == PHONE:
        return () if reach.number or message.reason in _REFUSED else ways
    if message.channel != SMS or order[0] == SMS:
        given_up = message.channel == EMAIL and message.reason == _UNDELIVERED
        return [way for way in ways if way != SMS] if given_up else ways
    if SMS in ways:
        return (SMS,)
    waits = message.kind in REMINDING or not reach.number
    return ways if message.reason == NOT_OUT and waits else ()


def _why(reach: Reach, message: Message, refused: frozenset[str]) -> str:
    if message.channel in (PHONE, SMS) and message.reason:
        return message.reason
    if refused:
        return "address-refused"
    if reach.email_given and not reach.email:
        return "bad-address"
    return "no-sms-provider" if reach.mobile else "no-address"


def moves_on(
    message: Message, start: datetime, now: datetime, policy: Policy, *, down: frozenset[str], sms: bool
) -> str | None:
    """The channel that a message not yet out goes on to because of the time; None: it waits for its own.

    A day-before reminder: by SMS at 20 hours before the start, called at 6. A change, cancellation or promotion: an
    hour a way, at once if the start is within 12 hours. Only where the way it stands on was tried, or is `down`.
    """
    tried = message.status == "retry" and message.reason != NOT_OUT
    if message.doubts or message.channel not in _WAIT or not (tried or message.channel in down):
        return None
    following = SMS if message.channel == EMAIL and sms and SMS not in down else PHONE
    reminds = message.kind in REMINDING
    planned = held(message.kind, message.moment_at, start, policy, ahead=reminds)
    if message.kind in _URGENT:
        at_once = start - now <= _AT_ONCE and message.reason != CONTACTS_AWAY
        return following if at_once or now >= planned + _WAIT[message.channel] else None
    if not reminds or start - message.moment_at < _AHEAD or message.reason == CONTACTS_AWAY:
        return None
    if start - now <= _CALL:
        return PHONE
    text = start - now <= _TEXT and now >= planned + _WAIT[EMAIL]
    return SMS if text and message.channel == EMAIL and following == SMS else None
