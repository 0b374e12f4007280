"""What must exist for one sign-up now: one pure function, asked at every event, so that their order does not matter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from services.notifications.domain.facts import (
    OPTED_OUT,
    REMINDERS_OFF,
    Activity,
    Message,
    Signup,
    known_version,
    surely_knows,
)
from services.notifications.domain.policy import LANES, Policy
from services.notifications.domain.times import moment_before

_EXEMPT = ("change", "cancellation", "promotion")
_EXEMPT_WITHIN = timedelta(hours=12)
_PROMOTION_LATEST = timedelta(hours=2)
_GRACE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Closed:
    """Not to be sent, and why: `cancelled` or `suppressed` with a reason code."""

    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A message that must exist; to be sent unless closed. `version` is that of the fact it tells."""

    key: str
    kind: str
    version: int
    moment_at: datetime
    due_at: datetime
    not_after: datetime
    closed: Closed | None = None

    @property
    def lane(self) -> int:
        """Its place in the queue."""
        return LANES[self.kind]


def held(kind: str, moment: datetime, start: datetime, policy: Policy, *, ahead: bool = False) -> datetime:
    """When a message for this moment goes out, quiet hours considered (contract section 6).

    `ahead`: it is planned long before, so that it may go the evening before. Else that evening is over: it waits until
    quiet hours end, a change, cancellation or promotion until twelve hours before the start, when nothing holds it.
    """
    exempt = kind == "confirmation" or (kind in _EXEMPT and start - moment <= _EXEMPT_WITHIN)
    quiet = None if exempt or policy.quiet is None else policy.quiet.around(moment)
    if policy.quiet is None or quiet is None:
        return moment
    release = policy.quiet.release(moment, start)
    if ahead or release > moment:
        return release
    return start - _EXEMPT_WITHIN if kind in _EXEMPT else quiet[1]


def wanted(
    signup: Signup,
    activity: Activity,
    messages: Sequence[Message],
    now: datetime,
    policy: Policy,
    *,
    opted_out: bool = False,
    apart_from: str | None = None,
) -> list[Wanted]:
    """Everything this sign-up must be told, has been told, or would have been but for a withdrawal or cancellation.

    `messages` are those there are for it; `apart_from` is the id of the one that is about to be sent, which does not
    count as told. `opted_out`: the person wants no reminders. Once the activity has begun: nothing.
    """
    if now >= activity.latest.starts_at:
        return []
    return [
        *_answers(signup, activity, policy),
        *_reminders(signup, activity, known_version(messages, apart_from), policy, opted_out=opted_out),
        *_cancellation(signup, activity, messages, policy, apart_from),
        *_change(signup, activity, messages, policy, apart_from),
    ]


def closing_reason(signup: Signup, activity: Activity, kind: str, now: datetime) -> str:
    """Why a message that is not wanted any more stays unsent."""
    by_kind = {"change": "superseded", "cancellation": "restored"}
    reasons = (
        (not signup.active, "withdrawn"),
        (now >= activity.latest.starts_at, "activity-over"),
        (activity.latest.cancelled and kind == "cancellation", "told-already"),
        (activity.latest.cancelled, "activity-cancelled"),
    )
    return next((reason for applies, reason in reasons if applies), by_kind.get(kind, "moved"))


def _answers(signup: Signup, activity: Activity, policy: Policy) -> Iterator[Wanted]:
    """Confirmed, waiting, or from waiting to a place."""
    closed = _closed(signup, activity)
    if signup.confirmed_at is None or signup.promoted:
        answered = closed or (Closed("cancelled", "superseded") if signup.promoted else None)
        yield _message("waiting-list", signup, activity, signup.arrived_at, policy, answered)
    if signup.confirmed_at is not None:
        kind = "promotion" if signup.promoted else "confirmation"
        yield _message(kind, signup, activity, signup.confirmed_at, policy, closed)


