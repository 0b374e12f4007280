"""A figure with its precision and status; rates and growth with the contract's rounding."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

Number = int | float

PRECISIONS = ("exact", "more-than", "over", "about")
"""Strongest first: a sum is as weak as its weakest part (reporting guide 2.3)."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or null where nothing was measured, a denominator is 0, or a publication hides it.

    `disclosure`: `rounded` or `hidden` where a publication shows it so; empty: as it was counted.
    """

    value: Number | None
    precision: str = "exact"
    disclosure: str = ""

    @property
    def status(self) -> str:
        """`exact`, `rounded`, `hidden` or `not-applicable` (contract section 5)."""
        return self.disclosure or ("not-applicable" if self.value is None else "exact")


def rate(part: int, whole: int) -> Figure:
    """A percentage with one decimal, half up, in whole numbers so that no float decides a half."""
    if whole == 0:
        return Figure(None)
    tenths = (2000 * part + whole) // (2 * whole)
    return Figure(tenths / 10)


def growth(value: Number | None, previous: Number | None) -> float | None:
    """Percent from the two printed numbers, one decimal, half away from zero; null without a number or from 0."""
    if value is None or not previous:
        return None
    now, then = Decimal(str(value)), Decimal(str(previous))
    return float(((now - then) / then * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)) + 0.0


def weakest(precisions: Iterable[str]) -> str:
    """The precision of a sum."""
    return max(precisions, key=PRECISIONS.index, default="exact")
