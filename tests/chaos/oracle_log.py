"""Question a: is everything acknowledged in the log, once, and nothing that nobody posted?"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from tests.chaos.centre import Said
from tests.chaos.ledger import Json, Ledger, Posted
from tests.chaos.log_copy import Event, LogCopy, origin
from tests.chaos.people import person_key
from tests.chaos.verdict import Verdict


def judge_log(log: LogCopy, ledger: Ledger, by_phone: Collection[datetime], verdict: Verdict) -> None:
    """Numbers, ids, versions; then every post against its events and every event against its post.

    `by_phone`: the times of posts that notifications made, for who told a caller that they are not coming.
    """
    _numbers(log, verdict)
    _versions(log, verdict)
    accepted = ledger.accepted()
    _origins(log, accepted, ledger.posted, by_phone, verdict)
    gone = withdrawn_before(log)
    for post in accepted:
        _told_once(log, post, gone, verdict)
    _answers(ledger, verdict)
    _places(log, verdict)


def _numbers(log: LogCopy, verdict: Verdict) -> None:
    sequences = [event.sequence for event in log.events]
    verdict.demand(
        sequences == list(range(1, log.head + 1)), "gap in the log", f"{len(sequences)} items, head {log.head}"
    )
    repeated = [key for key, times in Counter(event.event_id for event in log.events).items() if times > 1]
    for event_id in repeated:
        verdict.blame("doubled", f"event id {event_id} twice in the log")
    verdict.count("log length", log.head)


def _versions(log: LogCopy, verdict: Verdict) -> None:
    """1..k for every subject; a forgotten person's own subject keeps nothing, no version either."""
    found: dict[str, list[int]] = defaultdict(list)
    for event in log.events:
        if event.name != "participant-erased":
            found[event.subject].append(event.data["version"])
    for subject, versions in found.items():
        verdict.demand(versions == list(range(1, len(versions) + 1)), "versions", f"{subject}: {versions[:12]}")
    verdict.count("subjects", len(found))


def withdrawn_by_phone(log: LogCopy, said: Said) -> set[datetime]:
    """Posts that withdrew somebody who told a caller so: every sign-up of that person for that activity."""
    states = [log.states.get(f"signup/{call.signup}") for call in said.calls.values() if call.outcome == "not-coming"]
    who = {_whose(state) for state in states if state}
    gone = [event for event in log.events if event.name == "signup-withdrawn"]
    return {event.post for event in gone if _whose(event) in who}


def _whose(event: Event) -> tuple[str, str, str]:
    return event.subject.split("/")[1], event.data["activity"], event.data["pid"]


def _origins(
    log: LogCopy,
    accepted: Iterable[Posted],
    posted: Iterable[Posted],
    by_phone: Collection[datetime],
    verdict: Verdict,
) -> None:
    """Every event comes from an accepted post, and none tells one subject twice."""
    known = {*(origin(post) for post in accepted), *by_phone}
    others = {origin(post) for post in posted}
    for post, events in log.by_post.items():
        if post not in known:
            kind = "rejected and in the log" if post in others else "nobody posted it"
            verdict.blame(kind, f"{events[0].sequence} {events[0].name} {events[0].subject} of {post}")
        for subject, times in Counter(event.subject for event in events).items():
            verdict.demand(times == 1, "doubled", f"one post told {subject} {times} times")


def withdrawn_before(log: LogCopy) -> dict[str, int]:
    """Sign-up -> where in the log it was withdrawn."""
    return {event.subject: event.sequence for event in log.events if event.name == "signup-withdrawn"}


