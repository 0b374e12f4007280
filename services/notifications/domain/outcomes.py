"""How an attempt ended, as a value, and what the row says afterwards."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.notifications.domain.facts import Message
from services.notifications.domain.policy import RESENT, Policy
from services.notifications.domain.statuses import moved

_WAITS = tuple(timedelta(seconds=seconds) for seconds in (15, 60, 300, 900, 1800, 3600))
_JITTER = 0.2
_LAST_TRY = timedelta(minutes=1)
_MOST = 28
"""Attempts: the last one begins 24 hours after the first."""
_IN_PLAY = ("rcpt", "data")
"""Phases in which trouble may be about this very message."""
MAIL_SERVER, SMS_PROVIDER, REGISTRATION = "mail-server", "sms-provider", "registration"
"""What can be in trouble as a whole: nothing goes that way for a while (senders/breaker)."""
BACKUP_RESTORED = "backup-restored"
"""Why a message is held that may have been sent since a backup was made."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took it."""

    phase: str = "data"
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """Surely not sent; may go later. `trouble` names what is in trouble as a whole: then the attempt costs nothing.

    `alarm`: somebody has to set something right. `after`: seconds that the other side asked us to wait, at least.
    """

    phase: str
    reason: str
    code: int | None = None
    trouble: str | None = None
    alarm: bool = False
    after: float | None = None


@dataclass(frozen=True, slots=True)
class AddressRefused:
    """Surely not sent: nobody takes messages at this address. It is remembered; the next channel is tried now."""

    phase: str
    code: int | None = None
    reason: str = "address-refused"


