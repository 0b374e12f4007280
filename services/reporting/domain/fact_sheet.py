"""The lines of "Resultaten tot nu toe": reach and capacity of a year beside an earlier one, never effect."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.reporting.domain.evaluation import Filters
from services.reporting.domain.facts import Activity, Attendance
from services.reporting.domain.figures import Figure, Number, growth
from services.reporting.domain.indicators import INDICATORS, Text

Read = Callable[[str, Filters], Figure]
"""Indicator code and filters -> the figure of one year."""

PER_ACTIVITY_ONLY = frozenset({"conversion"})
"""Means nothing over all activities together, so it has no line of its own."""

_DETAILS: Mapping[str, tuple[str, ...]] = {
    "visits": ("places",),
    "volunteers": ("places",),
    "professionals": ("congresses",),
    "conversion": ("congresses",),
    "outreach-actions": ("kinds", "series"),
    "outreach-items": ("kinds",),
    "outreach-personalised": ("kinds",),
}


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that gets lines of its own: a meeting place, a congress, a kind or series of outreach."""

    dimension: str
    key: str
    label: Text
    goal: str | None


@dataclass(frozen=True, slots=True)
class Topics:
    """Everything with lines of its own; a congress has figures only in the year in which it was held."""

    places: tuple[Topic, ...] = ()
    congresses: tuple[Topic, ...] = ()
    kinds: tuple[Topic, ...] = ()
    series: tuple[Topic, ...] = ()

    def of(self, indicator: str) -> Iterator[Topic]:
        """The topics of an indicator."""
        for group in _DETAILS.get(indicator, ()):
            yield from getattr(self, group)


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `previous` and `growth` are null where there is nothing to compare with."""

    code: str
    label: Text
    goal: str | None
    figure: Figure
    earlier: Figure
    growth: float | None
    unit: str

    @property
    def previous(self) -> Number | None:
        """The number of the earlier year, if there is one."""
        return self.earlier.value


def figures_of_year(read: Read, topics: Topics) -> dict[str, Figure]:
    """Line code -> figure."""
    figures: dict[str, Figure] = {}
    for code in INDICATORS:
        if code not in PER_ACTIVITY_ONLY:
            figures[code] = read(code, {})
        for topic in topics.of(code):
            figures[f"{code}:{topic.key}"] = read(code, {topic.dimension: (topic.key,)})
    return figures


def lines(topics: Topics, figures: Mapping[str, Figure], previous: Mapping[str, Figure]) -> Iterator[Line]:
    """Every line that has a figure in one of the two years, in the order of the registry."""
    for indicator in INDICATORS.values():
        own = () if indicator.code in PER_ACTIVITY_ONLY else ((indicator.code, indicator.label, None),)
        details = (
            (f"{indicator.code}:{topic.key}", _joined(indicator.label, topic.label), topic.goal)
            for topic in topics.of(indicator.code)
        )
        for code, label, goal in (*own, *details):
            now, then = figures[code], previous.get(code, Figure(None))
            if {now.status, then.status} != {"not-applicable"}:
                yield Line(code, label, goal, now, then, growth(now.value, then.value), indicator.unit)


def _joined(label: Text, detail: Text) -> Text:
    return Text(f"{label.nl}: {detail.nl}", f"{label.en}: {detail.en}")


def meeting_places(activities: Iterable[Activity]) -> dict[str, Activity]:
    """Series with openings of a meeting place -> the latest opening, which lends its title and goal."""
    openings = (activity for activity in activities if activity.kind == "meeting-place" and activity.series)
    in_order = sorted(openings, key=lambda activity: (activity.day, activity.ref))
    return {activity.series: activity for activity in in_order if activity.series}


def congresses(activities: Iterable[Activity], attendances: Iterable[Attendance]) -> dict[str, Activity]:
    """Congresses that were held: not cancelled, or somebody was there all the same."""
    held = {activity.ref: activity for activity in activities if activity.kind == "congress" and not activity.cancelled}
    came = (fact.activity for fact in attendances if fact.outcome == "present" and fact.activity.kind == "congress")
    return held | {activity.ref: activity for activity in came}


class _Aimed(Protocol):
    @property
    def goal(self) -> str: ...


def single_goal(facts: Sequence[_Aimed]) -> str | None:
    """The goal that all share, if they do."""
    goals = {fact.goal for fact in facts}
    return goals.pop() if len(goals) == 1 else None