def _told_once(log: LogCopy, post: Posted, gone: dict[str, int], verdict: Verdict) -> None:
    """Decisions and endings always show in the log; a fact that says nothing new need not."""
    own = log.own(post)
    if post.name == "signup-placed":
        told = [event for event in own if event.subject == f"signup/{post.partner}/{post.data['signupId']}"]
        verdict.demand(len(told) == 1, "lost" if not told else "doubled", f"{post.event_id}: {len(told)} sign-ups")
        if told and post.decision:
            same = told[0].name == f"signup-{post.decision['status']}"
            verdict.demand(same, "another decision", f"{post.event_id}: {post.decision} and {told[0].name}")
    elif post.name == "signup-withdrawn":
        subject = f"signup/{post.partner}/{post.data['signupId']}"
        verdict.demand(subject in gone, "lost", f"{post.event_id}: not withdrawn")
    elif post.name == "participant-erased":
        persons = 2 if "sharedRef" in post.data["participant"] else 1
        kind = "lost" if len(own) < persons else "doubled"
        verdict.demand(len(own) == persons, kind, f"{post.event_id}: {len(own)} persons forgotten")
    elif post.name.startswith(("volunteer", "member")) and "superseded" not in post.overrides:
        verdict.demand(len(own) == 1, "lost", f"{post.event_id} {post.name}: {len(own)} events")


def _answers(ledger: Ledger, verdict: Verdict) -> None:
    """An id is accepted once; a repeat is told so; what is wrong on purpose is refused for that."""
    groups: dict[Any, list[Posted]] = defaultdict(list)
    holders: dict[str, set[Any]] = defaultdict(set)
    for post in ledger.accepted():
        holders[post.event_id].add(post.identity)
    for post in ledger.posted:
        groups[post.identity].append(post)
        sure = post.meant not in ("", "duplicate") and (
            post.meant != "id-reused" or holders[post.event_id] - {post.identity}
        )
        if sure:
            verdict.demand(post.code == post.meant, "answer", f"{post.event_id}: {post.code}, not {post.meant}")
    for identity, posts in groups.items():
        accepted = sum(post.outcome == "accepted" for post in posts)
        verdict.demand(accepted <= 1, "doubled", f"{identity} accepted {accepted} times")
        never_lost = all(post.tries == 1 for post in posts)
        repeated = any(post.outcome == "duplicate" for post in posts)
        verdict.demand(not (repeated and never_lost and not accepted), "answer", f"{identity}: a duplicate of nothing")


def _places(log: LogCopy, verdict: Verdict) -> None:
    """Read in order, no place is given that there is not."""
    plans: dict[str, Json] = {}
    places: dict[tuple[str, bool], dict[str, int]] = defaultdict(dict)
    for event in log.events:
        if event.subject.startswith("activity/"):
            plans[event.subject.removeprefix("activity/")] = event.data
        elif event.subject.startswith("signup/"):
            _place(event, plans, places, verdict)


def _place(event: Event, plans: dict[str, Json], places: Any, verdict: Verdict) -> None:
    volunteer = event.data["role"] == "volunteer"
    taken = places[event.data["activity"], volunteer]
    if event.data["status"] != "confirmed":
        taken.pop(event.subject, None)
        return
    taken[event.subject] = event.data["partySize"]
    room = plans[event.data["activity"]]["volunteerCapacity" if volunteer else "capacity"]
    full = room is not None and sum(taken.values()) > room
    verdict.demand(not full, "places", f"{event.sequence}: {sum(taken.values())} of {room} places given")


def judge_persons(log: LogCopy, ledger: Ledger, verdict: Verdict) -> None:
    """One person is one pid for as long as nobody asked to forget; two persons are never one."""
    forgotten = erased_persons(ledger)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    back: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for post in ledger.accepted():
        if "participant" in post.data and post.name != "participant-erased":
            for event in log.own(post):
                person = person_key(post.partner, post.data["participant"])
                found[person].add(event.data["pid"])
                back[event.data["pid"]].add(person)
    for person, pids in found.items():
        verdict.demand(len(pids) <= 1 + forgotten[person], "persons", f"one person under {len(pids)} pids")
    for persons in back.values():
        verdict.demand(len(persons) == 1, "persons", f"{len(persons)} persons under one pid")
    verdict.count("persons", len(found))
    verdict.count("erasures", sum(post.name == "participant-erased" for post in ledger.accepted()))


def erased_persons(ledger: Ledger) -> Counter[tuple[str, str]]:
    """Who was forgotten, and how often."""
    found: Counter[tuple[str, str]] = Counter()
    for post in ledger.accepted():
        if post.name == "participant-erased":
            person = post.data["participant"]
            keys = {(post.partner, person["ref"]), person_key(post.partner, person)}
            found.update(keys)
    return found
