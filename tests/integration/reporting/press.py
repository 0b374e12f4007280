"""Publishes in a test on whatever day it is told, and reads what was kept."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Engine

from services.reporting.domain.publication.records import Publication
from services.reporting.store.publications import stored_sheet, stored_tables
from services.reporting.usecases.publishing import Publisher
from shared.database import reading

Json = dict[str, Any]
OPEN, CLOSED = "2024-12-31", "2025-01-05"
"""The last day of 2024, and a day on which it has ended."""


def noon(day: str) -> datetime:
    """An instant of that day."""
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)


@dataclass(frozen=True)
class Issue:
    """One publication with its tables."""

    publication: Publication
    bodies: dict[tuple[str, str, str], bytes]
    sheet: Json

    def table(self, indicator: str, period: str = "2024", by: str = "") -> Json:
        """A table as JSON."""
        found: Json = orjson.loads(self.bodies[indicator, period, by])
        return found

    def total(self, indicator: str, period: str = "2024") -> Any:
        """The value of a total; the status where there is none."""
        return value_of(self.table(indicator, period)["total"])

    def rows(self, indicator: str, by: str, period: str = "2024") -> dict[str | None, Any]:
        """Key -> value, or status where there is none."""
        return {row["keys"][by]: value_of(row) for row in self.table(indicator, period, by)["values"]}


def value_of(figure: Json) -> Any:
    """A number, else why there is none."""
    return figure["status"] if figure["value"] is None else figure["value"]


@dataclass
class Press:
    """A publisher with a calendar."""

    engine: Engine
    today: str = CLOSED
    publisher: Publisher = field(init=False)

    def __post_init__(self) -> None:
        self.publisher = Publisher(self.engine, lambda: noon(self.today))

    def publish(self, year: int = 2024, on: str | None = None) -> Issue:
        """The next publication of a year."""
        self.today = on or self.today
        return self.read(self.publisher.publish(year))

    def read(self, publication: Publication) -> Issue:
        """As it is kept."""
        with reading(self.engine) as connection:
            tables = stored_tables(connection, publication.id)
            sheet = orjson.loads(stored_sheet(connection, publication.id))
        return Issue(publication, {(t.indicator, t.period, t.group_by): t.body for t in tables}, sheet)


def people(first: int, last: int) -> list[str]:
    """Persons by number."""
    return [f"pid-{number}" for number in range(first, last + 1)]
