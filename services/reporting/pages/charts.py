"""Bars as SVG on the server: where each stands, how long it is, and what is written at it."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.reporting.domain.figures import Figure
from services.reporting.pages.numbers import Noun, short

WIDTH = 300
"""Units across; on the narrowest phone a unit is about a CSS pixel, so letters keep their size."""
_LINE, _BAR, _GAP, _CHARACTERS = 19, 16, 8, 36
MOST_GROUPS = 12
"""More would be a wall; the table has them all."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure. `text`: what stands above it. Measures in units of the drawing."""

    text: str
    kind: str
    y: int
    width: float


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of text above the bars of a group."""

    text: str
    y: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing for who sees, and `described` for who listens."""

    name: str
    title: str
    described: str
    height: int
    headings: tuple[Heading, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that stand together: label -> figure, the one of this year last."""

    label: str
    figures: Sequence[tuple[str, Figure]]


def bars(name: str, title: str, groups: Sequence[Group], noun: Noun) -> Chart | None:
    """A chart of the first groups; None where there is at most one bar, which compares nothing."""
    shown = groups[:MOST_GROUPS]
    if sum(_drawn(figure) for group in shown for _, figure in group.figures) < 2:
        return None
    scale = WIDTH / max([1.0 if noun.several else 100.0, *_values(shown)])
    headings: list[Heading] = []
    drawn: list[Bar] = []
    y = 0
    for group in shown:
        for text in _wrapped(group.label) if len(shown) > 1 else []:
            y += _LINE
            headings.append(Heading(text, y))
        for position, (label, figure) in enumerate(group.figures, start=1):
            y += _LINE
            kind = "now" if position == len(group.figures) else "then"
            drawn.append(_bar(label, figure, kind, y, scale, noun))
            y += _GAP + (_BAR if _drawn(figure) else 0)
        y += _GAP
    return Chart(name, title, _described(shown, noun), y, tuple(headings), tuple(drawn))


def _bar(label: str, figure: Figure, kind: str, y: int, scale: float, noun: Noun) -> Bar:
    """A hidden one is as long as the drawing and hatched: it says nothing about the number, and is not 0."""
    if figure.status == "hidden":
        return Bar(f"{label}: niet getoond", "hidden", y, WIDTH)
    length = 0.0 if figure.value is None else round(max(0.0, figure.value * scale), 1)
    return Bar(f"{label}: {short(figure, noun)}", kind, y, length)


def _drawn(figure: Figure) -> bool:
    return figure.status != "not-applicable"


def _values(groups: Sequence[Group]) -> Iterator[float]:
    return (float(figure.value) for group in groups for _, figure in group.figures if figure.value is not None)


def _wrapped(label: str) -> list[str]:
    return textwrap.wrap(label, _CHARACTERS, max_lines=2, placeholder=" …")


def _described(groups: Sequence[Group], noun: Noun) -> str:
    lines = (
        f"{group.label}: " + ", ".join(f"{label}: {short(figure, noun)}" for label, figure in group.figures)
        for group in groups
    )
    return "; ".join(lines) + "."
