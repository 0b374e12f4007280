"""The fact sheet of a year, live and exact, beside an earlier year (contract section 5)."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from services.reporting.domain.evaluation import Filters
from services.reporting.domain.fact_sheet import Line, Read, figures_of_year, lines
from services.reporting.domain.figures import Figure
from services.reporting.domain.indicators import INDICATORS
from services.reporting.domain.periods import Period, bucket
from services.reporting.domain.questions import Question
from services.reporting.domain.quotations import ExternalFigure
from services.reporting.store.external_figures import every_figure
from services.reporting.store.facts import FactsOfPeriod
from services.reporting.store.position import one_moment
from services.reporting.usecases.live_figures import live_table
from services.reporting.usecases.topics import congresses_of, topics_of


@dataclass(frozen=True, slots=True)
class FactSheet:
    """ "Resultaten tot nu toe" of a year; `mode` says where the figures come from."""

    year: int
    compare_to: int | None
    mode: str
    sequence: int
    lines: tuple[Line, ...]
    external_figures: tuple[ExternalFigure, ...]


def live_fact_sheet(connection: Connection, year: int, compare_to: int | None) -> FactSheet:
    """The sheet as it is now."""
    sequence = one_moment(connection)
    now = FactsOfPeriod(connection, _whole(year))
    then = FactsOfPeriod(connection, _whole(compare_to)) if compare_to else None
    topics = topics_of(connection, [now, then] if then else [now])
    current = figures_of_year(_reader(now), replace(topics, congresses=congresses_of(now)))
    earlier = figures_of_year(_reader(then), replace(topics, congresses=congresses_of(then))) if then else {}
    return FactSheet(
        year=year,
        compare_to=compare_to,
        mode="live",
        sequence=sequence,
        lines=tuple(lines(replace(topics, congresses=congresses_of(now)), current, earlier)),
        external_figures=tuple(every_figure(connection)),
    )


def _whole(year: int) -> Period:
    return bucket("year", date(year, 1, 1))


def _reader(facts: FactsOfPeriod) -> Read:
    def read(code: str, filters: Filters) -> Figure:
        return live_table(facts, Question(INDICATORS[code], facts.period, filters)).total

    return read
