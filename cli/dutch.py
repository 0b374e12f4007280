"""Numbers as Dutch readers write them: a point for thousands, a decimal comma."""

from collections.abc import Mapping
from typing import Final

PRECISION: Final[Mapping[str, str]] = {"about": "circa ", "over": "ruim ", "more-than": "meer dan "}
"""The contract's precision in front of a figure; `exact` needs no word."""


def dutch_number(value: float, decimals: int = 0) -> str:
    """`1.000`, `8,2`: half up is the services' affair, this only writes."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def dutch_growth(percent: float | None) -> str:
    """`+70,4 %`; a dash where there is nothing to compare with."""
    if percent is None:
        return "–"
    sign = "+" if percent > 0 else "−" if percent < 0 else ""
    return f"{sign}{dutch_number(abs(percent), 1)} %"


def dutch_figure(value: float | None, unit: str, status: str = "exact", precision: str | None = None) -> str:
    """A figure with its unit's form and its precision in words; what may not be shown says so."""
    if status == "hidden":
        return "niet getoond"
    if value is None:
        return "–"
    if unit == "percent":
        return f"{dutch_number(value, 1)} %"
    return PRECISION.get(precision or "", "") + dutch_number(value)
