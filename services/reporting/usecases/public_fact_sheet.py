"""The fact sheet for everybody: what the latest publications of two years say, and no more (contract section 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson
from sqlalchemy import Connection

from services.reporting.domain.evaluation import Filters
from services.reporting.domain.fact_sheet import Line, Read, Topic, Topics, figures_of_year, lines
from services.reporting.domain.figures import Figure
from services.reporting.domain.indicators import Text
from services.reporting.domain.publication.records import Publication
from services.reporting.domain.quotations import ExternalFigure
from services.reporting.store.external_figures import every_figure
from services.reporting.store.publications import latest, stored_sheet, stored_table
from services.reporting.usecases.public_statistics import NOT_PUBLISHED
from shared.errors import Refusal
from shared.events.code_lists import OUTREACH_KINDS

_NOTHING: Final[Mapping[str, Figure]] = {"outreach-actions": Figure(0), "volunteers": Figure(0)}
"""What a year has of a series that it does not know: no action, no volunteer. Of other figures it has none."""


@dataclass(frozen=True, slots=True)
class PublishedFactSheet:
    """ "Resultaten tot nu toe" of a year. `earlier` None: nothing is beside it, or nothing is published."""

    year: int
    compare_to: int | None
    publication: Publication
    earlier: Publication | None
    lines: tuple[Line, ...]
    external_figures: tuple[ExternalFigure, ...]

    @property
    def corrections_held(self) -> bool:
        """Is there a figure on it that stayed as it was published before (publications, rule 4)?"""
        return any(one.corrections_held for one in (self.publication, self.earlier) if one)


def published_fact_sheet(connection: Connection, year: int, compare_to: int | None) -> PublishedFactSheet:
    """The sheet for everybody; Refusal `not-found`, always the same, while nothing was published of the year."""
    publication = latest(connection, f"{year:04}")
    if publication is None:
        raise Refusal("not-found", NOT_PUBLISHED)
    earlier = latest(connection, f"{compare_to:04}") if compare_to else None
    now, then = _Told(connection, publication), _Told(connection, earlier) if earlier else None
    topics = _both(now.topics, then.topics) if then else now.topics
    previous = figures_of_year(then.read, replace(topics, congresses=then.topics.congresses)) if then else {}
    return PublishedFactSheet(
        year=year,
        compare_to=compare_to,
        publication=publication,
        earlier=earlier,
        lines=tuple(lines(topics, figures_of_year(now.read, topics), previous)),
        external_figures=tuple(every_figure(connection)),
    )


class _Told:
    """What one publication says of its year."""

    def __init__(self, connection: Connection, publication: Publication) -> None:
        self._connection, self._publication = connection, publication
        sheet = orjson.loads(stored_sheet(connection, publication.id))
        self._precisions: Mapping[str, str] = sheet["precisions"]
        self.topics = Topics(**{name: tuple(map(_topic, topics)) for name, topics in sheet["topics"].items()})
        self._tables: dict[tuple[str, str], Any] = {}

    @property
    def read(self) -> Read:
        """The figures of the year: a total, or one row of a table."""
        return self._figure

    def _figure(self, code: str, filters: Filters) -> Figure:
        by, key = next(((by, keys[0]) for by, keys in filters.items()), ("", ""))
        table = self._table(code, by)
        if not by:
            return self._as_figure(code, table["total"]) if table else Figure(None)
        rows = (row for row in (table or {"values": ()})["values"] if row["keys"][by] == key)
        row = next(rows, None)
        return self._as_figure(f"{code}:{key}", row) if row else _NOTHING.get(code, Figure(None))

    def _table(self, code: str, by: str) -> Any:
        if (code, by) not in self._tables:
            name = self._publication.id
            body = stored_table(self._connection, name, code, name.period, by)
            self._tables[code, by] = orjson.loads(body) if body else None
        return self._tables[code, by]

    def _as_figure(self, code: str, said: Mapping[str, Any]) -> Figure:
        as_counted = said["status"] in ("exact", "not-applicable")
        precision = self._precisions.get(code, "exact")
        return Figure(said["value"], precision, "" if as_counted else said["status"])


def _topic(said: Mapping[str, Any]) -> Topic:
    return Topic(said["dimension"], said["key"], Text(**said["label"]), said["goal"])


def _both(now: Topics, then: Topics) -> Topics:
    """What has lines in one of the years; a congress has them in its own alone."""
    kinds = {topic.key: topic for topic in _joined(now.kinds, then.kinds)}
    return Topics(
        places=_joined(now.places, then.places),
        congresses=now.congresses,
        kinds=tuple(kinds[code] for code in OUTREACH_KINDS if code in kinds),
        series=_joined(now.series, then.series),
    )


def _joined(now: Iterable[Topic], then: Iterable[Topic]) -> tuple[Topic, ...]:
    """By key. What it is called now counts; a goal that both years have is its goal."""
    before, after = ({topic.key: topic for topic in topics} for topics in (then, now))
    both = {
        key: replace(after[key], goal=after[key].goal if after[key].goal == before[key].goal else None)
        for key in after.keys() & before.keys()
    }
    found = {**before, **after, **both}
    return tuple(found[key] for key in sorted(found))