def _closed(signup: Signup, activity: Activity) -> Closed | None:
    if not signup.active:
        return Closed("cancelled", "withdrawn")
    return Closed("cancelled", "activity-cancelled") if activity.latest.cancelled else None


def _message(
    kind: str, signup: Signup, activity: Activity, moment: datetime, policy: Policy, closed: Closed | None
) -> Wanted:
    start = activity.latest.starts_at
    due = held(kind, moment, start, policy)
    not_after = start
    if kind == "promotion":
        not_after = start - _PROMOTION_LATEST
        if moment < due <= not_after:  # held until the last moment there is: time to leave, too
            not_after = max(not_after, due + _GRACE)
    return Wanted(f"{kind}:{signup.ref}", kind, signup.version, moment, due, not_after, closed)


def _reminders(
    signup: Signup, activity: Activity, known: int | None, policy: Policy, *, opted_out: bool
) -> Iterator[Wanted]:
    """The same start never twice, as the key names it. `known`: the activity's version that the person knows of."""
    if signup.confirmed_at is None:
        return
    start = activity.latest.starts_at
    kind = "volunteer-shift" if signup.role == "volunteer" else "reminder"
    refused = OPTED_OUT if opted_out else None if signup.reminders else REMINDERS_OFF
    closed = _closed(signup, activity)
    for before in policy.reminders:
        nominal = moment_before(start, before)
        due = held(kind, nominal, start, policy, ahead=True)
        passed = _passed(signup.confirmed_at, activity, known, min(nominal, due))
        key = f"{kind}:{signup.ref}:{before.text}:{start.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"
        unwanted = closed or passed or (Closed("suppressed", refused) if refused else None)
        yield Wanted(key, kind, signup.version, nominal, due, start - before.latest, unwanted)


def _passed(confirmed_at: datetime, activity: Activity, known: int | None, moment: datetime) -> Closed | None:
    """The place was given after the moment; or the moment was over when the start was made known: a change tells it.

    No change does where it was moved or cancelled and put back before the person heard of it: that undoes nothing.
    """
    if confirmed_at > moment:
        return Closed("cancelled", "after-the-moment")
    told, new = activity.version(known or 0), activity.start_made_known
    if new.recorded_at <= moment:
        return None
    unheard = told is not None and told.version < new.version
    if unheard and told and (told.status, told.starts_at) == (new.status, new.starts_at):
        return None
    return Closed("cancelled", "moved")


def _cancellation(
    signup: Signup, activity: Activity, messages: Sequence[Message], policy: Policy, apart_from: str | None
) -> Iterator[Wanted]:
    """For everybody who meant to come, told or not: a missed cancellation is a wrong trip.

    Not again for who surely knows, and was not told meanwhile that it takes place after all.
    """
    if signup.active and activity.latest.cancelled and not surely_knows(activity, messages, apart_from):
        yield _fact("cancellation", signup, activity, policy)


def _change(
    signup: Signup, activity: Activity, messages: Sequence[Message], policy: Policy, apart_from: str | None
) -> Iterator[Wanted]:
    """Where what the person knows differs from what is so now, or may: then it is the change in doubt once more."""
    if not signup.active or activity.latest.cancelled:
        return
    change = _fact("change", signup, activity, policy)
    known = activity.version(known_version(messages, apart_from) or 0)
    if known is not None and known.facts != activity.latest.facts:
        yield change
        return
    for doubtful in messages:
        told = activity.version(doubtful.told_version or 0)
        if doubtful.kind == "change" and doubtful.unsettled and told and told.facts == activity.latest.facts:
            yield replace(change, key=doubtful.dedup_key)


def _fact(kind: str, signup: Signup, activity: Activity, policy: Policy) -> Wanted:
    fact, start = activity.fact, activity.latest.starts_at
    due = held(kind, fact.recorded_at, start, policy)
    return Wanted(f"{kind}:{signup.ref}:{fact.version}", kind, fact.version, fact.recorded_at, due, start)
