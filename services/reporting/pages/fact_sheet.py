"""The page "Resultaten tot nu toe": every line of a fact sheet in words, as a chart and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import HTMLResponse

from services.reporting.domain.fact_sheet import Line
from services.reporting.domain.figures import Figure
from services.reporting.domain.indicators import INDICATORS, AnyIndicator
from services.reporting.domain.quotations import ExternalFigure
from services.reporting.pages.charts import Chart, Group, bars
from services.reporting.pages.months import NAMES, Course, course
from services.reporting.pages.numbers import Noun, dutch, short
from services.reporting.pages.sentences import Years, difference, finding
from services.reporting.pages.words import IN_SHORT, SECTIONS, WORDS, Words
from services.reporting.schemas.publications import HELD
from services.reporting.templates import environment, own_text
from services.reporting.usecases.fact_sheet import FactSheet
from services.reporting.usecases.months import Months
from services.reporting.usecases.public_fact_sheet import PublishedFactSheet
from shared.clock import local_date
from shared.events.code_lists import GOALS
from shared.http.pages import Pages

_TEMPLATE = "fact_sheet.html"
_TOTAL = "Totaal"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table, with its sentence. `cells`: the figures by year, then the difference."""

    code: str
    label: str
    goal: str | None
    sentence: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """An indicator with its lines: in words, as a chart, as a table, and what to know about it."""

    code: str
    label: str
    definition: str
    period: str
    words: Words
    rows: tuple[Row, ...]
    chart: Chart | None
    months: Course | None


@dataclass(frozen=True, slots=True)
class Quotation:
    """A figure of others, as its source gives it."""

    figure: ExternalFigure
    amount: str


class FactSheetPage:
    """The page for a browser; shows what the JSON shows and nothing more."""

    def __init__(self) -> None:
        self._pages = Pages(environment(), own_text("page.css"))

    def answer(self, sheet: FactSheet | PublishedFactSheet, months: Months | None = None) -> HTMLResponse:
        """The page as an answer; `months`: what went through the year month by month, for the coalition alone."""
        return self._pages.answer(_TEMPLATE, **_content(sheet, months or {}))

    def example(self) -> str:
        """A page for the documentation."""
        line = Line("participants", INDICATORS["participants"].label, None, Figure(530), Figure(311), 70.4, "people")
        return self._pages.html(_TEMPLATE, **_content(FactSheet(2024, 2023, "live", 4128, (line,), ()), {}))


def _content(sheet: FactSheet | PublishedFactSheet, months: Months) -> dict[str, Any]:
    published = sheet if isinstance(sheet, PublishedFactSheet) else None
    nothing_beside = published is not None and published.earlier is None
    years = Years(sheet.year, None if nothing_beside else sheet.compare_to)
    topics = {code: _topic(INDICATORS[code], sheet, years, months.get(code, ())) for code in INDICATORS}
    sections = {title: [topics[code] for code in codes if topics[code].rows] for title, codes in SECTIONS.items()}
    return {
        "years": years,
        "not_published": sheet.compare_to if nothing_beside else None,
        "sequence": None if isinstance(sheet, PublishedFactSheet) else dutch(sheet.sequence),
        "publications": _publications(published) if published else [],
        "held": HELD.nl if published and published.corrections_held else None,
        "columns": [str(year) for year in _columns(years)],
        "in_short": [topic for topic in (topics[code] for code in IN_SHORT) if topic.rows and _is_total(topic.rows[0])],
        "sections": {title: found for title, found in sections.items() if found},
        "quotations": [Quotation(one, _quoted(one)) for one in sheet.external_figures],
    }


def _publications(sheet: PublishedFactSheet) -> list[str]:
    """`publicatie 2024.3 van 1 februari 2025`, the one of the year itself first."""
    made = [(one.id, local_date(one.created_at)) for one in (sheet.publication, sheet.earlier) if one]
    return [f"publicatie {name} van {day.day} {NAMES[day.month - 1]} {day.year}" for name, day in made]


def _topic(
    indicator: AnyIndicator, sheet: FactSheet | PublishedFactSheet, years: Years, months: Sequence[Figure]
) -> Topic:
    found = [line for line in sheet.lines if line.code.partition(":")[0] == indicator.code]
    words = WORDS[indicator.code]
    rows = tuple(_row(line, indicator, years, words.noun) for line in found)
    return Topic(
        code=indicator.code,
        label=indicator.label.nl,
        definition=indicator.definition.nl,
        period=_period(indicator, years),
        words=words,
        rows=rows,
        chart=_chart(indicator, found, rows, years),
        months=course(indicator.code, indicator.label.nl, years.year, months, words.noun),
    )


def _row(line: Line, indicator: AnyIndicator, years: Years, noun: Noun) -> Row:
    figures = [short(figure, noun) for _, figure in _by_year(line, years)]
    return Row(
        code=line.code,
        label=line.label.nl.removeprefix(f"{indicator.label.nl}: ") if ":" in line.code else _TOTAL,
        goal=GOALS[line.goal][0] if line.goal else None,
        sentence=finding(line, years, noun),
        cells=(*figures, difference(line)) if years.compare_to else tuple(figures),
    )


def _is_total(row: Row) -> bool:
    return ":" not in row.code


def _by_year(line: Line, years: Years) -> list[tuple[str, Figure]]:
    figures = [(str(years.year), line.figure)]
    return [(str(years.compare_to), line.earlier), *figures] if years.compare_to else figures


def _columns(years: Years) -> list[int]:
    return [years.compare_to, years.year] if years.compare_to else [years.year]


def _chart(indicator: AnyIndicator, found: Sequence[Line], rows: Sequence[Row], years: Years) -> Chart | None:
    groups = [Group(row.label, _by_year(line, years)) for line, row in zip(found, rows, strict=True)]
    title = f"{indicator.label.nl} in {' en '.join(map(str, _columns(years)))}"
    return bars(indicator.code, title, groups, WORDS[indicator.code].noun)


def _period(indicator: AnyIndicator, years: Years) -> str:
    days = "op 31 december" if indicator.subject.stock else "van 1 januari tot en met 31 december"
    return f"{days}, in {' en in '.join(map(str, _columns(years)))}"


def _quoted(figure: ExternalFigure) -> str:
    number = dutch(figure.value)
    return f"{number}%" if figure.unit in ("percent", "%") else f"{number} {figure.unit}"
