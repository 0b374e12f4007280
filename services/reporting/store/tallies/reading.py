"""Tallies for a question: of months where these suffice, else of the activities of the period."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from pyroaring import BitMap
from sqlalchemy import Connection, Select, literal, or_, select, true
from sqlalchemy.sql import ColumnElement

from services.reporting.domain.evaluation import UNKNOWN
from services.reporting.domain.facts import Partner
from services.reporting.domain.indicators import Tallied
from services.reporting.domain.periods import UNITS
from services.reporting.domain.questions import Question
from services.reporting.domain.subjects import PARTNERS, Key
from services.reporting.domain.tallies.answering import Part, dimensions, months_suffice, passes
from services.reporting.domain.tallies.counting import OF_PERSONS
from services.reporting.domain.tally import Tally
from services.reporting.store.coalition import Partners
from services.reporting.store.tallies.rows import Kept, key_of, stored_key, sum_of, tally_of
from services.reporting.tables import ActivityTallyRow, AudienceTallyRow, MonthTallyRow
from shared.database import table_of

_month, _activity, _audience = table_of(MonthTallyRow), table_of(ActivityTallyRow), table_of(AudienceTallyRow)
_COLUMN: Final[Mapping[str, ColumnElement[Any]]] = {
    "kind": _activity.c.kind,
    "goal": _activity.c.goal,
    "partner": _activity.c.partner_id,
    "series": _activity.c.series,
    "place": _activity.c.neighbourhood,
    "activity": _activity.c.activity,
}
"""Dimension -> where an activity's tally has its key."""
_UNITS_OF_TIME: Final = frozenset(UNITS)
_ALL = ""
"""No dimension: everybody and everything."""


class Asked(NamedTuple):
    """A question, its indicator over tallies, and the coalition as it is known now."""

    question: Question
    tallied: Tallied
    partners: Partners

    def keys(self, dimension: str, key: Key) -> Mapping[str, Key]:
        """Keys as questions name them, from one under which tallies are kept."""
        if dimension == "partner":
            partner = self.partners.get(key or "") or Partner(key or "")
            return {name: of(partner) for name, of in PARTNERS.dimensions.items()}
        return {_named(dimension): key} if dimension else {}

    def values(self, dimension: str) -> Sequence[str] | None:
        """What the filter on a dimension lets pass; None: all."""
        return self.question.filters.get(_named(dimension))


class _Found(NamedTuple):
    """The tally of an activity, or of part of its persons."""

    activity: str
    day: date
    keys: Mapping[str, Key]
    tally: Kept


def parts(connection: Connection, asked: Asked) -> Iterator[Part[BitMap]]:
    """The tallies that a question is about: those that pass its filters. The facts behind them are not read."""
    found = _of_months if months_suffice(asked.question, asked.tallied) else _of_activities
    return (part for part in found(connection, asked) if passes(asked.question, part.day, part.keys))


def _named(dimension: str) -> str:
    return "neighbourhood" if dimension == "place" else dimension


def _of_months(connection: Connection, asked: Asked) -> Iterator[Part[BitMap]]:
    m, wanted, period = _month.c, asked.tallied.parts, asked.question.period
    (dimension,) = dimensions(asked.question, asked.tallied) or (_ALL,)
    within = m.month.between(period.first, period.last) & (m.dimension == dimension)
    statement = select(m.month, m.key, *(m[name] for name in wanted)).where(within, _stored_in(m.key, asked, dimension))
    for month, key, *values in connection.execute(statement):
        yield Part(month, asked.keys(dimension, key_of(key)), tally_of(wanted, values))


def _stored_in(column: ColumnElement[str], asked: Asked, dimension: str) -> ColumnElement[bool]:
    values = asked.values(dimension)
    if values is None:
        return true()
    return column.in_([*map(stored_key, values), *([stored_key(None)] if UNKNOWN in values else [])])


