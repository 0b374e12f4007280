"""Question d, the clock: was every reminder due at the right instant, sent then, and sent once?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.chaos.ledger import Json
from tests.chaos.log_copy import LogCopy
from tests.chaos.messages import Messages
from tests.chaos.system import ChaosSystem
from tests.chaos.verdict import Verdict

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_CET = timedelta(hours=1)
_LATEST = {"P1D": timedelta(hours=2), "PT2H": timedelta(minutes=30)}
_OUT = ("sent", "unknown", "to-call", "told", "not-reached", "retry", "expired")
_REFUSED = ("opted-out", "reach-none")
_A_MOMENT = timedelta(minutes=5)
"""Clock time in which a due message may still be on its way when the run ends."""


def same_wall_time_the_day_before(start: datetime) -> datetime:
    """Found by trying: the instants whose local time is the wanted one; the first of two.

    Where the clock jumps over it: as far after the jump as it would have been after the last hour before it.
    """
    wanted = start.astimezone(_AMSTERDAM).replace(tzinfo=None) - timedelta(days=1)
    tried = [(wanted - timedelta(hours=hours)).replace(tzinfo=UTC) for hours in (2, 1)]
    there = [instant for instant in tried if instant.astimezone(_AMSTERDAM).replace(tzinfo=None) == wanted]
    return min(there) if there else (wanted - _CET).replace(tzinfo=UTC)


def due(start: datetime, offset: str) -> datetime:
    """The moment of a reminder."""
    return same_wall_time_the_day_before(start) if offset == "P1D" else start.astimezone(UTC) - timedelta(hours=2)


def judge_reminders(system: ChaosSystem, log: LogCopy, messages: Messages, verdict: Verdict) -> None:
    """Every reminder there is, and every one that must be."""
    rows = {key: item for item in messages.items if (key := _key(messages, item)) is not None}
    arrived: dict[str, list[float]] = {}
    for mail in system.mail.taken:
        arrived.setdefault(mail.message, []).append(mail.at)
    now = system.clock()
    sent = 0
    for (_, offset, start), item in rows.items():
        sent += _in_time(item, due(start, offset), start - _LATEST[offset], arrived, verdict)
    for key, moment in _wanted(log):
        _there(key, moment, rows.get(key), now, verdict)
    verdict.count("reminders", len(rows))
    verdict.count("reminders mailed during the run", sent)


_Key = tuple[str, str, datetime]


def _key(messages: Messages, item: Json) -> _Key | None:
    """(sign-up, offset, start) of a reminder: its fact names them."""
    if item["kind"] not in ("reminder", "volunteer-shift"):
        return None
    fact = messages.keys[item["id"]].split(":")
    if len(fact) != 4:  # of somebody who was forgotten
        return None
    return fact[1], fact[2], datetime.strptime(fact[3], "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC)


def _in_time(item: Json, moment: datetime, latest: datetime, arrived: dict[str, list[float]], verdict: Verdict) -> bool:
    """Never before its moment; never too late; and the message says the same moment."""
    mails = arrived.get(item["id"], [])
    for at in mails:
        when = datetime.fromtimestamp(at, UTC)
        verdict.demand(when >= moment, "reminder early", f"{item['signup']}: {when}, due {moment}")
        verdict.demand(
            when <= latest + timedelta(minutes=3), "reminder late", f"{item['signup']}: {when}, until {latest}"
        )
    untried = item["status"] == "scheduled" and not item["attempts"]
    if untried or (item["status"] == "sent" and len(item["attempts"]) == 1):
        told = datetime.fromisoformat(item["dueAt"])
        verdict.demand(told == moment, "reminder moment", f"{item['signup']}: dueAt {told}, counted {moment}")
    return bool(mails)


def _wanted(log: LogCopy) -> Iterator[tuple[_Key, datetime]]:
    """For everybody who had the place before the moment, and where the start was known before it."""
    known_since = _start_known_since(log)
    for subject, state in log.states.items():
        ref = subject.partition("/")[2]
        if not subject.startswith("signup/") or state.data["status"] != "confirmed" or not state.data["reminders"]:
            continue
        activity = log.states.get(f"activity/{state.data['activity']}")
        if activity is None or activity.data["status"] == "cancelled":
            continue
        start = datetime.fromisoformat(activity.data["startsAt"])
        confirmed = datetime.fromisoformat(state.data["confirmedAt"])
        for offset in _LATEST:
            moment = due(start, offset)
            if confirmed <= moment and known_since[activity.subject] <= moment:
                yield (ref, offset, start), moment


def _start_known_since(log: LogCopy) -> dict[str, datetime]:
    """When each activity got the start and status that it has."""
    found: dict[str, tuple[str, str, datetime]] = {}
    for event in log.events:
        if event.subject.startswith("activity/"):
            now = (event.data["startsAt"], event.data["status"])
            if event.subject not in found or found[event.subject][:2] != now:
                found[event.subject] = (*now, datetime.fromisoformat(event.data["recordedAt"]))
    return {subject: since for subject, (_, _, since) in found.items()}


def _there(key: _Key, moment: datetime, item: Json | None, now: datetime, verdict: Verdict) -> None:
    """Where the activity is over nothing is planned; else the message exists, and is out once its moment has come."""
    if key[2] <= now:
        return
    if item is None:
        verdict.blame("no reminder", f"{key[0]} {key[1]}, due {moment}")
    elif moment + _A_MOMENT < now:
        ended = item["status"] in _OUT or item["reason"] in _REFUSED
        verdict.demand(ended, "no reminder", f"{key[0]} {key[1]} is {item['status']} {item['reason']}, due {moment}")
