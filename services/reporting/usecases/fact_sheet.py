"""The fact sheet of a year, live and exact, beside an earlier year (contract section 5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from sqlalchemy import Connection

from services.reporting.domain.evaluation import Filters, evaluate
from services.reporting.domain.fact_sheet import (
    Line,
    Read,
    Topic,
    Topics,
    congresses,
    figures_of_year,
    lines,
    meeting_places,
    single_goal,
)
from services.reporting.domain.facts import Activity, Outreach
from services.reporting.domain.figures import Figure
from services.reporting.domain.indicators import INDICATORS, Text
from services.reporting.domain.periods import Period, bucket
from services.reporting.domain.quotations import ExternalFigure
from services.reporting.store.external_figures import every_figure
from services.reporting.store.facts import FactsOfPeriod
from services.reporting.store.position import one_moment
from services.reporting.store.titles import series_titles
from shared.events.code_lists import OUTREACH_KINDS


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
    topics = _topics(connection, [now, then] if then else [now])
    current = figures_of_year(_reader(now), replace(topics, congresses=_congresses(now)))
    earlier = figures_of_year(_reader(then), replace(topics, congresses=_congresses(then))) if then else {}
    return FactSheet(
        year=year,
        compare_to=compare_to,
        mode="live",
        sequence=sequence,
        lines=tuple(lines(replace(topics, congresses=_congresses(now)), current, earlier)),
        external_figures=tuple(every_figure(connection)),
    )


def _whole(year: int) -> Period:
    return bucket("year", date(year, 1, 1))


def _reader(facts: FactsOfPeriod) -> Read:
    def read(code: str, filters: Filters) -> Figure:
        indicator = INDICATORS[code]
        return evaluate(indicator, facts.of(indicator.subject.source), facts.period, filters, ()).total

    return read


def _congresses(facts: FactsOfPeriod) -> tuple[Topic, ...]:
    held = congresses(facts.of("activities"), facts.of("attendances"))
    return tuple(_titled("activity", ref, held[ref]) for ref in sorted(held))


def _titled(dimension: str, key: str, activity: Activity) -> Topic:
    return Topic(dimension, key, Text(activity.title, activity.title), activity.goal)


def _topics(connection: Connection, years: Sequence[FactsOfPeriod]) -> Topics:
    """What has lines of its own in one of the years; congresses are added per year."""
    places = meeting_places(chain.from_iterable(facts.of("activities") for facts in years))
    actions: list[Outreach] = [action for facts in years for action in facts.of("outreach")]
    series = sorted({action.series for action in actions if action.series})
    titles = series_titles(connection, series)
    return Topics(
        places=tuple(_titled("series", key, places[key]) for key in sorted(places)),
        kinds=tuple(_kinds(actions)),
        series=tuple(
            _of_actions("series", key, Text(titles.get(key, key), titles.get(key, key)), actions) for key in series
        ),
    )


def _kinds(actions: Sequence[Outreach]) -> Iterable[Topic]:
    used = {action.kind for action in actions}
    for code, (nl, en) in OUTREACH_KINDS.items():
        if code in used:
            yield _of_actions("kind", code, Text(nl.lower(), en.lower()), actions)


def _of_actions(dimension: str, key: str, label: Text, actions: Sequence[Outreach]) -> Topic:
    return Topic(
        dimension, key, label, single_goal([action for action in actions if key in (action.kind, action.series)])
    )
