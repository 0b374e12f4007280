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


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took it."""

    phase: str = "data"
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """Surely not sent; may go later."""

    phase: str
    reason: str
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Surely not sent; trying again does not help."""

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


Outcome = Sent | Retry | Failed | Unknown | LetGo | ToCall | Suppressed
OUTCOME_NAMES: dict[type[Any], str] = {
    Sent: "sent",
    Retry: "retry",
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
    due = now + wait_before(max(message.attempts, 1), roll)
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
        case Retry():
            return {
                "status": "retry",
                "reason": outcome.reason,
                "due_at": next_try(message, now, roll),
                **_surely_not(message),
            }
        case Failed():
            status = "unknown" if message.doubts else "failed"
            return {"status": status, "reason": outcome.reason, **_surely_not(message)}
        case Unknown():
            return doubtful(message, outcome.reason, now, policy)
        case LetGo():
            return {"status": "retry" if message.doubts else "scheduled", "due_at": now, **_surely_not(message)}
        case ToCall():
            return {
                "status": "to-call",
                "channel": outcome.channel,
                "reason": outcome.reason,
                "told_version": version,
                "call_since": now,
                "call_reason": outcome.reason,
            }
        case Suppressed():
            return {"status": "suppressed", "channel": outcome.channel, "reason": outcome.reason}


def _surely_not(message: Message) -> dict[str, Any]:
    """This attempt told nothing; an earlier one in doubt may have."""
    return {"intent_at": None} if message.doubts else {"intent_at": None, "told_version": None}


def doubtful(message: Message, reason: str, now: datetime, policy: Policy) -> dict[str, Any]:
    """Perhaps sent. Once more after a while, by kind; never a third copy (contract section 6)."""
    at = now + policy.resend_after
    again = message.kind in RESENT and message.doubts == 0 and at < message.not_after
    return {
        "status": "unknown",
        "reason": reason,
        "doubts": message.doubts + 1,
        "resend_at": at if again else None,
        **({"call_since": now, "call_reason": "in-doubt"} if message.kind in RESENT and message.doubts else {}),
    }
