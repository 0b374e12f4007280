"""Fact sheets as pages: live, published with hidden figures, alone, longest and empty."""

from collections.abc import Iterator
from datetime import UTC, datetime

from services.reporting.domain.fact_sheet import Line
from services.reporting.domain.figures import Figure, growth
from services.reporting.domain.indicators import INDICATORS, Text
from services.reporting.domain.publication.records import Publication, PublicationId
from services.reporting.domain.quotations import ExternalFigure
from services.reporting.pages.fact_sheet import FactSheetPage
from services.reporting.usecases.fact_sheet import FactSheet
from services.reporting.usecases.public_fact_sheet import PublishedFactSheet
from tests.http_double import Answer

LINE = ("Samen-koken-en-eten-in-het-wijkgebouw-" * 6)[:200]
HIDDEN, NOTHING = Figure(None, disclosure="hidden"), Figure(None)
QUOTED = (
    ExternalFigure(
        "matig", Text("Voelt zich matig eenzaam", "x"), 35, "percent", 2023, "GGD", "De Jong Gierveld, 6 vragen"
    ),
    ExternalFigure(
        "ernstig", Text("Voelt zich ernstig eenzaam", "x"), 9.5, "percent", 2023, "GGD", "De Jong Gierveld, 6 vragen"
    ),
)


def line(code: str, now: Figure, then: Figure = NOTHING, detail: str = "", goal: str | None = None) -> Line:
    """A line as the use case makes it; `code` may have a key after a colon, then `detail` names it."""
    indicator = INDICATORS[code.partition(":")[0]]
    label = Text(f"{indicator.label.nl}: {detail}", detail) if detail else indicator.label
    return Line(code, label, goal, now, then, growth(now.value, then.value), indicator.unit)


def rounded(value: int | float) -> Figure:
    return Figure(value, disclosure="rounded")


LIVE = (
    line("participants", Figure(530), Figure(311)),
    line("new-participants", Figure(343)),
    line("attendances", Figure(1204), Figure(1003)),
    line("no-show-rate", Figure(8.3), Figure(12.0)),
    line("visits", Figure(530), NOTHING),
    line("visits:avedan/groenedael", Figure(530), NOTHING, "Groenedael", "local-approach"),
    line("conversion:avedan/congres", Figure(25.0), NOTHING, "Congres EénSamen", "awareness"),
    line("volunteers", Figure(6), Figure(2)),
    line("outreach-actions", Figure(5), Figure(5)),
    line("outreach-actions:flowers", Figure(1), Figure(0), "bloemen", "awareness"),
    line("outreach-items", Figure(1000, "about"), Figure(700, "over")),
    line("outreach-items:cards", Figure(1000, "about"), Figure(712, "over"), "kaarten", "initiative"),
    line("outreach-personalised:cards", Figure(712, "over"), NOTHING, "kaarten", "initiative"),
)
PUBLISHED = (
    line("participants", rounded(520), Figure(311)),
    line("new-participants", HIDDEN, rounded(15)),
    line("no-show-rate", HIDDEN, HIDDEN),
    line("visits", rounded(45), NOTHING),
    line("visits:avedan/groenedael", HIDDEN, NOTHING, "Groenedael", "local-approach"),
    line("visits:avedan/trefpunt", rounded(45), NOTHING, "Het Trefpunt", "local-approach"),
    line("professionals:avedan/congres", rounded(105), NOTHING, "Congres EénSamen", "awareness"),
)


MONTHS = {
    "participants": tuple(Figure(value) for value in (40, 55, 0, 80, 61, 70, 44, 30, 66, 90, 90, 85)),
    "visits": (Figure(28), Figure(31), NOTHING, Figure(34)),
    "attendances": (Figure(5),),
}
"""A whole year, one with a month that nobody counted, and no more than a month."""


def sheet(lines: tuple[Line, ...], compare_to: int | None = 2023) -> FactSheet:
    """The live sheet of 2024, with figures of others."""
    return FactSheet(2024, compare_to, "live", 4128, lines, QUOTED)


def publication(year: int, *, held: bool = False) -> Publication:
    """The second one of a year, made on New Year's Day, in UTC still the day before."""
    return Publication(PublicationId(str(year), 2), datetime(year, 12, 31, 23, 30, tzinfo=UTC), True, held)


def published(
    lines: tuple[Line, ...], earlier: Publication | None = None, quoted: tuple[ExternalFigure, ...] = QUOTED
) -> PublishedFactSheet:
    """The sheet of 2024 beside 2023 for everybody."""
    return PublishedFactSheet(2024, 2023, publication(2024, held=True), earlier, lines, quoted)


def _sheets() -> Iterator[tuple[str, FactSheet | PublishedFactSheet]]:
    longest = [line(f"visits:a/{number}", Figure(10**6), Figure(10**5), LINE, "awareness") for number in range(15)]
    quoted = ExternalFigure("long", Text(LINE, "x"), 10**12, LINE[:64], 2023, LINE, LINE)
    yield "results-live", sheet(LIVE)
    yield "results-published", published(PUBLISHED, publication(2023))
    yield "results-published-alone", published(tuple(line(one.code, one.figure) for one in PUBLISHED))
    yield "results-alone", sheet(tuple(line(one.code, one.figure) for one in LIVE if ":" not in one.code), None)
    yield "results-longest", FactSheet(2024, 2023, "live", 10**9, tuple(longest), (quoted,))
    yield "results-empty", published((), quoted=())


def shown() -> dict[str, Answer]:
    """Name -> the page as it is served."""
    page = FactSheetPage()
    answers = {name: page.answer(one, MONTHS if name == "results-live" else None) for name, one in _sheets()}
    return {name: Answer(one.status_code, bytes(one.body), dict(one.headers)) for name, one in answers.items()}
