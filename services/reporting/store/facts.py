"""Loading the facts of a period: what happened at activities. Facts of an activity not seen yet stay out."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, and_, exists, func, select, true, tuple_
from sqlalchemy.sql import ColumnElement

from services.reporting.domain.facts import Activity, Attendance, HeadCount, Joining, Partner, Signup
from services.reporting.domain.periods import Period
from services.reporting.store.coalition import COALITION_LOADERS, ever_a_member, partners
from services.reporting.tables import ActivityRow, AttendanceRow, HeadCountRow, MemberRow, SignupRow
from shared.database import table_of

_activity, _signup, _attendance = table_of(ActivityRow), table_of(SignupRow), table_of(AttendanceRow)
_head_count, _member = table_of(HeadCountRow), table_of(MemberRow)
_later = _attendance.alias()
_same = and_(*(_later.c[name] == _attendance.c[name] for name in ("activity", "pid", "role")))
_newer = tuple_(_later.c.version, _later.c.held) > tuple_(_attendance.c.version, _attendance.c.held)
newest_attendance: Final = ~exists().where(_same, _newer).correlate(_attendance)
"""The condition on attendances: of states that are still held apart only the newest counts."""


@dataclass(frozen=True)
class Facts(ABC):
    """What is known of some activities, each source loaded at most once in this transaction."""

    connection: Connection

    @property
    @abstractmethod
    def chosen(self) -> ColumnElement[bool]:
        """The condition on activities."""

    def of(self, source: str) -> Sequence[Any]:
        """The facts of a source as `Subject.source` names it."""
        if source not in self._loaded:
            self._loaded[source] = self._load(source)
        return self._loaded[source]

    def _load(self, source: str) -> Sequence[Any]:
        return _LOADERS[source](self)

    @cached_property
    def _loaded(self) -> dict[str, Sequence[Any]]:
        return {}

    @cached_property
    def partners(self) -> Mapping[str, Partner]:
        """Every organisation that is known, by id."""
        return partners(self.connection)

    @cached_property
    def activities(self) -> Mapping[str, Activity]:
        """The activities, by reference; those not seen yet are left out."""
        statement = select(_activity).where(self.chosen)
        return {row["ref"]: _to_activity(row, self.partners) for row in self.connection.execute(statement).mappings()}


@dataclass(frozen=True)
class FactsOfPeriod(Facts):
    """The facts that count in a period; with `kind` only what belongs to activities of that kind."""

    period: Period
    kind: str | None = None

    @property
    def chosen(self) -> ColumnElement[bool]:
        """Activities that start in the period."""
        of_kind = true() if self.kind is None else _activity.c.kind == self.kind
        return _activity.c.day.between(self.period.first, self.period.last) & of_kind

    def of_kind(self, kind: str) -> "FactsOfPeriod":
        """Those of activities of one kind, loaded apart."""
        return replace(self, kind=kind)

    def _load(self, source: str) -> Sequence[Any]:
        if source in COALITION_LOADERS:
            return COALITION_LOADERS[source](self.connection, self.period, self.partners)
        return super()._load(source)


@dataclass(frozen=True)
class FactsOfActivities(Facts):
    """The facts of activities by their references."""

    refs: tuple[str, ...]

    @property
    def chosen(self) -> ColumnElement[bool]:
        """These, as far as they have been seen."""
        return _activity.c.ref.in_(self.refs)


def _to_activity(row: RowMapping, known: Mapping[str, Partner]) -> Activity:
    partner_id = row["partner_id"]
    return Activity(
        ref=row["ref"],
        partner=known.get(partner_id) or Partner(partner_id),
        day=row["day"],
        kind=row["kind"],
        goal=row["goal"],
        title=row["title"],
        series=row["series"],
        neighbourhood=row["neighbourhood"],
        capacity=row["capacity"],
        cancelled=row["cancelled"],
    )


def _activities(facts: Facts) -> list[Activity]:
    return list(facts.activities.values())


def _attendances(facts: Facts) -> list[Attendance]:
    a = _attendance.c
    columns = (a.activity, a.pid, a.role, a.outcome, a.party_size, a.age_band, a.neighbourhood)
    statement = select(*columns).join(_activity, _activity.c.ref == a.activity).where(facts.chosen, newest_attendance)
    activities = facts.activities
    return [Attendance(activities[ref], *rest) for ref, *rest in facts.connection.execute(statement).all()]


def _first_attendances(facts: Facts) -> list[Attendance]:
    first = _first_days(facts)
    return [replace(fact, first_day=first.get(fact.pid)) for fact in facts.of("attendances")]


def _first_days(facts: Facts) -> dict[str, date]:
    """First presence as participant over all history, for the persons of the period."""
    a = _attendance.c
    present = and_(a.role == "participant", a.outcome == "present", newest_attendance)
    joined = _attendance.join(_activity, _activity.c.ref == a.activity)
    persons = select(a.pid).select_from(joined).where(present, facts.chosen)
    statement = (
        select(a.pid, func.min(_activity.c.day)).select_from(joined).where(present, a.pid.in_(persons)).group_by(a.pid)
    )
    return {pid: day for pid, day in facts.connection.execute(statement)}  # noqa: C416  -- rows are no pairs for mypy


def _signups(facts: Facts) -> list[Signup]:
    """Sign-ups with what was recorded for that person, there and in that role."""
    s, a = _signup.c, _attendance.c
    recorded = and_(a.activity == s.activity, a.pid == s.pid, a.role == s.role, newest_attendance)
    columns = (s.activity, s.role, s.status, s.pid, s.party_size, s.age_band, s.neighbourhood, a.outcome)
    joined = _signup.join(_activity, _activity.c.ref == s.activity).outerjoin(_attendance, recorded)
    statement = select(*columns).select_from(joined).where(facts.chosen)
    activities = facts.activities
    return [Signup(activities[ref], *rest) for ref, *rest in facts.connection.execute(statement).all()]


def _head_counts(facts: Facts) -> list[HeadCount]:
    h = _head_count.c
    statement = select(h.activity, h.value).join(_activity, _activity.c.ref == h.activity).where(facts.chosen)
    activities = facts.activities
    return [HeadCount(activities[ref], value) for ref, value in facts.connection.execute(statement).all()]


def _joinings(facts: Facts) -> list[Joining]:
    via = _member.c.via_activity
    statement = select(via).join(_activity, _activity.c.ref == via).where(facts.chosen, ever_a_member)
    return [Joining(facts.activities[ref]) for ref in facts.connection.execute(statement).scalars()]


def _conversions(facts: Facts) -> list[Attendance | Joining]:
    return [*facts.of("attendances"), *facts.of("joinings")]


_LOADERS: Final[Mapping[str, Callable[[Facts], Sequence[Any]]]] = {
    "activities": _activities,
    "attendances": _attendances,
    "first-attendances": _first_attendances,
    "signups": _signups,
    "head-counts": _head_counts,
    "joinings": _joinings,
    "conversions": _conversions,
}
