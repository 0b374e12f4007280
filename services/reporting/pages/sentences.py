"""The finding of a line as a sentence: what it was, what it is, and how much more that is."""

from dataclasses import dataclass

from services.reporting.domain.fact_sheet import Line
from services.reporting.domain.figures import Figure
from services.reporting.pages.numbers import HIDDEN, Noun, dutch, told


@dataclass(frozen=True, slots=True)
class Years:
    """The year of a fact sheet and the one beside it."""

    year: int
    compare_to: int | None


def finding(line: Line, years: Years, noun: Noun) -> str:
    """One or two sentences; a percentage only where both numbers bear it."""
    now, then = line.figure, line.earlier
    if years.compare_to is None:
        return _alone(now, years.year, noun)
    if now.status == then.status == "hidden":
        return f"De cijfers van {years.compare_to} en {years.year} zijn {HIDDEN}."
    if now.value is None or then.value is None:
        return f"{_alone(now, years.year, noun)} {_alone(then, years.compare_to, noun)}"
    if now == then:
        return f"In {years.year} even veel als in {years.compare_to}: {told(now, noun)}."
    path = f"an {told(then, noun)} in {years.compare_to} naar {told(now, noun)} in {years.year}."
    change = _change(line) if noun.several and _counted(now) and _counted(then) else ""
    return f"{change}: v{path}" if change else f"V{path}"


def difference(line: Line) -> str:
    """Growth as the JSON has it, in words; a dash would be skipped by who listens."""
    if line.growth is None:
        return "niet te zeggen"
    if line.growth == 0:
        return "even veel" if line.figure.value == line.previous else "bijna even veel"
    return f"{dutch(abs(line.growth))}% {'meer' if line.growth > 0 else 'minder'}"


def _alone(figure: Figure, year: int, noun: Noun) -> str:
    if figure.value is not None:
        return f"In {year}: {told(figure, noun)}."
    if figure.status == "hidden":
        return f"Het cijfer van {year} is {HIDDEN}."
    return f"In {year} is dit niet gemeten."


def _counted(figure: Figure) -> bool:
    """Not an estimate of whoever gave the number; what we rounded ourselves was counted."""
    return figure.precision == "exact"


def _change(line: Line) -> str:
    """`70,4% meer`; empty where there is no percentage. Between rounded numbers no decimal is true."""
    if line.growth is None or line.growth == 0:
        return ""
    rounded = "rounded" in (line.figure.status, line.earlier.status)
    size = f"Ongeveer {round(abs(line.growth))}" if rounded else dutch(abs(line.growth))
    return f"{size}% {'meer' if line.growth > 0 else 'minder'}"
