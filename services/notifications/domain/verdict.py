"""May this message go now? Asked when it is claimed and once more in the last moment before it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notifications.domain.facts import Activity, Message, Signup
from services.notifications.domain.planning import closing_reason, held, wanted
from services.notifications.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Go:
    """Yes."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Quiet hours have begun since it was planned."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Drop:
    """Not wanted any more, and why."""

    reason: str


Verdict = Go | Hold | Drop


def verdict(
    message: Message,
    signup: Signup | None,
    activity: Activity | None,
    messages: Sequence[Message],
    now: datetime,
    policy: Policy,
    *,
    opted_out: bool = False,
) -> Verdict:
    """`messages` are all those of the sign-up. A sign-up that is gone was erased."""
    if signup is None or activity is None:
        return Drop("erased")
    must = wanted(signup, activity, messages, now, policy, opted_out=opted_out, apart_from=message.id)
    want = next((want for want in must if want.key == message.dedup_key), None)
    if want is None:
        return Drop(closing_reason(signup, activity, message.kind, now))
    if want.closed:
        return Drop(want.closed.reason)
    until = held(message.kind, now, activity.latest.starts_at, policy)
    return Hold(until) if until > now else Go()
