"""A year as a line, month by month, with its finding and its table."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.reporting.domain.figures import Figure
from services.reporting.pages.charts import WIDTH
from services.reporting.pages.numbers import Noun, amount, bare

NAMES = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
_TOP, _FOOT, _SIDE = 24, 124, 8
"""Where the highest number and nothing stand, and how far from the sides, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A month that was counted."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Course:
    """`lines` join months that follow one another; a month that nobody counted is a gap, not a zero."""

    name: str
    title: str
    sentence: str
    described: str
    peak: str
    dots: tuple[Dot, ...]
    lines: tuple[str, ...]
    letters: tuple[tuple[float, str], ...]
    rows: tuple[tuple[str, str], ...]


def course(name: str, label: str, year: int, figures: Sequence[Figure], noun: Noun) -> Course | None:
    """Of the figures from January on; None before the second month, as one month is no course."""
    values = [(month, figure.value) for month, figure in enumerate(figures) if figure.value is not None]
    if len(values) < 2:
        return None
    month, peak = max(values, key=lambda found: (found[1], -found[0]))
    dots = {at: Dot(_across(at), round(_FOOT - (_FOOT - _TOP) * value / (peak or 1), 1)) for at, value in values}
    rows = tuple((name_of, bare(figure)) for name_of, figure in zip(NAMES, figures, strict=False))
    return Course(
        name=f"{name}-months",
        title=f"{label} in {year}, per maand",
        sentence=f"De meeste waren er in {NAMES[month]} {year}: {amount(Figure(peak), noun)}.",
        described=", ".join(f"{name_of}: {text}" for name_of, text in rows) + ".",
        peak=f"{NAMES[month]}: {bare(Figure(peak))}",
        dots=tuple(dots.values()),
        lines=tuple(_lines(dots)),
        letters=tuple((_across(at), name_of[0].upper()) for at, name_of in enumerate(NAMES)),
        rows=rows,
    )


def _across(month: int) -> float:
    return round(_SIDE + month * (WIDTH - 2 * _SIDE) / (len(NAMES) - 1), 1)


def _lines(dots: dict[int, Dot]) -> list[str]:
    pairs = [(dots[at], dots[at + 1]) for at in dots if at + 1 in dots]
    return [f"{one.x},{one.y} {other.x},{other.y}" for one, other in pairs]
