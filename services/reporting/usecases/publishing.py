"""Publishing a year: read one moment, decide what may be seen, ask the auditor, keep it (contract section 5)."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, Engine

from services.reporting.domain.disclosure.audit import Finding
from services.reporting.domain.disclosure.cells import Cell, CellId, Shown
from services.reporting.domain.disclosure.complementary import remember
from services.reporting.domain.fact_sheet import Topics
from services.reporting.domain.periods import UNITS, Period, bucket
from services.reporting.domain.publication.counting import cells_of
from services.reporting.domain.publication.parts import PARTS
from services.reporting.domain.publication.records import Contents, Publication, PublicationId
from services.reporting.domain.publication.showing import decide_what_is_shown, is_total
from services.reporting.store.facts import FactsOfPeriod
from services.reporting.store.position import one_moment
from services.reporting.store.publications import (
    add,
    latest,
    latest_sheets,
    stored_sides,
    stored_tables,
)
from services.reporting.store.titles import series_titles
from services.reporting.usecases.code_lists import Names, partner_names
from services.reporting.usecases.published_rows import PublishedRows
from services.reporting.usecases.published_sheet import neighbourhoods_in, sheet_of
from services.reporting.usecases.published_tables import shown_of, sides_of, tables_of
from services.reporting.usecases.topics import congresses_of, topics_of
from shared.clock import Clock, local_date
from shared.database import reading, transaction
from shared.errors import FieldFault, Refusal

_SOURCES: Final = tuple(dict.fromkeys(parts[0].indicator.subject.source for parts in PARTS.values()))
_HAPPENED: Final = ("activities", "outreach")
"""Sources without which nothing happened in a year."""
_TRIES: Final = 3
_NAMED: Final = 20
"""So many findings are named in a refusal; the audit names all."""
_ONE_FIGURE_BY: Final = UNITS
"""Tables by these repeat figures of other tables."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A publication that is decided and not kept yet."""

    id: PublicationId
    contents: Contents

    def publication(self, created_at: datetime) -> Publication:
        """As it is kept."""
        return Publication(self.id, created_at, self.contents.closed, self.contents.corrections_held)


@dataclass(frozen=True, slots=True)
class Material:
    """All that a publication is made of, as it was at one moment."""

    year: Period
    facts: FactsOfPeriod
    rows: PublishedRows
    names: Names
    topics: Topics
    before: Publication | None
    earlier: Mapping[CellId, Shown]


class Publisher:
    """Makes publications, one after another in this process. Holds no lock of the database while it counts."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._one_at_a_time = threading.Lock()

    def publish(self, year: int) -> Publication:
        """Make the next publication of a year and keep it; Refusal `invalid` where it has not begun or tells too much.

        Whoever finds that another process kept one meanwhile reckons anew, with that one too.
        """
        with self.alone():
            whole, now = bucket("year", date(year, 1, 1)), self._clock()
            _refuse_future(whole, now)
            for _ in range(_TRIES):
                draft = self.draft(whole, now)
                with transaction(self._engine) as connection:
                    if keep(connection, draft, now):
                        return draft.publication(now)
        raise Refusal("lock-timeout", "others publish this year at the same time; try again")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Whoever keeps several publications at once holds up the others of this process."""
        with self._one_at_a_time:
            yield

    def draft(self, year: Period, now: datetime) -> Draft:
        """What the next publication of a year would say, of one moment of the facts."""
        with reading(self._engine) as connection:
            material = gather(connection, year)
        contents = decide(material, closed=year.last < local_date(now))
        number = material.before.id.number + 1 if material.before else 1
        return Draft(PublicationId(year.label, number), contents)


def keep(connection: Connection, draft: Draft, now: datetime) -> bool:
    """False, and nothing is kept, where another publication got that number meanwhile."""
    return add(connection, draft.id, draft.contents, now)


def _refuse_future(year: Period, now: datetime) -> None:
    if year.first > local_date(now):
        fault = FieldFault("/period", "not-begun", f"{year.label} has not begun; there is nothing to publish")
        raise Refusal("invalid", fault.detail, (fault,))


def gather(connection: Connection, year: Period) -> Material:
    """Read everything that is needed; the connection is not needed any more afterwards."""
    one_moment(connection)
    facts = FactsOfPeriod(connection, year)
    for source in _SOURCES:
        facts.of(source)
    rows = PublishedRows(facts.of, facts.partners, neighbourhoods_in(latest_sheets(connection)))
    names: Names = {
        "partner": partner_names(rows.partners),
        "series": series_titles(connection, rows.series),
        "activity": rows.titles(),
    }
    topics = replace(topics_of(connection, [facts]), congresses=congresses_of(facts))
    before = latest(connection, year.label)
    earlier = _told(connection, before.id) if before else {}
    return Material(year, facts, rows, names, topics, before, earlier)


def _told(connection: Connection, last: PublicationId) -> Mapping[CellId, Shown]:
    """What all publications of a year up to this one told, as a reader remembers it."""
    earlier: Mapping[CellId, Shown] = {}
    for number in range(1, last.number + 1):
        earlier = remember(earlier, shown_in(connection, last._replace(number=number)))
    return earlier


def shown_in(connection: Connection, publication: PublicationId) -> Mapping[CellId, Shown]:
    """What one publication showed, hidden figures included."""
    return shown_of(
        stored_tables(connection, publication, without=_ONE_FIGURE_BY), stored_sides(connection, publication)
    )


def decide(material: Material, *, closed: bool) -> Contents:
    """What may be seen. The same facts and earlier publications give the same bytes; Refusal if the auditor objects."""
    year, rows = material.year, material.rows
    cells = cells_of(year, material.facts.of, rows)
    decided = decide_what_is_shown(cells, material.earlier, year.label, rows.nests(), closed=closed)
    _refuse(decided.findings)
    shown = decided.shown
    held = closed and any(is_total(name, year.label) and _held(cell, shown[name]) for name, cell in cells.items())
    tables = tuple(tables_of(year, shown, rows, material.names))
    sheet = sheet_of(year, material.facts.of, material.topics, rows.neighbourhoods)
    empty = not any(material.facts.of(source) for source in _HAPPENED)
    return Contents(closed, held, tables, sheet, sides_of(shown), empty)


def _held(cell: Cell, shown: Shown) -> bool:
    return shown.status == "exact" and shown.value != cell.value


def _refuse(findings: Sequence[Finding]) -> None:
    if findings:
        places = dict.fromkeys(in_words(finding.cell) for finding in findings)
        faults = tuple(FieldFault("/period", "disclosure", place) for place in list(places)[:_NAMED])
        raise Refusal("invalid", f"the auditor refuses: {len(places)} hidden figure(s) could be calculated", faults)


def in_words(cell: CellId) -> str:
    """A cell by its name, never its value: `participants 2024-Q3 by kind: bingo`."""
    place = f"{cell.indicator} {cell.period}"
    return f"{place} by {cell.by}: {'onbekend' if cell.key is None else cell.key}" if cell.by else place
