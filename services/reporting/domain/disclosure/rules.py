"""Each figure by itself: threshold, partner subtraction, rounding, exact totals that stay (guide 4.1, 1 to 5)."""

from collections.abc import Callable
from typing import Final

from services.reporting.domain.disclosure.cells import HIDDEN, NOT_APPLICABLE, Cell, CellId, Shown, Status
from services.reporting.domain.figures import Figure, rate

THRESHOLD: Final = 10
"""Persons; a figure with fewer behind it is hidden, 0 as well as 9."""

STEP: Final = 5
"""What is shown of people is a multiple of this, to the nearest; a closed year's total moves by this or not at all."""

NO_FIGURE: Final = Figure(None)


def rounded(value: int) -> int:
    """To the nearest multiple of 5: 12 is 10, 13 is 15."""
    return (value + STEP // 2) // STEP * STEP


def too_few(cell: Cell) -> bool:
    """Contract rule 1: fewer than 10 persons behind it, nobody included."""
    return cell.persons < THRESHOLD


def can_be_subtracted(cell: Cell) -> bool:
    """Contract rule 1: a partner takes its own list away and is left with 1 to 9 persons of the others."""
    return any(0 < left < THRESHOLD for left in cell.others.values())


def hidden_by_itself(cell: Cell) -> bool:
    """Contract rule 1 without what other cells tell."""
    return too_few(cell) or can_be_subtracted(cell)


def by_itself(cell: Cell, earlier: Shown | None, exact: Callable[[CellId], bool]) -> Shown:
    """What is shown of a cell if no other cell told anything about it.

    A closed year's total that was published stays as it was until it moves by 5 or more, also when it sank below
    10 by less: to hide it then would tell just that.
    """
    if cell.value is None:
        return NOT_APPLICABLE
    if exact(cell.id) and earlier and earlier.status == "exact" and _barely_moved(cell.value, earlier):
        return earlier
    if cell.protection == "exempt":
        return Shown("exact", cell.value)
    if hidden_by_itself(cell):
        return HIDDEN
    return Shown("exact", cell.value) if exact(cell.id) else Shown("rounded", rounded(cell.value))


def _barely_moved(value: int, earlier: Shown) -> bool:
    return earlier.value is not None and abs(value - earlier.value) < STEP


def bounds_of(shown: Shown) -> tuple[int, int] | None:
    """The lowest and highest number that a reader of a shown value can think of; None where no value is shown."""
    if shown.value is None:
        return None
    if shown.status == "exact":
        return shown.value, shown.value
    return max(THRESHOLD, shown.value - STEP // 2), shown.value + STEP // 2


def published_rate(part: Shown, whole: Shown) -> tuple[Figure, Status]:
    """A rate from what is shown of its two sides alone, and its status; hidden where one side is."""
    if HIDDEN in (part, whole):
        return NO_FIGURE, "hidden"
    if part.value is None or not whole.value:
        return NO_FIGURE, "not-applicable"
    return rate(part.value, whole.value), "exact" if part.status == whole.status == "exact" else "rounded"
