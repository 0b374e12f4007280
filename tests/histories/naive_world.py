"""What a log tells of, by plain reading: the last state of every subject, and the days and keys of each thing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

Json = Mapping[str, Any]
Key = str | None
FOREVER = date(9999, 12, 31)
_AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Told(NamedTuple):
    """An event of the log."""

    name: str
    subject: str
    data: Json


@dataclass(frozen=True)
class Thing:
    """What is counted once: the days on which it counts, its keys, and all that was said of it."""

    first: date
    last: date
    keys: Mapping[str, Key]
    said: Json


@dataclass(frozen=True)
class World:
    """All things that the events tell of, by noun."""

    things: Mapping[str, Sequence[Thing]]
    outcomes: Mapping[tuple[str, str, str], str]
    """(activity, person, role) -> what was recorded."""
    first_visits: Mapping[str, date]
    """Person -> the day of the first presence as participant ever."""


def last_states(events: Iterable[Told]) -> list[Told]:
    """The highest version of every subject; what was told of somebody who was erased since stands under the token."""
    found: dict[tuple[str, ...], Told] = {}
    for event in events:
        if event.name == "participant-erased":
            pid, token = event.data["pid"], event.data["token"]
            found = {_subject(state): state for state in (_renamed(old, pid, token) for old in found.values())}
            continue
        known = found.get(_subject(event))
        if known is None or event.data["version"] >= known.data["version"]:
            found[_subject(event)] = event
    return list(found.values())


def _subject(event: Told) -> tuple[str, ...]:
    if event.name == "attendance-recorded":
        return ("attendance", event.data["activity"], event.data["pid"], event.data["role"])
    return (event.subject,)


def _renamed(state: Told, pid: str, token: str) -> Told:
    return state._replace(data={**state.data, "pid": token}) if state.data.get("pid") == pid else state


def world_of(events: Iterable[Told]) -> World:
    """What is known after all of these events."""
    nouns: dict[str, list[Json]] = {}
    for name, subject, data in last_states(events):
        nouns.setdefault(subject.partition("/")[0], []).append({**data, "event": name})
    partners = {state["partnerId"]: state for state in nouns.get("partner", ())}
    plans = {f"{state['partnerId']}/{state['activityId']}": state for state in nouns.get("activity", ())}
    things = {noun: list(_things(noun, states, plans, partners)) for noun, states in nouns.items()}
    joinings = [{**state, "activity": state["viaActivityId"]} for state in nouns.get("member", ()) if _ever(state)]
    things["joining"] = list(_things("joining", joinings, plans, partners))
    outcomes = {(s["activity"], s["pid"], s["role"]): s["outcome"] for s in nouns.get("attendance", ())}
    firsts: dict[str, date] = {}
    for thing in things.get("attendance", ()):
        if (thing.said["role"], thing.said["outcome"]) == ("participant", "present"):
            firsts[thing.said["pid"]] = min(thing.first, firsts.get(thing.said["pid"], FOREVER))
    return World(things, outcomes, firsts)


def _ever(member: Json) -> bool:
    """Who left before joining was never a member."""
    return member["leftOn"] is None or member["leftOn"] >= member["joinedOn"]


_LASTING = {"assignment": ("from", "until"), "member": ("joinedOn", "leftOn"), "partner": ("joinedOn", "leftOn")}
_OWN_KEYS = {
    "kind": "kind",
    "goal": "goal",
    "series": "seriesId",
    "neighbourhood": "neighbourhood",
    "ageBand": "ageBand",
}


def _things(
    noun: str, states: Iterable[Json], plans: Mapping[str, Json], partners: Mapping[str, Json]
) -> Iterator[Thing]:
    for state in states:
        own = {key: state.get(name) for key, name in _OWN_KEYS.items()}
        if noun in _LASTING:
            first, last = (state[name] for name in _LASTING[noun])
            yield _thing(state, date.fromisoformat(first), date.fromisoformat(last) if last else FOREVER, own, partners)
        elif noun == "outreach":
            if state["void"]:
                continue
            day = date.fromisoformat(state["date"])
            yield _thing(state, day, day, own, partners)
        else:
            ref = f"{state['partnerId']}/{state['activityId']}" if noun == "activity" else state["activity"]
            if ref in plans:
                yield _at_activity(noun, state, {**plans[ref], "ref": ref}, partners)


def _at_activity(noun: str, state: Json, plan: Json, partners: Mapping[str, Json]) -> Thing:
    """What happened at an activity counts on its local start date, under its keys."""
    day = datetime.fromisoformat(plan["startsAt"]).astimezone(_AMSTERDAM).date()
    keys = {"kind": plan["kind"], "goal": plan["goal"], "series": plan["seriesId"], "activity": plan["ref"]}
    if noun in ("activity", "visits"):
        keys["neighbourhood"] = plan["location"]["neighbourhood"]
    elif noun in ("attendance", "signup"):
        keys |= {name: state[name] for name in ("neighbourhood", "ageBand")}
    return _thing({**state, "plan": plan}, day, day, keys, partners, of=plan["partnerId"])


def _thing(
    said: Json, first: date, last: date, keys: Mapping[str, Key], partners: Mapping[str, Json], of: str | None = None
) -> Thing:
    partner = of or said["partnerId"]
    known = partners.get(partner, {})
    organisation = {"partner": partner, "partnerKind": known.get("kind"), "municipality": known.get("municipality")}
    return Thing(first, last, {**keys, **organisation, **labels(first)}, said)


def labels(day: date) -> dict[str, str]:
    return {"month": f"{day:%Y-%m}", "quarter": f"{day.year}-Q{(day.month + 2) // 3}", "year": f"{day.year}"}