@dataclass(frozen=True, slots=True)
class ChannelRefused:
    """Surely not sent: this message does not go this way. The address stays good; the next channel is tried now."""

    phase: str
    reason: str = "refused"
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not tried: many are under way to the same place. Comes back after so many seconds; costs no attempt."""

    seconds: float
    phase: str = "pace"
    reason: str = "pace"
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Surely not sent; trying again does not help. Somebody calls."""

    phase: str
    reason: str
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Handed over, and no answer came: perhaps sent."""

    phase: str
    reason: str
    code: int | None = None


@dataclass(frozen=True, slots=True)
class LetGo:
    """The last look said no: something changed since the message was prepared."""

    phase: str = "last-look"


@dataclass(frozen=True, slots=True)
class ToCall:
    """No way by e-mail: a person tells it, by `phone` or `letter`, or finds out how (`none`)."""

    channel: str
    reason: str
    phase: str = "contact"


@dataclass(frozen=True, slots=True)
class Suppressed:
    """The person wants no messages."""

    reason: str
    channel: str = "none"
    phase: str = "contact"


Outcome = Sent | Retry | AddressRefused | ChannelRefused | Postponed | Failed | Unknown | LetGo | ToCall | Suppressed
OUTCOME_NAMES: dict[type[Any], str] = {
    Sent: "sent",
    Retry: "retry",
    AddressRefused: "address-refused",
    ChannelRefused: "refused",
    Postponed: "postponed",
    Failed: "failed",
    Unknown: "unknown",
    LetGo: "let-go",
    ToCall: "to-call",
    Suppressed: "suppressed",
}


def wait_before(attempt: int, roll: float) -> timedelta:
    """How long until the next attempt after this many; `roll` from 0 to 1 spreads it by 20 % either way."""
    return _WAITS[min(attempt, len(_WAITS)) - 1] * (1 + _JITTER * (2 * roll - 1))


def next_try(message: Message, now: datetime, roll: float) -> datetime:
    """By the schedule, but with one last try just before it is too late."""
    return _not_too_late(message, now, now + wait_before(max(message.attempts, 1), roll))


def _not_too_late(message: Message, now: datetime, due: datetime) -> datetime:
    last = message.not_after - _LAST_TRY
    return min(due, last) if last > now + _WAITS[0] else due


def settled(
    outcome: Outcome, message: Message, version: int, now: datetime, policy: Policy, roll: float
) -> dict[str, Any]:
    """The columns that an outcome changes; the lease ends with it. `version` of the activity is what it told.

    A message that may have arrived before never becomes `failed`: nobody knows that it did not arrive.
    """
    values = _by_outcome(outcome, message, version, now, policy, roll)
    moved("sending", values["status"])
    return {"lease_token": None, "lease_until": None, **values}


def _by_outcome(
    outcome: Outcome, message: Message, version: int, now: datetime, policy: Policy, roll: float
) -> dict[str, Any]:
    match outcome:
        case Sent():
            return {"status": "sent", "reason": None, "sent_at": now, "told_version": version}
        case Retry() | AddressRefused() | ChannelRefused() | Postponed():
            return _again(outcome, message, now, roll)
        case Failed():
            return _given_up(outcome.reason, message, now)
        case Unknown():
            return doubtful(message, outcome.reason, now, policy)
        case LetGo():
            return {"status": "retry" if message.doubts else "scheduled", "due_at": now, **_surely_not(message)}
        case ToCall() | Suppressed():
            return _not_this_way(outcome, message, now)


def _not_this_way(outcome: ToCall | Suppressed, message: Message, now: datetime) -> dict[str, Any]:
    """Nothing is told by this: whoever calls says how it is then. What may have arrived before stays in doubt."""
    if message.doubts:
        return _given_up(outcome.reason, message, now)
    found = {"channel": outcome.channel, "reason": outcome.reason, **_surely_not(message)}
    if isinstance(outcome, Suppressed):
        return {"status": "suppressed", **found}
    return {"status": "to-call", **found, "call_since": now, "call_reason": outcome.reason}


def _again(
    outcome: Retry | AddressRefused | ChannelRefused | Postponed, message: Message, now: datetime, roll: float
) -> dict[str, Any]:
    """Surely not sent, and not the end. Another channel never follows a doubt: the person is called instead."""
    if isinstance(outcome, AddressRefused | ChannelRefused):
        if message.doubts or message.attempts >= _MOST:
            return _given_up(outcome.reason, message, now)
        return {"status": "retry", "reason": outcome.reason, "due_at": now, **_surely_not(message)}
    free = {"attempts": max(message.attempts - 1, 0)}
    if isinstance(outcome, Postponed):
        due = _not_too_late(message, now, now + timedelta(seconds=outcome.seconds))
        status = "retry" if message.doubts or message.attempts > 1 else "scheduled"
        return {"status": status, "due_at": due, **free, **_surely_not(message)}
    costless = outcome.trouble is not None and outcome.phase not in _IN_PLAY
    if message.attempts >= _MOST and not costless:
        return _given_up("gave-up", message, now)
    due = max(next_try(message, now, roll), now + timedelta(seconds=outcome.after or 0))
    again = {"status": "retry", "reason": outcome.reason, "due_at": due, **_surely_not(message)}
    return {**again, **free} if costless else again


def _given_up(reason: str, message: Message, now: datetime) -> dict[str, Any]:
    """Nothing more goes out: somebody calls."""
    called = {"call_since": now, "call_reason": "in-doubt" if message.doubts else reason}
    return {"status": "unknown" if message.doubts else "failed", "reason": reason, **called, **_surely_not(message)}


def _surely_not(message: Message) -> dict[str, Any]:
    """This attempt told nothing; an earlier one in doubt may have."""
    return {"intent_at": None} if message.doubts else {"intent_at": None, "told_version": None}


def doubtful(message: Message, reason: str, now: datetime, policy: Policy) -> dict[str, Any]:
    """Perhaps sent. Once more after a while, by kind, else somebody calls; never a third copy (contract section 6)."""
    at = now + policy.resend_after
    wanted = message.kind in RESENT
    again = wanted and message.doubts == 0 and at < message.not_after
    called = {"call_since": now, "call_reason": "in-doubt"} if wanted and not again else {}
    doubt = {"doubts": message.doubts + 1, "resend_at": at if again else None}
    return {"status": "unknown", "reason": reason, **doubt, **called}


def held_back(message: Message, version: int | None, now: datetime) -> dict[str, Any]:
    """The columns of a message that may have been sent in what a restored backup does not know (decision 0040).

    Nothing goes out for it any more; of the kinds that nobody must miss, somebody calls. `version`: of the activity as
    it stands, which the person may know of.
    """
    called = {"call_since": now, "call_reason": BACKUP_RESTORED} if message.kind in RESENT else {}
    told = {"told_version": message.told_version or version, "doubts": message.doubts + 1, "resend_at": None}
    return {"status": moved(message.status, "unknown"), "reason": BACKUP_RESTORED, **told, **called}
