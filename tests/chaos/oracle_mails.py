"""Question d: was everybody who comes told, once, and nobody told what was not so any more?"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tests.chaos.ledger import Json, Ledger
from tests.chaos.log_copy import Event, LogCopy
from tests.chaos.mail import Taken
from tests.chaos.messages import Messages
from tests.chaos.people import person_key
from tests.chaos.system import ChaosSystem
from tests.chaos.verdict import Verdict

_ANSWERS = ("confirmation", "waiting-list", "promotion")
_TOLD = ("sent", "unknown", "to-call", "told", "not-reached", "suppressed", "retry", "sending", "scheduled")
"""Whether who has to be called is on a list, and who was passed over has a reason, `oracle_lists` asks."""


def judge_mails(system: ChaosSystem, messages: Messages, verdict: Verdict) -> None:
    """Mailboxes against messages."""
    counts = system.mail.counts()
    by_id = {item["id"]: item for item in messages.items}
    for message_id in counts:
        item = by_id.get(message_id)
        if item is None:
            verdict.blame("mail of nobody", message_id)
            continue
        tried = any(attempt["phase"] == "data" or attempt["outcome"] == "unknown" for attempt in item["attempts"])
        verdict.demand(tried or item["status"] == "sending", "mail of nobody", f"{item['status']} {item['attempts']}")
    for message_id, item in by_id.items():
        if item["status"] == "sent":
            verdict.demand(counts[message_id] > 0, "mail lost", f"{item['kind']} {item['attempts']}")
    keys = list(messages.keys.values())
    verdict.demand(len(keys) == len(set(keys)), "mail doubled", "two messages for one fact")
    _numbers(system, messages, messages.doubtful(), verdict)


def _numbers(system: ChaosSystem, messages: Messages, doubtful: set[str], verdict: Verdict) -> None:
    counts = system.mail.counts()
    twice = {message_id for message_id, times in counts.items() if times > 1}
    verdict.count("mails taken", sum(counts.values()))
    verdict.count("messages", len(messages.items))
    for status in sorted({item["status"] for item in messages.items}):
        verdict.count(f"messages {status}", sum(item["status"] == status for item in messages.items))
    verdict.count("mails doubled, not counted as unknown", len(twice - doubtful))
    verdict.count("messages whose outcome was unknown", len(doubtful))
    verdict.count("of these, taken twice", len(twice & doubtful))
    for mood, times in sorted(system.mail.behaved.items()):
        verdict.count(f"mail server, {mood}", times)


def judge_told(system: ChaosSystem, log: LogCopy, messages: Messages, ledger: Ledger, verdict: Verdict) -> None:
    """Sign-ups of what comes against messages."""
    forgotten = forgotten_signups(ledger)
    by_signup: dict[str, list[Json]] = {}
    for item in messages.items:
        by_signup.setdefault(item["signup"], []).append(item)
    taken: dict[str, list[Taken]] = {}
    for mail in system.mail.taken:
        taken.setdefault(mail.message, []).append(mail)
    checked = 0
    for subject, state in log.states.items():
        noun, _, ref = subject.partition("/")
        activity = log.states.get(f"activity/{state.data.get('activity')}")
        if noun != "signup" or ref in forgotten or activity is None:
            continue
        if _instant(activity.data["startsAt"]) > system.clock():
            checked += 1
            _answered(ref, state, by_signup.get(ref, []), verdict)
            _called_off(ref, state, activity, by_signup.get(ref, []), taken, verdict)
    verdict.count("sign-ups of what comes", checked)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def forgotten_signups(ledger: Ledger) -> set[str]:
    """Of persons whom somebody asked to forget: nothing leads back to their messages."""
    accepted = ledger.accepted()
    people = set()
    for post in accepted:
        if post.name == "participant-erased":
            told = post.data["participant"]
            people |= {(post.partner, told["ref"]), person_key(post.partner, told)}
    return {
        f"{post.partner}/{post.data['signupId']}"
        for post in accepted
        if post.name == "signup-placed" and person_key(post.partner, post.data["participant"]) in people
    }


def _answered(ref: str, state: Event, items: list[Json], verdict: Verdict) -> None:
    """Who is coming or waiting was told so, or is about to be, or is on the call list."""
    if state.data["status"] == "withdrawn":
        return
    kinds = {item["kind"]: item for item in items}
    wanted = "waiting-list" if state.data["status"] == "waitlisted" else "confirmation"
    if state.data["promoted"]:
        wanted = "promotion"
    item = kinds.get(wanted)
    verdict.demand(item is not None, "nobody told", f"{ref}: no {wanted}, only {sorted(kinds)}")
    if item is not None:
        fine = item["status"] in _TOLD or item["reason"] == "activity-cancelled" or _hardly_any_time(state, item)
        verdict.demand(fine, "nobody told", f"{ref}: {wanted} is {item['status']} {item['reason']}")


def _hardly_any_time(state: Event, item: Json) -> bool:
    """A promotion is not told within two hours of the start."""
    given = _instant(state.data["confirmedAt"] or state.data["arrivedAt"])
    until = _instant(item["notAfter"])
    return item["status"] == "expired" and until <= given + timedelta(minutes=15)


def _called_off(
    ref: str, state: Event, activity: Event, items: list[Json], taken: Mapping[str, list[Taken]], verdict: Verdict
) -> None:
    """Whoever was told that it does not take place hears nothing after that."""
    if activity.data["status"] != "cancelled" or state.data["status"] == "withdrawn":
        return
    cancels = [item for item in items if item["kind"] == "cancellation"]
    verdict.demand(len(cancels) == 1, "nobody told", f"{ref}: {len(cancels)} cancellations")
    told = [mail.at for item in cancels for mail in taken.get(item["id"], [])]
    if not told:
        return
    since = min(told) + timedelta(seconds=1).total_seconds()
    for item in items:
        late = [mail for mail in taken.get(item["id"], []) if mail.at > since]
        if item["kind"] != "cancellation" and late:
            verdict.blame("told after the end", f"{ref}: {item['kind']} after the cancellation")
