"""Figures of others, quoted with their source and never recomputed."""

from dataclasses import dataclass

from services.reporting.domain.figures import Number
from services.reporting.domain.indicators import Text


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
