"""Question d, what people and providers said: after a bounce and after a click nothing more goes that way."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tests.chaos.ledger import Json
from tests.chaos.mail import Taken
from tests.chaos.oracle_lists import People
from tests.chaos.verdict import Verdict

_UNDER_WAY = timedelta(minutes=6).total_seconds()
"""Clock time in which a mail may still arrive that was about to leave: two leases and a poll."""
_REMINDING = ("reminder", "volunteer-shift")
_RESENT = ("cancellation", "change", "promotion", *_REMINDING)
"""Kinds of which a second copy may go when the first is in doubt (contract section 6)."""


def judge_wishes(people: People, taken: list[Taken], verdict: Verdict) -> None:
    """Mailboxes against receipts and clicks."""
    by_id = {item["id"]: item for item in people.messages.items}
    for message_id in people.said.bounced:
        item = by_id.get(message_id)
        verdict.demand(item is None or item["status"] != "sent", "bounced and sent", f"{message_id}: {item}")
    for mail in taken:
        noted = people.said.bounced_at.get(mail.recipient)
        late = noted is not None and mail.at > noted + _UNDER_WAY
        verdict.demand(not late, "to an address that bounced", f"{mail.message}")
    _clicks(people, taken, by_id, verdict)


def _clicks(people: People, taken: list[Taken], by_id: Mapping[str, Json], verdict: Verdict) -> None:
    """Who followed a link gets no reminder of any partner any more."""
    out: dict[str, float] = {}
    for message_id, at in people.said.clicked.items():
        if (pid := _pid(people, by_id.get(message_id))) is not None:
            out[pid] = min(at, out.get(pid, at))
    for mail in taken:
        item = by_id.get(mail.message)
        pid = _pid(people, item)
        if item and item["kind"] in _REMINDING and pid in out:
            late = mail.at > out[pid] + _UNDER_WAY
            verdict.demand(not late, "opted out and reminded", f"{item['signup']} {item['kind']}")
    for item in people.messages.items:
        planned = item["kind"] in _REMINDING and item["status"] == "scheduled" and _pid(people, item) in out
        verdict.demand(not planned, "opted out and reminded", f"{item['signup']} {item['kind']} is planned")


def _pid(people: People, item: Json | None) -> str | None:
    """Of a sign-up that is not of somebody who was forgotten."""
    if item is None or item["signup"] not in people.ways:
        return None
    state = people.log.states.get(f"signup/{item['signup']}")
    return state.data["pid"] if state else None


def judge_copies(people: People, taken: list[Taken], verdict: Verdict) -> None:
    """One copy; a second after a doubt, of a kind that may; never a third."""
    by_id = {item["id"]: item for item in people.messages.items}
    came: dict[str, list[float]] = {}
    for mail in taken:
        came.setdefault(mail.message, []).append(mail.at)
    for message_id, moments in came.items():
        item = by_id.get(message_id)
        if item is None or len(moments) == 1:
            continue
        doubts = [_instant(attempt) for attempt in item["attempts"] if attempt["outcome"] == "unknown"]
        second = sorted(moments)[1]
        allowed = item["kind"] in _RESENT and doubts and min(doubts) <= second
        verdict.demand(len(moments) <= (2 if allowed else 1), "mail doubled", f"{item['kind']} {item['attempts']}")


def _instant(attempt: Json) -> float:
    return datetime.fromisoformat(attempt["at"]).timestamp()
