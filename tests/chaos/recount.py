"""A plain recount: facts from the last states of the log, and every indicator of the contract from facts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from tests.chaos.ledger import Json
from tests.chaos.log_copy import LogCopy

Value = int | float | None
_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FOREVER = date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to count: when, for whom, of what; `more` is what only its own indicators look at."""

    first: date
    last: date
    keys: Mapping[str, str | None]
    person: str = ""
    role: str = ""
    status: str = ""
    size: int = 1
    more: Mapping[str, Any] = field(default_factory=dict)


Facts = Sequence[Fact]


class Recount:
    """All facts of one log, by what they are."""

    def __init__(self, log: LogCopy) -> None:
        self._states: dict[str, list[Json]] = {}
        for subject, event in log.states.items():
            self._states.setdefault(subject.partition("/")[0], []).append(event.data)
        self._partners = {state["partnerId"]: state for state in self._of("partner")}
        self.activities = {f"{state['partnerId']}/{state['activityId']}": state for state in self._of("activity")}
        self.presences = [self._presence(state) for state in self._of("attendance")]
        self._outcomes = {(s["activity"], s["pid"], s["role"]): s["outcome"] for s in self._of("attendance")}
        self._firsts = self._first_days()
        self.facts: dict[str, Facts] = {
            "activities": [self._at(ref, {}, place=True) for ref in self.activities],
            "presences": [
                replace(fact, more={**fact.more, "since": self._firsts.get(fact.person)}) for fact in self.presences
            ],
            "signups": [self._signup(state) for state in self._of("signup")],
            "counts": [self._at(s["activity"], {"value": s["value"]}, place=True) for s in self._of("visits")],
            "outreach": [self._outreach(state) for state in self._of("outreach") if not state["void"]],
            "assignments": [self._lasting(state, "from", "until") for state in self._of("assignment")],
            "members": [self._lasting(state, "joinedOn", "leftOn") for state in self._of("member")],
            "partners": [self._lasting(state, "joinedOn", "leftOn") for state in self._of("partner")],
        }
        self.facts["joinings"] = [
            self._at(state["viaActivityId"], {"joined": True}) for state in self._of("member") if state["viaActivityId"]
        ]

    def _of(self, noun: str) -> list[Json]:
        return self._states.get(noun, [])

    def _organisation(self, partner: str) -> dict[str, str | None]:
        known = self._partners.get(partner, {})
        return {"partner": partner, "partnerKind": known.get("kind"), "municipality": known.get("municipality")}

    def _at(self, ref: str, more: Json, *, place: bool = False) -> Fact:
        """A fact at an activity, which gives it its day and most of its keys."""
        plan = self.activities[ref]
        day = datetime.fromisoformat(plan["startsAt"]).astimezone(_AMSTERDAM).date()
        keys = {"kind": plan["kind"], "goal": plan["goal"], "series": plan["seriesId"], "activity": ref}
        keys |= self._organisation(plan["partnerId"])
        if place:
            keys["neighbourhood"] = plan["location"]["neighbourhood"]
        about = {"cancelled": plan["status"] == "cancelled", "capacity": plan["capacity"], "ref": ref}
        return Fact(day, day, keys, more={**about, **more})

    def _of_person(self, fact: Fact, state: Json, status: str) -> Fact:
        keys = {**fact.keys, "neighbourhood": state["neighbourhood"], "ageBand": state["ageBand"]}
        return replace(fact, keys=keys, person=state["pid"], role=state["role"], size=state["partySize"], status=status)

    def _presence(self, state: Json) -> Fact:
        return self._of_person(self._at(state["activity"], {}), state, state["outcome"])

    def _signup(self, state: Json) -> Fact:
        outcome = self._outcomes.get((state["activity"], state["pid"], state["role"]))
        return self._of_person(self._at(state["activity"], {"outcome": outcome}), state, state["status"])

    def _outreach(self, state: Json) -> Fact:
        day = date.fromisoformat(state["date"])
        keys = {"kind": state["kind"], "goal": state["goal"], "series": state["seriesId"]}
        return Fact(day, day, keys | self._organisation(state["partnerId"]), more=state)

    def _lasting(self, state: Json, first: str, last: str) -> Fact:
        """Counts on every day from the first to the last."""
        ends = date.fromisoformat(state[last]) if state[last] else FOREVER
        keys = {name: state.get(named) for name, named in (("kind", "kind"), ("series", "seriesId"))}
        keys |= {name: state.get(name) for name in ("neighbourhood", "ageBand")}
        keys |= self._organisation(state["partnerId"])
        return Fact(date.fromisoformat(state[first]), ends, keys, person=state.get("pid", ""), more=state)

    def _first_days(self) -> dict[str, date]:
        found: dict[str, date] = {}
        for fact in self.presences:
            if fact.role == "participant" and fact.status == "present":
                found[fact.person] = min(fact.first, found.get(fact.person, fact.first))
        return found


@dataclass(frozen=True, slots=True)
class Rule:
    """One indicator: which facts are data for it, and what is made of those of one cell."""

    source: tuple[str, ...]
    keep: Callable[[Fact], bool]
    measure: Callable[[Facts, date, date], Value]
    stock: bool = False


