"""Is anybody forgotten? Who must know something of a coming activity, and is it told, to come or on a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notifications.domain.facts import REMINDING, Activity, Message, Signup
from services.notifications.domain.planning import wanted
from services.notifications.domain.policy import Policy

STANDINGS = ("told", "opted-out", "planned", "call-list", "missing")
"""What may be said of a person, the most urgent last: that one counts where several sign-ups say several things."""
_TOLD = ("sent", "told", "unknown")
_NEWS = ("change", "cancellation")


@dataclass(frozen=True, slots=True)
class Case:
    """A sign-up for a coming activity, with all its messages. `opted_out`: the person wants no reminders."""

    signup: Signup
    activity: Activity
    messages: Sequence[Message]
    opted_out: bool = False


@dataclass(frozen=True, slots=True)
class Balance:
    """People of one activity: `due` is the sum of the five. `in_doubt`: those of `told` who may have got nothing."""

    due: int
    told: int
    planned: int
    call_list: int
    opted_out: int
    missing: int
    in_doubt: int


def balance(cases: Iterable[Case], now: datetime, policy: Policy) -> Balance:
    """Of one activity. A person with two sign-ups counts once, as what is most urgent."""
    people: dict[str, list[tuple[str, bool]]] = {}
    for case in cases:
        found = standing(case, now, policy)
        if found is not None:
            people.setdefault(case.signup.pid, []).append((found, _in_doubt(case)))
    worst = [max((one for one, _ in mine), key=STANDINGS.index) for mine in people.values()]
    told, opted_out, planned, call_list, missing = (worst.count(one) for one in STANDINGS)
    doubts = sum(
        any(doubt for _, doubt in mine) for mine, one in zip(people.values(), worst, strict=True) if one == "told"
    )
    return Balance(len(worst), told, planned, call_list, opted_out, missing, doubts)


def standing(case: Case, now: datetime, policy: Policy) -> str | None:
    """One of `STANDINGS`; None for whom nothing is due: who withdrew, and everybody once it has begun.

    Due are the answer to the sign-up (or the cancellation), what became different since that was told, and each
    reminder that planning owes. `told` is said of who knows all that is so now; who was told an old time is not.
    """
    needs = list(_needs(case, now, policy))
    if not needs:
        return None
    if not all(any(_serves(row) for row in rows) for rows in needs):
        return "missing"
    if any(row.listed for row in case.messages):
        return "call-list"
    if any(_to_come(row) for row in case.messages):
        return "planned"
    return "told" if all(any(row.status in _TOLD for row in rows) for rows in needs) else "opted-out"


def _needs(case: Case, now: datetime, policy: Policy) -> Iterable[list[Message]]:
    """For each thing that the person must know: the messages that may tell it."""
    signup, activity, rows = case.signup, case.activity, case.messages
    if not signup.active or now >= activity.latest.starts_at:
        return
    last = _last_told(rows)
    knows = last is not None and _told_facts(last, activity)
    if activity.latest.cancelled:
        yield [last] if last is not None and knows else _news_to_come(rows)
        return
    yield [row for row in rows if row.kind == _answer(signup)]
    if last is not None and not knows:
        yield _news_to_come(rows)
    for want in wanted(signup, activity, rows, now, policy, opted_out=case.opted_out):
        if want.kind in REMINDING and (want.closed is None or want.closed.status == "suppressed"):
            yield [row for row in rows if row.dedup_key == want.key]


def _answer(signup: Signup) -> str:
    if signup.confirmed_at is None:
        return "waiting-list"
    return "promotion" if signup.promoted else "confirmation"


def _last_told(rows: Sequence[Message]) -> Message | None:
    """What the person was told last, a mail in doubt included; a reminder tells nothing new."""
    told = [row for row in rows if _has_told(row) and row.kind not in REMINDING]
    return max(told, key=lambda row: row.told_version or 0, default=None)


def _news_to_come(rows: Sequence[Message]) -> list[Message]:
    """Made when it is sent or said, so that it tells what is so by then."""
    return [row for row in rows if row.kind in _NEWS and not _has_told(row)]


def _told_facts(row: Message, activity: Activity) -> bool:
    told = activity.version(row.told_version or 0)
    return told is not None and told.facts == activity.latest.facts


def _has_told(row: Message) -> bool:
    """Somebody may have read or heard it; who stands on the call list alone was told nothing."""
    return row.status in _TOLD and row.told_version is not None


def _to_come(row: Message) -> bool:
    return row.pending or row.status == "sending" or row.resend_at is not None


def _serves(row: Message) -> bool:
    return row.status in (*_TOLD, "suppressed") or row.listed or _to_come(row)


def _in_doubt(case: Case) -> bool:
    return any(row.status == "unknown" for row in case.messages)
