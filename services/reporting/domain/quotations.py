"""Figures of others, quoted with their source and never recomputed."""

from dataclasses import dataclass

from services.reporting.domain.figures import Number
from services.reporting.domain.indicators import Text
from shared.errors import Refusal

LARGEST, DECIMALS = 10**12, 4
"""What is larger or finer is a typing error, and cannot be printed."""


@dataclass(frozen=True, slots=True)
class ExternalFigure:
    """Such as "35% matig eenzaam (2023, GGD Gezondheidsmonitor)"."""

    figure_id: str
    label: Text
    value: Number
    unit: str
    year: int
    source: str
    instrument: str


def quotable(value: Number) -> Number:
    """The value of a quoted figure as given; Refusal `invalid` when it is too large or has too many decimals."""
    if not -LARGEST <= value <= LARGEST or value != round(value, DECIMALS):
        raise Refusal("invalid", f"a number of -{LARGEST} to {LARGEST} with at most {DECIMALS} decimals")
    return value