def _of_activities(connection: Connection, asked: Asked) -> Iterator[Part[BitMap]]:
    about = dimensions(asked.question, asked.tallied)
    of_persons = [dimension for dimension in OF_PERSONS if dimension in about]
    if len(of_persons) < len(OF_PERSONS):
        return _together(connection, asked, of_persons[0] if of_persons else _ALL)
    first, second = (_found(connection, asked, dimension) for dimension in of_persons)
    return (Part(one.day, one.keys, one.tally) for one in _in_both(first, second))


def _together(connection: Connection, asked: Asked, dimension: str) -> Iterator[Part[BitMap]]:
    """All activities with the same keys at once: there are thousands of them and few keys."""
    question, names = asked.question, _names(asked)
    by_day = not _UNITS_OF_TIME.isdisjoint((*question.group_by, *question.filters))
    start = 3 + len(names)
    rows: dict[tuple[Any, ...], list[Sequence[Any]]] = defaultdict(list)
    for row in connection.execute(_statement(asked, dimension, names)):
        rows[(row[1] if by_day else question.period.first, *row[2:start])].append(row[start:])
    for (day, *kept_under), values in rows.items():
        yield Part(day, _keys(asked, dimension, names, kept_under), sum_of(asked.tallied.parts, values))


def _found(connection: Connection, asked: Asked, dimension: str) -> Iterator[_Found]:
    """Tallies of activities, or of their parts by a dimension of persons, with the keys that the question is about."""
    names = _names(asked)
    start = 3 + len(names)
    seen: dict[tuple[Key, ...], Mapping[str, Key]] = {}
    for row in connection.execute(_statement(asked, dimension, names)).all():
        kept_under = row[2:start]
        if kept_under not in seen:
            seen[kept_under] = _keys(asked, dimension, names, kept_under)
        yield _Found(row[0], row[1], seen[kept_under], tally_of(asked.tallied.parts, row[start:]))


def _names(asked: Asked) -> Sequence[str]:
    """The dimensions of activities that the question is about."""
    return sorted(dimensions(asked.question, asked.tallied).intersection(_COLUMN))


def _keys(asked: Asked, dimension: str, names: Sequence[str], kept_under: Sequence[Any]) -> Mapping[str, Key]:
    pairs = zip((dimension, *names), (key_of(kept_under[0]), *kept_under[1:]), strict=True)
    return dict(item for pair in pairs for item in asked.keys(*pair).items())


def _statement(asked: Asked, dimension: str, names: Sequence[str]) -> Select[Any]:
    columns = [_COLUMN[name] for name in names]
    wanted, period = asked.tallied.parts, asked.question.period
    chosen = [_activity.c.day.between(period.first, period.last), *_filters(asked)]
    named = (_activity.c.activity, _activity.c.day)
    if dimension == _ALL:
        return select(*named, literal(""), *columns, *(_activity.c[name] for name in wanted)).where(*chosen)
    chosen += [_audience.c.dimension == dimension, _stored_in(_audience.c.key, asked, dimension)]
    statement = select(*named, _audience.c.key, *columns, *(_audience.c[name] for name in wanted))
    return statement.join(_audience, _audience.c.activity == _activity.c.activity).where(*chosen)


def _filters(asked: Asked) -> Iterator[ColumnElement[bool]]:
    """The filters on activities. What partners are, and time, is left to `passes`."""
    for dimension in dimensions(asked.question, asked.tallied).intersection(_COLUMN):
        column, values = _COLUMN[dimension], asked.values(dimension)
        if values is not None:
            yield or_(column.in_(values), *([column.is_(None)] if UNKNOWN in values else []))


def _in_both(some: Iterable[_Found], others: Iterable[_Found]) -> Iterator[_Found]:
    """Who is in a part of an activity by one dimension and in one by another: nobody is in two parts by the same."""
    by_activity: dict[str, list[_Found]] = {}
    for one in some:
        by_activity.setdefault(one.activity, []).append(one)
    for other in others:
        for one in by_activity.get(other.activity, ()):
            participants = one.tally.participants & other.tally.participants
            professionals = one.tally.professionals & other.tally.professionals
            yield other._replace(keys={**one.keys, **other.keys}, tally=Tally(participants, professionals))