def _rate(part: int, whole: int) -> Value:
    if not whole:
        return None
    return float((Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _number(facts: Facts, _first: date, _last: date) -> Value:
    return len(facts)


def _sizes(facts: Facts, _first: date, _last: date) -> Value:
    return sum(fact.size for fact in facts)


def _persons(facts: Facts, _first: date, _last: date) -> Value:
    return len({fact.person for fact in facts})


def _new(facts: Facts, first: date, last: date) -> int:
    return len({fact.person for fact in facts if first <= fact.more["since"] <= last})


def _returning(facts: Facts, first: date, last: date) -> Value:
    return len({fact.person for fact in facts}) - _new(facts, first, last)


def _added(name: str) -> Callable[[Facts, date, date], Value]:
    def added(facts: Facts, _first: date, _last: date) -> Value:
        return sum(fact.more[name] for fact in facts) if facts else None

    return added


def _no_show(facts: Facts, _first: date, _last: date) -> Value:
    return _rate(sum(fact.more["outcome"] == "absent" for fact in facts), len(facts))


def _occupancy(facts: Facts, _first: date, _last: date) -> Value:
    there = sum(fact.size for fact in facts if fact.status == "present" and fact.role != "volunteer")
    return _rate(there, sum({fact.more["ref"]: fact.more["capacity"] for fact in facts}.values()))


def _conversion(facts: Facts, _first: date, _last: date) -> Value:
    joined = sum("joined" in fact.more for fact in facts)
    return _rate(joined, len({fact.person for fact in facts if "joined" not in fact.more}))


def _came(*roles: str) -> Callable[[Fact], bool]:
    return lambda fact: fact.status == "present" and fact.role in roles


def _wanted(*statuses: str) -> Callable[[Fact], bool]:
    return lambda fact: fact.role == "participant" and fact.status in statuses


def _known_outcome(fact: Fact) -> bool:
    known = fact.more["outcome"] in ("present", "absent")
    return _wanted("confirmed")(fact) and known and not fact.more["cancelled"]


def _fills(fact: Fact) -> bool:
    return fact.status != "void" and not fact.more["cancelled"] and fact.more["capacity"] is not None


def _any(_fact: Fact) -> bool:
    return True


RULES: Final[Mapping[str, Rule]] = {
    "activities": Rule(("activities",), lambda fact: not fact.more["cancelled"], _number),
    "participants": Rule(("presences",), _came("participant"), _persons),
    "professionals": Rule(("presences",), _came("professional"), _persons),
    "attendances": Rule(("presences",), _came("participant"), _sizes),
    "new-participants": Rule(("presences",), _came("participant"), _new),
    "returning-participants": Rule(("presences",), _came("participant"), _returning),
    "occupancy": Rule(("presences",), _fills, _occupancy),
    "visits": Rule(("counts",), lambda fact: fact.more["value"] is not None, _added("value")),
    "signups": Rule(("signups",), _wanted("confirmed", "waitlisted"), _sizes),
    "unmet-demand": Rule(("signups",), _wanted("waitlisted"), _sizes),
    "no-show-rate": Rule(("signups",), _known_outcome, _no_show),
    "conversion": Rule(
        ("presences", "joinings"),
        lambda fact: "joined" in fact.more or _came("participant", "professional")(fact),
        _conversion,
    ),
    "volunteers": Rule(("assignments",), _any, _persons, stock=True),
    "partners": Rule(("partners",), _any, _number, stock=True),
    "members": Rule(("members",), _any, _number, stock=True),
    "members-joined": Rule(("members",), _any, _number),
    "outreach-actions": Rule(("outreach",), _any, _number),
    "outreach-items": Rule(("outreach",), lambda fact: fact.more["quantity"] is not None, _added("quantity")),
    "outreach-personalised": Rule(
        ("outreach",), lambda fact: fact.more["personalised"] is not None, _added("personalised")
    ),
}


def figure(recount: Recount, code: str, first: date, last: date, group: str | None = None) -> dict[str | None, Value]:
    """The total under None and, with a grouping, a value for every key that has data ("" where facts do not say)."""
    rule = RULES[code]
    kept = [fact for source in rule.source for fact in recount.facts[source] if rule.keep(fact)]
    inside = [fact for fact in kept if _counts(rule, fact, first, last)]
    found: dict[str | None, Value] = {None: rule.measure(inside, first, last)}
    if group is None:
        return found
    cells: dict[str, list[Fact]] = {}
    for fact in inside:
        key = fact.first.strftime("%Y-%m") if group == "month" else fact.keys.get(group)
        cells.setdefault(key or "", []).append(fact)
    for key, facts in cells.items():
        found[key] = rule.measure(facts, *(_month(key) if group == "month" else (first, last)))
    return found


def _counts(rule: Rule, fact: Fact, first: date, last: date) -> bool:
    return fact.first <= last <= fact.last if rule.stock else first <= fact.first <= last


def _month(key: str) -> tuple[date, date]:
    year, month = map(int, key.split("-"))
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), date.fromordinal(after.toordinal() - 1)
