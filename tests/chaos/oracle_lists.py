"""Question d, the people: is everybody told, on a list, or passed over for a reason, and do the sums say so?"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from tests.chaos.centre import Said, faults_of
from tests.chaos.ledger import Json, Ledger
from tests.chaos.lists import Lists
from tests.chaos.log_copy import Event, LogCopy
from tests.chaos.messages import Messages
from tests.chaos.oracle_mails import forgotten_signups
from tests.chaos.people import way
from tests.chaos.verdict import Verdict

_FURTHEST = timedelta(hours=744)
_A_MOMENT = timedelta(minutes=3)
_NEWS = ("change", "cancellation")
_TO_COME = ("scheduled", "retry", "sending")


@dataclass(frozen=True)
class People:
    """Everything that is known about who comes to what, from the log, the posts and the mailboxes."""

    log: LogCopy
    messages: Messages
    lists: Lists
    said: Said
    mailed: frozenset[str]
    """Messages that are in a mailbox."""
    ways: Mapping[str, str]
    """Sign-up -> how its person is reached; without those who were forgotten."""

    @cached_property
    def coming(self) -> dict[str, list[Event]]:
        """Activity to come -> the sign-ups that were not withdrawn, from the log alone."""
        found: dict[str, list[Event]] = defaultdict(list)
        for subject, state in self.log.states.items():
            if subject.startswith("signup/") and state.data["status"] != "withdrawn":
                activity = self.log.states.get(f"activity/{state.data['activity']}")
                if activity and self.start(activity) > self.lists.at + _A_MOMENT:
                    found[state.data["activity"]].append(state)
        return found

    @staticmethod
    def start(activity: Event) -> datetime:
        """When it begins."""
        return datetime.fromisoformat(activity.data["startsAt"])

    @cached_property
    def of_signup(self) -> dict[str, list[Json]]:
        """The messages of each sign-up."""
        found: dict[str, list[Json]] = defaultdict(list)
        for item in self.messages.items:
            found[item["signup"]].append(item)
        return found

    @cached_property
    def listed(self) -> Counter[tuple[str, str, str]]:
        """(partner, activity, pid) -> on how many lines."""
        return Counter(key for line in self.lists.lines if (key := self.whose(line["signup"])))

    def whose(self, signup: str) -> tuple[str, str, str] | None:
        """Whom a line is about; None where the log has no such sign-up."""
        state = self.log.states.get(f"signup/{signup}")
        return (signup.partition("/")[0], state.data["activity"], state.data["pid"]) if state else None


def ways_of(ledger: Ledger) -> dict[str, str]:
    """Each sign-up's way by what its post told."""
    gone = forgotten_signups(ledger)
    posts = [post for post in ledger.accepted() if post.name == "signup-placed"]
    told = {f"{post.partner}/{post.data['signupId']}": way(post.data["participant"]) for post in posts}
    return {signup: found for signup, found in told.items() if signup not in gone}


def judge_lists(people: People, verdict: Verdict) -> None:
    """The sums against the log and the lists; then each sign-up; then what the people at work were answered."""
    _sums(people, verdict)
    _lines(people, verdict)
    for activity, states in people.coming.items():
        for state in states:
            _one(people, activity, state, verdict)
    _calls(people, verdict)
    _numbers(people, verdict)


def _sums(people: People, verdict: Verdict) -> None:
    """Who is due is counted from the log alone, who has to be called from the lists alone."""
    for fault in (*faults_of(people.lists.sums), *people.said.unbalanced):
        verdict.blame("completeness", fault)
    items = {item["activity"]: item for item in people.lists.sums["items"]}
    on_lists: dict[str, set[str]] = defaultdict(set)
    for _, activity, pid in people.listed:
        on_lists[activity].add(pid)
    for activity, states in people.coming.items():
        item, due = items.get(activity), len({state.data["pid"] for state in states})
        start = people.start(people.log.states[f"activity/{activity}"])
        if item is None:
            verdict.demand(start > people.lists.at + _FURTHEST, "completeness", f"{activity}: {due} due, not there")
            continue
        verdict.demand(item["due"] == due, "completeness", f"{activity}: {due} due by the log: {item}")
        called = len(on_lists[activity])
        verdict.demand(item["callList"] == called, "lists", f"{activity}: {called} people on the lists: {item}")


