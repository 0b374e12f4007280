"""Tallies for a question: of months where these suffice, else of the activities of the period."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from pyroaring import BitMap
from sqlalchemy import Connection, Select, literal, select, true
from sqlalchemy.sql import ColumnElement

from services.reporting.domain.evaluation import UNKNOWN
from services.reporting.domain.facts import Partner
from services.reporting.domain.indicators import Tallied
from services.reporting.domain.questions import Question
from services.reporting.domain.subjects import PARTNERS, Key
from services.reporting.domain.tallies.answering import Part, dimensions, months_suffice, passes
from services.reporting.domain.tallies.counting import OF_PERSONS, Properties
from services.reporting.domain.tally import Tally
from services.reporting.store.coalition import Partners
from services.reporting.store.tallies.rows import Kept, key_of, stored_key, tally_of
from services.reporting.tables import ActivityTallyRow, AudienceTallyRow, MonthTallyRow
from shared.database import table_of

_month, _activity, _audience = table_of(MonthTallyRow), table_of(ActivityTallyRow), table_of(AudienceTallyRow)
_PROPERTIES: Final = tuple(_activity.c[name] for name in Properties._fields)
_ALL = ""
"""No dimension of persons: the whole of an activity."""


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
        if dimension == "place":
            return {"neighbourhood": key} if self.tallied.of_place else {}
        return {dimension: key}

    def filtered(self, dimension: str, column: ColumnElement[str]) -> ColumnElement[bool]:
        """The condition that the filter on a dimension puts on its stored keys."""
        values = self.question.filters.get(dimension)
        if values is None:
            return true()
        return column.in_([*map(stored_key, values), *([stored_key(None)] if UNKNOWN in values else [])])


class _Found(NamedTuple):
    """The tally of an activity, or of part of its persons."""

    properties: Properties
    keys: Mapping[str, Key]
    tally: Kept


def parts(connection: Connection, asked: Asked) -> Iterator[Part[BitMap]]:
    """The tallies that a question is about: those that pass its filters. The facts behind them are not read."""
    found = _of_months if months_suffice(asked.question, asked.tallied) else _of_activities
    return (part for part in found(connection, asked) if passes(asked.question, part.day, part.keys))


def _of_months(connection: Connection, asked: Asked) -> Iterator[Part[BitMap]]:
    m, wanted, period = _month.c, asked.tallied.parts, asked.question.period
    (dimension,) = dimensions(asked.question, asked.tallied) or (_ALL,)
    chosen = m.month.between(period.first, period.last) & (m.dimension == dimension) & asked.filtered(dimension, m.key)
    for month, key, *values in connection.execute(select(m.month, m.key, *(m[name] for name in wanted)).where(chosen)):
        yield Part(month, asked.keys(dimension, key_of(key)), tally_of(wanted, values))


def _of_activities(connection: Connection, asked: Asked) -> Iterator[Part[BitMap]]:
    about = dimensions(asked.question, asked.tallied)
    first, *others = [dimension for dimension in OF_PERSONS if dimension in about] or [_ALL]
    found = _found(connection, asked, first)
    for dimension in others:
        found = _in_both(found, _found(connection, asked, dimension))
    for properties, of_persons, tally in found:
        keys: dict[str, Key] = {"activity": properties.activity}
        for dimension, key in properties.keys().items():
            keys.update(asked.keys(dimension, key))
        yield Part(properties.day, {**keys, **of_persons}, tally)


def _found(connection: Connection, asked: Asked, dimension: str) -> Iterator[_Found]:
    for row in connection.execute(_statement(asked, dimension)):
        properties, key, values = Properties(*row[:7]), row[7], row[8:]
        keys = {dimension: key_of(key)} if dimension else {}
        yield _Found(properties, keys, tally_of(asked.tallied.parts, values))


def _statement(asked: Asked, dimension: str) -> Select[Any]:
    period, activities = asked.question.period, asked.question.filters.get("activity")
    named = true() if activities is None else _activity.c.activity.in_(activities)
    chosen = _activity.c.day.between(period.first, period.last) & named
    if not dimension:
        return select(*_PROPERTIES, literal(_ALL), *(_activity.c[name] for name in asked.tallied.parts)).where(chosen)
    columns = (*_PROPERTIES, _audience.c.key, *(_audience.c[name] for name in asked.tallied.parts))
    mine = (_audience.c.dimension == dimension) & asked.filtered(dimension, _audience.c.key)
    return select(*columns).join(_audience, _audience.c.activity == _activity.c.activity).where(chosen, mine)


def _in_both(some: Iterable[_Found], others: Iterable[_Found]) -> Iterator[_Found]:
    """Who is in a part of an activity by one dimension and in one by another: nobody is in two parts by the same."""
    by_activity: dict[str, list[_Found]] = {}
    for one in some:
        by_activity.setdefault(one.properties.activity, []).append(one)
    for other in others:
        for one in by_activity.get(other.properties.activity, ()):
            participants = one.tally.participants & other.tally.participants
            professionals = one.tally.professionals & other.tally.professionals
            yield _Found(other.properties, {**one.keys, **other.keys}, Tally(participants, professionals))
