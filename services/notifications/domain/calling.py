"""Who has to be called or written to on a day, each person once for an activity, and what the outcome of it means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.notifications.domain.facts import REMINDING, Activity, ActivityVersion, Message, Signup, known_version
from services.notifications.domain.policy import Policy
from services.notifications.domain.posting import is_there_in_time
from services.notifications.domain.times import AMSTERDAM

OUTCOMES = ("spoken", "voicemail", "not-reached", "not-coming")
"""How a call may end (contract section 6)."""
STATUS_AFTER = {"spoken": "told", "not-coming": "told", "voicemail": "not-reached", "not-reached": "not-reached"}
LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Listed:
    """A message that stands on a list, with what is so now and all messages of its sign-up."""

    message: Message
    signup: Signup
    activity: Activity
    messages: Sequence[Message]

    @property
    def known(self) -> ActivityVersion | None:
        """The activity as this person was told it last."""
        return self.activity.version(known_version(self.messages, apart_from=self.message.id) or 0)


@dataclass(frozen=True, slots=True)
class Call:
    """One person, one activity. `first` is what to begin with, `others` what there is to tell beside it."""

    first: Listed
    others: tuple[Listed, ...]
    by_letter: bool

    @property
    def starts_at(self) -> datetime:
        """When the activity begins."""
        return self.first.activity.latest.starts_at


def calls(listed: Iterable[Listed], day: date, now: datetime, policy: Policy) -> list[Call]:
    """The calls and letters of a day, soonest start first, then by kind.

    On a list from the day on which somebody had to tell it until the start. A letter that is not posted in time to be
    there, and one beside something that has to be said at once, is a call: nobody stands on two lists.
    """
    people: dict[tuple[str, str, str], list[Listed]] = {}
    for one in listed:
        if _due_on(one, day, now):
            people.setdefault((one.signup.partner_id, one.signup.pid, one.signup.activity), []).append(one)
    return sorted((_call(mine, day, policy) for mine in people.values()), key=_order)


def _due_on(one: Listed, day: date, now: datetime) -> bool:
    since, start = one.message.call_since, one.activity.latest.starts_at
    if since is None or not one.message.listed or now >= start:
        return False
    return _local(since) <= day <= _local(start)


def _call(mine: Sequence[Listed], day: date, policy: Policy) -> Call:
    first, *others = sorted(mine, key=_weight)
    start = first.activity.latest.starts_at
    written = all(one.message.channel == LETTER for one in mine)
    return Call(first, tuple(others), written and is_there_in_time(day, start, policy))


def _weight(one: Listed) -> tuple[bool, int, float, str]:
    """What to begin with: news and answers before what only reminds, as they say all that it says."""
    row = one.message
    return row.kind in REMINDING, row.lane, -row.moment_at.timestamp(), row.id


def _order(call: Call) -> tuple[datetime, int, str, str]:
    return call.starts_at, call.first.message.lane, call.first.activity.latest.ref, call.first.message.id


def _local(instant: datetime) -> date:
    return instant.astimezone(AMSTERDAM).date()


def version_told(activity: Activity, message: Message, given: int | None) -> int:
    """The activity's version that a call told: as the caller read it, else as it was when it came on the list."""
    if given is not None and activity.version(given) is not None:
        return given
    since = message.call_since
    read = [version for version in activity.versions if since is not None and version.recorded_at <= since]
    return (read[-1] if read else activity.versions[0]).version