def _lines(people: People, verdict: Verdict) -> None:
    """Nobody twice; nobody who is not coming; each as the person wants it."""
    for whose, times in people.listed.items():
        verdict.demand(times == 1, "lists", f"{whose} on {times} lines")
    for line in people.lists.lines:
        state = people.log.states.get(f"signup/{line['signup']}")
        comes = state is not None and state.data["status"] != "withdrawn"
        verdict.demand(comes, "listed for nothing", f"{line['signup']} {line['kind']}")
        verdict.demand(people.ways.get(line["signup"]) != "none", "listed for nothing", f"{line['signup']} wants none")
    for line in people.lists.letters:
        wish = people.ways.get(line["signup"], "letter")
        verdict.demand(wish == "letter" and line["address"], "lists", f"{line['signup']}: a letter, wants {wish}")


def _one(people: People, activity: str, state: Event, verdict: Verdict) -> None:
    """Told by mail or by a caller, on a list, to be told, or a reason stands in a row."""
    ref = state.subject.removeprefix("signup/")
    wish, items = people.ways.get(ref), people.of_signup[ref]
    if wish is None:
        return
    if wish != "email":
        sent = [item["kind"] for item in items if item["id"] in people.mailed]
        verdict.demand(not sent, "not the wanted way", f"{ref} wants {wish}: {sent}")
    if wish == "none":
        explained = all(item["status"] in ("suppressed", "cancelled", *_TO_COME) for item in items)
        verdict.demand(bool(items) and explained, "nobody told", f"{ref} wants none: {_short(items)}")
        return
    cancelled = people.log.states[f"activity/{activity}"].data["status"] == "cancelled"
    telling = [item for item in items if (item["kind"] == "cancellation") == cancelled]
    known = [item for item in telling if _knows(people, item)]
    on_list = (ref.partition("/")[0], activity, state.data["pid"]) in people.listed
    verdict.demand(bool(known) or on_list, "nobody told", f"{ref} wants {wish}, on no list: {_short(items)}")
    stuck = [item for item in items if item["status"] in ("to-call", "not-reached") and not on_list]
    verdict.demand(not stuck, "lists", f"{ref} has to be called and is on no list: {_short(stuck)}")


def _knows(people: People, item: Json) -> bool:
    """It is in a mailbox and did not come back, somebody spoke to the person, or it is about to go out."""
    key = item["id"]
    mailed = item["id"] in people.mailed and item["id"] not in people.said.bounced
    call = people.said.calls.get(key)
    spoken = item["status"] == "told" or (call is not None and call.outcome in ("spoken", "not-coming"))
    doubt = item["status"] == "unknown" and item["kind"] not in _NEWS
    return mailed or spoken or doubt or item["status"] in _TO_COME


def _calls(people: People, verdict: Verdict) -> None:
    """What a caller was answered is kept, ends the call, and withdraws who is not coming."""
    by_id = {item["id"]: item for item in people.messages.items}
    open_ones = {line["messageId"] for line in people.lists.lines}
    for key, call in people.said.calls.items():
        item = by_id.get(key)
        if not call.answered or item is None or call.signup not in people.ways:
            continue
        kept = any((one["phase"], one["outcome"]) == ("call", call.outcome) for one in item["attempts"])
        verdict.demand(kept, "call lost", f"{call}: {_short([item])}")
        if call.outcome in ("spoken", "not-coming"):
            verdict.demand(key not in open_ones, "told twice", f"{call} and still on a list")
        if call.outcome == "not-coming":
            state = people.log.states[f"signup/{call.signup}"]
            verdict.demand(state.data["status"] == "withdrawn", "call lost", f"{call}: {state.data['status']}")
    told = [item for item in people.messages.items if item["status"] == "told"]
    for item in told:
        meant = item["signup"] not in people.ways or item["callOutcome"] in ("spoken", "not-coming")
        verdict.demand(meant, "nobody told", f"told by nobody: {_short([item])}")


def _short(items: list[Json]) -> str:
    return ", ".join(f"{i['kind']} {i['channel']} {i['status']} {i['reason']} {i['callOutcome']}" for i in items)


def _numbers(people: People, verdict: Verdict) -> None:
    verdict.count("completeness added up in the run, times", people.said.sums)
    for name in ("due", "told", "planned", "callList", "optedOut", "inDoubt"):
        verdict.count(f"people {name} at the end", sum(item[name] for item in people.lists.sums["items"]))
    verdict.count("lines on the call list, letters", f"{len(people.lists.calls)}, {len(people.lists.letters)}")
    calls = Counter(call.outcome for call in people.said.calls.values() if call.answered)
    verdict.count("calls made", dict(calls))
    verdict.count("bounces, links followed", f"{len(people.said.bounced)}, {len(people.said.clicked)}")
