"""What planning looks at: an activity with its history, a sign-up, and the messages there are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notifications.domain.policy import RESENT

OPEN = ("scheduled", "retry")
"""Planned and not begun."""
REMINDERS_OFF = "reminders-off"
"""The sign-up asked for no reminders."""
OPTED_OUT = "opted-out"
"""The person wants no reminders, of any partner."""
REFUSED = (REMINDERS_OFF, OPTED_OUT)
"""Suppressions that may be taken back; every other is for good."""
DONE = ("spoken", "not-coming")
"""Outcomes of a call after which nobody has to call again."""
ENDED = ("unknown", "expired", "failed")
"""Statuses that say how the sending ended; that nobody has to call any more does not change it."""
SURE = ("sent", "told")
"""Statuses of a message that told its fact without doubt."""
REMINDING = ("reminder", "volunteer-shift")
"""Kinds that repeat what was told before, once for each of the operator's moments."""


@dataclass(frozen=True, slots=True)
class ActivityVersion:
    """An activity as one event told it."""

    ref: str
    version: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    address: str | None
    contact_phone: str | None
    status: str
    reason: str | None
    recorded_at: datetime

    @property
    def cancelled(self) -> bool:
        """Does not take place."""
        return self.status == "cancelled"

    @property
    def facts(self) -> tuple[object, ...]:
        """What is worth telling: title, time, place; of a cancelled one only that. Capacity is not among them."""
        if self.cancelled:
            return ("cancelled",)
        return (self.title, self.starts_at, self.ends_at, self.place, self.address)


@dataclass(frozen=True, slots=True)
class Activity:
    """All versions seen, lowest first, whatever order they came in."""

    versions: tuple[ActivityVersion, ...]

    @property
    def latest(self) -> ActivityVersion:
        """As it stands."""
        return self.versions[-1]

    @property
    def fact(self) -> ActivityVersion:
        """The version in which what is worth telling last changed; names changes and cancellations."""
        return self._first_like_now(lambda version: version.facts)

    @property
    def start_made_known(self) -> ActivityVersion:
        """The version that told the present start, or that it takes place after all."""
        return self._first_like_now(lambda version: (version.status, version.starts_at))

    def version(self, number: int) -> ActivityVersion | None:
        """One version by its number."""
        return next((version for version in self.versions if version.version == number), None)

    def _first_like_now(self, view: Callable[[ActivityVersion], object]) -> ActivityVersion:
        found = self.latest
        for version in reversed(self.versions):
            if view(version) != view(self.latest):
                break
            found = version
        return found


@dataclass(frozen=True, slots=True)
class Signup:
    """A sign-up as it stands; `partner_id` is who placed it and whose contact data count."""

    ref: str
    partner_id: str
    activity: str
    pid: str
    role: str
    party_size: int
    reminders: bool
    status: str
    arrived_at: datetime
    confirmed_at: datetime | None
    promoted: bool
    version: int
    sequence: int
    """Of the event in the log that told it."""

    @property
    def active(self) -> bool:
        """Still wants to come."""
        return self.status != "withdrawn"


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the message table.

    `told_version`: the activity's version that the person knows of, or may know of; None while it is on a list and
    nobody has spoken to the person.
    """

    id: str
    dedup_key: str
    kind: str
    partner_id: str
    activity: str
    signup: str
    pid: str
    subject_version: int
    channel: str
    lane: int
    moment_at: datetime
    due_at: datetime
    not_after: datetime
    status: str
    reason: str | None
    attempts: int
    crashes: int
    doubts: int
    lease_token: str | None
    lease_until: datetime | None
    intent_at: datetime | None
    told_version: int | None
    resend_at: datetime | None
    sent_at: datetime | None
    generation: int
    transport_ref: str | None = None
    probed_at: datetime | None = None
    call_since: datetime | None = None
    call_reason: str | None = None
    call_outcome: str | None = None
    called_at: datetime | None = None

    @property
    def listed(self) -> bool:
        """Somebody has to tell it by phone or letter and has not done so yet."""
        return self.call_since is not None and self.call_outcome not in DONE

    @property
    def slot(self) -> str:
        """What it is for, as `slot` says."""
        return slot(self.kind, self.dedup_key)

    @property
    def pending(self) -> bool:
        """Will be sent if nothing comes between; nobody has seen anything of this attempt."""
        return self.status in OPEN or (self.status == "sending" and self.intent_at is None)

    @property
    def rewritable(self) -> bool:
        """Has told nobody anything, so that the row may serve another moment or be revived."""
        untold = self.told_version is None and self.doubts == 0
        return untold and (self.pending or self.status == "cancelled" or self.reason in REFUSED)

    @property
    def called_off(self) -> bool:
        """Has ended without telling surely, and no copy or call is to come, as what it tells was not so for a while."""
        ended = self.status in ENDED and self.resend_at is None and self.call_since is None
        doubtful = self.doubts > 0 and self.kind in RESENT
        return ended and self.call_outcome not in DONE and (self.call_reason is not None or doubtful)

    @property
    def unsettled(self) -> bool:
        """May have arrived, and is to be told once more: by a copy, or by a call."""
        return self.doubts > 0 and (self.pending or self.resend_at is not None or self.listed or self.called_off)


def slot(kind: str, key: str) -> str:
    """What a message with this dedup key is for: its kind, and for a reminder which one."""
    parts = key.split(":")
    return ":".join((kind, *parts[2:3])) if kind in REMINDING else kind


def known_version(messages: Sequence[Message], apart_from: str | None = None) -> int | None:
    """The activity's version that this person knows of; None when nothing was told.

    A reminder counts only where nothing else was told: it repeats a time, it does not say that the time is new.
    """
    return max((m.told_version or 0 for m in _telling(messages, apart_from)), default=None)


def surely_knows(activity: Activity, messages: Sequence[Message], apart_from: str | None = None) -> bool:
    """Was told, without doubt, what is so now, and nothing else since."""
    told = sorted(_telling(messages, apart_from), key=lambda m: m.told_version or 0, reverse=True)
    for message in told:
        version = activity.version(message.told_version or 0)
        if version is None or version.facts != activity.latest.facts:
            return False
        if message.status in SURE:
            return True
    return False


def _telling(messages: Sequence[Message], apart_from: str | None) -> list[Message]:
    told = [m for m in messages if m.told_version is not None and m.id != apart_from]
    return [m for m in told if m.kind not in REMINDING] or told
