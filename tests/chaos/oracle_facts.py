"""Question a, second half: does the last state of every subject say what the latest accepted fact about it said?"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tests.chaos.ledger import Json, Ledger, Posted
from tests.chaos.log_copy import LogCopy
from tests.chaos.oracle_log import erased_persons
from tests.chaos.people import person_key
from tests.chaos.verdict import Verdict

_Key = tuple[Any, ...]


def judge_facts(log: LogCopy, ledger: Ledger, verdict: Verdict) -> None:
    """By the contract's order of facts: latest time, then greater id, whatever order they came in."""
    accepted = ledger.accepted()
    wanted = {
        **_activities(accepted),
        **_latest(accepted, "visitors-counted", _count),
        **_latest(accepted, "outreach-recorded", _outreach),
        **_registers(
            accepted, "volunteer-assigned", "volunteer-released", "assignment", "assignmentId", "from", "until"
        ),
        **_registers(accepted, "member-joined", "member-left", "member", "memberId", "joinedOn", "leftOn"),
    }
    for subject, told in wanted.items():
        _compare(log, subject, told, verdict)
    _attendances(log, ledger, verdict)
    verdict.count("facts compared", len(wanted))


def _compare(log: LogCopy, subject: str, told: Json, verdict: Verdict) -> None:
    state = log.states.get(subject)
    if state is None:
        verdict.blame("lost", f"{subject} is not in the log")
        return
    for name, value in told.items():
        there = state.data.get(name)
        same = _instant(there) == _instant(value) if name.endswith("At") else there == value
        verdict.demand(same, "fact", f"{subject} {name}: {there}, told {value}")


def _instant(text: Any) -> Any:
    return datetime.fromisoformat(text) if isinstance(text, str) else text


def _rank(post: Posted) -> tuple[datetime, str]:
    return datetime.fromisoformat(post.time), post.event_id


def _last(posts: Iterable[Posted]) -> dict[str, Posted]:
    """Per thing that the post's first id member names, the post that wins."""
    found: dict[str, Posted] = {}
    for post in posts:
        key = f"{post.partner}/{next(iter(post.data.values()))}"
        if key not in found or _rank(post) > _rank(found[key]):
            found[key] = post
    return found


def _activities(accepted: list[Posted]) -> dict[str, Json]:
    plans = _last(post for post in accepted if post.name == "activity-scheduled")
    cancels = _last(post for post in accepted if post.name == "activity-cancelled")
    wanted = {}
    for key, plan in plans.items():
        cancelled = key in cancels and _rank(cancels[key]) > _rank(plan)
        names = ("title", "kind", "goal", "startsAt", "endsAt", "capacity", "volunteerCapacity")
        told = {name: plan.data.get(name) for name in names}
        wanted[f"activity/{key}"] = told | {"status": "cancelled" if cancelled else "scheduled"}
    return wanted


def _latest(accepted: list[Posted], name: str, told: Any) -> dict[str, Json]:
    found: dict[str, Posted] = {}
    for post in accepted:
        if post.name == name:
            subject, _ = told(post)
            if subject not in found or _rank(post) > _rank(found[subject]):
                found[subject] = post
    return {subject: told(post)[1] for subject, post in found.items()}


def _count(post: Posted) -> tuple[str, Json]:
    data = post.data
    subject = f"visits/{post.partner}/{data['activityId']}/{data['countKey']}"
    return subject, {"value": data["value"], "method": data.get("method")}


def _outreach(post: Posted) -> tuple[str, Json]:
    names = ("kind", "date", "goal", "quantity", "personalised")
    told = {name: post.data.get(name) for name in names} | {"void": post.data.get("void", False)}
    return f"outreach/{post.partner}/{post.data['outreachId']}", told


def _registers(
    accepted: list[Posted], begin: str, end: str, noun: str, key: str, first: str, last: str
) -> dict[str, Json]:
    """A start and an end under one key; the end holds where it is later than the start."""
    starts = _last(post for post in accepted if post.name == begin)
    ends = _last(post for post in accepted if post.name == end)
    wanted = {}
    for thing, post in starts.items():
        over = thing in ends and _rank(ends[thing]) > _rank(post)
        wanted[f"{noun}/{thing}"] = {first: post.data[first], last: ends[thing].data[last] if over else None}
    return wanted


def _attendances(log: LogCopy, ledger: Ledger, verdict: Verdict) -> None:
    """The same for attendances; who was forgotten in between is told apart by the log alone and left out here."""
    accepted = ledger.accepted()
    signups = {f"{post.partner}/{post.data['signupId']}": post for post in accepted if post.name == "signup-placed"}
    forgotten = erased_persons(ledger)
    posts: dict[_Key, list[Posted]] = {}
    for post in accepted:
        if post.name == "attendance-recorded":
            key = _whose(post, signups)
            if key[1] not in forgotten:
                posts.setdefault(key, []).append(post)
    for told in posts.values():
        _one_attendance(log, told, signups, verdict)
    verdict.count("attendances compared", len(posts))


def _whose(post: Posted, signups: dict[str, Posted]) -> _Key:
    activity = f"{post.partner}/{post.data['activityId']}"
    if "signupId" not in post.data:
        person = person_key(post.partner, post.data["participant"])
        return activity, person, post.data.get("role", "participant")
    signup = signups[f"{post.partner}/{post.data['signupId']}"]
    person = person_key(signup.partner, signup.data["participant"])
    return activity, person, post.data.get("role") or signup.data.get("role", "participant")


def _one_attendance(log: LogCopy, posts: list[Posted], signups: dict[str, Posted], verdict: Verdict) -> None:
    subjects = {event.subject for post in posts for event in log.own(post)}
    best = max(posts, key=_rank)
    if len(subjects) != 1:
        kind = "lost" if not subjects else "persons"
        verdict.blame(kind, f"{best.event_id}: an attendance under {len(subjects)} subjects")
        return
    size = best.data.get("partySize") or 1
    if "signupId" in best.data:
        signup = signups[f"{best.partner}/{best.data['signupId']}"]
        size = best.data.get("partySize") or signup.data.get("partySize", 1)
    _compare(log, subjects.pop(), {"outcome": best.data["outcome"], "partySize": size}, verdict)
