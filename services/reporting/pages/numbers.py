"""Figures as Dutch writes and says them: 1.000 and 70,4; "ongeveer", "circa", "ruim", "meer dan"."""

from dataclasses import dataclass, replace
from decimal import Decimal

from services.reporting.domain.figures import Figure, Number

HIDDEN = "niet getoond, om mensen te beschermen"
NOT_MEASURED = "niet gemeten"
_WORDS = {"about": "circa", "over": "ruim", "more-than": "meer dan"}
_LEADING = {"about": 2, "over": 1, "more-than": 1}
"""How many leading digits a sentence keeps (reporting guide 7)."""


@dataclass(frozen=True, slots=True)
class Noun:
    """What is counted: one of it, several of it. Percentages have no noun."""

    one: str = ""
    several: str = ""

    def after(self, number: str) -> str:
        """A number with its noun."""
        if not self.several:
            return f"{number}%"
        return f"{number} {self.one if number == '1' else self.several}"


def dutch(value: Number) -> str:
    """All digits of a number, in groups of three, with a decimal comma."""
    return f"{Decimal(str(value)):,f}".translate(str.maketrans(",.", ".,"))


def amount(figure: Figure, noun: Noun) -> str:
    """A figure in words, with the number as the JSON has it."""
    if figure.value is None:
        return bare(figure)
    return f"{_precision(figure)}{noun.after(dutch(figure.value))}"


def short(figure: Figure, noun: Noun) -> str:
    """The same without the noun, where a heading has it; percentages keep their sign."""
    return bare(figure) if noun.several else amount(figure, noun)


def bare(figure: Figure) -> str:
    """The number alone, or why there is none."""
    if figure.value is None:
        return HIDDEN if figure.status == "hidden" else NOT_MEASURED
    return f"{_precision(figure)}{dutch(figure.value)}"


def told(figure: Figure, noun: Noun) -> str:
    """A figure in a sentence: no more digits than its precision bears."""
    return amount(_rough(figure), noun)


def _precision(figure: Figure) -> str:
    word = "ongeveer" if figure.status == "rounded" else _WORDS.get(figure.precision, "")
    return f"{word} " if word else ""


def _rough(figure: Figure) -> Figure:
    """`over` and `more-than` go down, as there are that many at least; `about` goes to the nearest."""
    if figure.precision not in _LEADING or not isinstance(figure.value, int):
        return figure
    step = 10 ** max(0, len(str(figure.value)) - _LEADING[figure.precision])
    half = step // 2 if figure.precision == "about" else 0
    return replace(figure, value=(figure.value + half) // step * step)
