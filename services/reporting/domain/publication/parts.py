"""The numbers that are published, a rate as its two sides, and who stands behind each (reporting guide 4.1.1)."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final, Literal

from services.reporting.domain.disclosure.cells import Protection
from services.reporting.domain.facts import Attendance, Joining, Signup
from services.reporting.domain.indicators import INDICATORS, AnyIndicator
from services.reporting.domain.periods import Period

Facts = Sequence[Any]
People = Callable[[Facts, Period], Set[str]]
Behind = Literal["distinct", "sum", "heads", "things"]
"""distinct: the number is its persons. sum: persons contribute to it. heads: counted, of nobody in particular.

things: no persons, or an organisation's own data; always exact (contract section 5, publications, 3).
"""

_OF_PERSONS: Final = ("ageBand", "neighbourhood")


@dataclass(frozen=True, slots=True)
class Part:
    """A number with a name of its own among the cells of disclosure.

    `people` are those whose share a partner could subtract; `beside`, of the other side of a rate, must be many too.
    """

    name: str
    indicator: AnyIndicator
    worth: Callable[[Facts, Period], int | None]
    behind: Behind
    people: People = lambda _facts, _period: frozenset()
    beside: People | None = None
    of_nothing: int | None = 0
    """What the number is where there is no fact."""

    def protection(self, by: str) -> Protection:
        """Volunteers are organisation data, but not by age band or neighbourhood."""
        of_persons = self.behind != "things" and (self.indicator.code != "volunteers" or by in _OF_PERSONS)
        return "persons" if of_persons else "exempt"


def _pids(facts: Facts, _period: Period) -> Set[str]:
    return {fact.pid for fact in facts}


def _new(facts: Facts, period: Period) -> Set[str]:
    return {fact.pid for fact in facts if fact.first_day is not None and period.holds(fact.first_day)}


def _returning(facts: Facts, period: Period) -> Set[str]:
    return _pids(facts, period) - _new(facts, period)


def _with(outcome: str) -> People:
    return lambda facts, _period: {fact.pid for fact in facts if fact.outcome == outcome}


def _absent(facts: Sequence[Signup], _period: Period) -> int:
    return sum(fact.outcome == "absent" for fact in facts)


def _known(facts: Sequence[Signup], _period: Period) -> int:
    return len(facts)


def _takes_a_place(fact: Attendance) -> bool:
    return fact.outcome == "present" and fact.role in ("participant", "professional")


def _places_taken(facts: Sequence[Attendance], _period: Period) -> int:
    return sum(fact.party_size for fact in facts if _takes_a_place(fact))


def _on_places(facts: Sequence[Attendance], _period: Period) -> Set[str]:
    return {fact.pid for fact in facts if _takes_a_place(fact)}


def _capacity(facts: Sequence[Attendance], _period: Period) -> int:
    return sum({fact.activity.ref: fact.activity.capacity or 0 for fact in facts}.values())


def _who_were_there(facts: Sequence[Attendance | Joining], _period: Period) -> Set[str]:
    return {fact.pid for fact in facts if isinstance(fact, Attendance)}


def _joined(facts: Sequence[Attendance | Joining], _period: Period) -> int:
    return sum(isinstance(fact, Joining) for fact in facts)


def _whole(code: str, behind: Behind, people: People = _pids, of_nothing: int | None = 0) -> tuple[Part, ...]:
    """An indicator that is one number: its own measure."""
    indicator = INDICATORS[code]

    def worth(facts: Facts, period: Period) -> int | None:
        value = indicator.measure(facts, period).value
        return None if value is None else int(value)

    return (Part(code, indicator, worth, behind, people, of_nothing=of_nothing),)


def _rate(code: str, part: Callable[[AnyIndicator], Part], whole: Callable[[AnyIndicator], Part]) -> tuple[Part, ...]:
    return part(INDICATORS[code]), whole(INDICATORS[code])


PARTS: Final[Mapping[str, tuple[Part, ...]]] = {
    "activities": _whole("activities", "things"),
    "participants": _whole("participants", "distinct"),
    "new-participants": _whole("new-participants", "distinct", _new),
    "returning-participants": _whole("returning-participants", "distinct", _returning),
    "attendances": _whole("attendances", "sum"),
    "signups": _whole("signups", "sum"),
    "unmet-demand": _whole("unmet-demand", "sum"),
    "no-show-rate": _rate(
        "no-show-rate",
        lambda rate: Part("no-show-rate#absent", rate, _absent, "sum", _with("absent"), beside=_with("present")),
        lambda rate: Part("no-show-rate#known", rate, _known, "sum", _with("present"), beside=_with("absent")),
    ),
    "occupancy": _rate(
        "occupancy",
        lambda rate: Part("occupancy#present", rate, _places_taken, "sum", _on_places),
        lambda rate: Part("occupancy#capacity", rate, _capacity, "things"),
    ),
    "visits": _whole("visits", "heads", of_nothing=None),
    "professionals": _whole("professionals", "distinct"),
    "conversion": _rate(
        "conversion",
        lambda rate: Part("conversion#joined", rate, _joined, "things"),
        lambda rate: Part(
            "conversion#present",
            rate,
            lambda facts, period: len(_who_were_there(facts, period)),
            "distinct",
            _who_were_there,
        ),
    ),
    "volunteers": _whole("volunteers", "distinct"),
    "partners": _whole("partners", "things"),
    "members": _whole("members", "things"),
    "members-joined": _whole("members-joined", "things"),
    "outreach-actions": _whole("outreach-actions", "things"),
    "outreach-items": _whole("outreach-items", "things", of_nothing=None),
    "outreach-personalised": _whole("outreach-personalised", "things", of_nothing=None),
}
"""Indicator -> its numbers: one, or for a rate what is counted and what it is counted of, in that order."""
