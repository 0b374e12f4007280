"""A real database of reporting that takes stories in through the inbox, and is asked for figures."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from pyroaring import BitMap
from sqlalchemy import Engine, Row, delete, select

from services.reporting.domain.tally import SETS
from services.reporting.schemas.fact_sheets import FactSheetModel
from services.reporting.schemas.statistics import StatisticsAnswer
from services.reporting.tables import metadata
from services.reporting.usecases.apply_events import apply
from services.reporting.usecases.fact_sheet import live_fact_sheet
from services.reporting.usecases.statistics import answer
from shared.clock import utc_now
from shared.database import reading, transaction
from shared.events.envelope import StreamEvent, cloud_event, write_event
from shared.messaging.cloud_event_format import Entry
from shared.messaging.inbox import Inbox
from tests.integration.reporting.story import Story

CONSUMER_TABLES = {"inbox", "position", "delivery_attempt", "dead_letter", "access_key"}


class Ledger:
    """Reporting without its HTTP."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._inbox = Inbox(engine, apply, utc_now)

    def hear(self, story: Story) -> "Ledger":
        """Take in the whole story, in log order, in one batch."""
        return self.take(story.events)

    def take(self, events: Sequence[StreamEvent]) -> "Ledger":
        """Take in a batch as the stream brings it; none may fail."""
        entries = [entry_of(event) for event in events]
        assert len(self._inbox.process(entries).acknowledge) == len(entries)
        assert self.rows("dead_letter") == []
        return self

    def ask(self, indicator: str, period: str = "2024", **parameters: str) -> StatisticsAnswer:
        """The answer as it goes over the wire."""
        return self.asked(indicator, period=period, **parameters)

    def asked(self, indicator: str, **parameters: str) -> StatisticsAnswer:
        """The same with every parameter given, for dates instead of a period."""
        given = {"indicator": indicator, **parameters}
        with reading(self.engine) as connection:
            return StatisticsAnswer.of(answer(connection, given.items()))

    def total(self, indicator: str, period: str = "2024", **parameters: str) -> float | None:
        """The total alone."""
        return self.ask(indicator, period, **parameters).total.value

    def by(self, indicator: str, group_by: str, period: str = "2024", **parameters: str) -> dict[str | None, Any]:
        """Key -> value, in the order of the answer."""
        found = self.ask(indicator, period, groupBy=group_by, **parameters)
        return {row.keys[group_by]: row.value for row in found.values}

    def sheet(self, year: int, compare_to: int | None = None) -> dict[str, dict[str, Any]]:
        """Line code -> line as JSON."""
        with reading(self.engine) as connection:
            sheet = FactSheetModel.of(live_fact_sheet(connection, year, compare_to))
        return {line["code"]: line for line in sheet.model_dump(mode="json", by_alias=True)["lines"]}

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        """What a table holds, in a fixed order."""
        with reading(self.engine) as connection:
            return sorted(map(tuple, connection.execute(select(metadata.tables[table])).all()), key=repr)

    def state(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that reporting knows, without the consumer's own memory; persons by pid: numbers depend on the road."""
        names = {row.number: row.pid for row in self._found("person")}
        return {
            name: sorted((_named(row, names) for row in self._found(name)), key=repr)
            for name in metadata.tables
            if name not in CONSUMER_TABLES
        }

    def _found(self, table: str) -> Sequence[Row[Any]]:
        with reading(self.engine) as connection:
            return connection.execute(select(metadata.tables[table])).all()

    def forget_everything(self) -> None:
        """Empty tables, as on the first day."""
        with transaction(self.engine) as connection:
            for table in metadata.tables.values():
                connection.execute(delete(table))


def _named(row: Row[Any], names: Mapping[int, str]) -> tuple[Any, ...]:
    """Numbers replaced by who they stand for; a number that stands for nobody is an error."""
    return tuple(
        sorted(names[number] for number in (BitMap.deserialize(value) if value else ()))
        if column in SETS
        else names[value]
        if column == "number"
        else value
        for column, value in row._mapping.items()
    )


def entry_of(event: StreamEvent) -> Entry:
    """An event as the stream brings it."""
    whole = cloud_event(event.id, event.subject, event.type, event.time, event.data, {})
    body = write_event(orjson.loads(orjson.dumps(whole)), event.sequence, on_stream=True)
    return Entry(f"{event.sequence}-0", body)
