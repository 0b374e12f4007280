"""What an indicator is: a code, words, the facts it keeps, and one pure function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from services.reporting.domain.figures import Figure
from services.reporting.domain.periods import UNITS, Period
from services.reporting.domain.subjects import Subject
from services.reporting.domain.tally import Tally

Fact = TypeVar("Fact")

ACTIVITY_EVENTS = ("activity-scheduled", "activity-changed", "activity-cancelled", "partner-joined", "partner-left")
"""What moves every figure that is counted at activities."""


@dataclass(frozen=True, slots=True)
class Text:
    """The same in Dutch (B1) and English."""

    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Tallied:
    """An indicator over what facts add up to: the same figure without reading them (decision 0031).

    `parts` are the members of a tally that it reads; where all are empty there is no data, and no key. `figure` also
    gets a way to the persons whose first presence ever lies in the cell's period. `of_place`: its neighbourhood is
    the activity's, not the persons'.
    """

    parts: tuple[str, ...]
    figure: Callable[[Tally[Any], Callable[[], Any]], Figure]
    of_place: bool = False


@dataclass(frozen=True, slots=True)
class Indicator(Generic[Fact]):
    """One entry of the registry; live answers, publications, the fact sheet and the documentation all read it.

    `keep` says which facts are data for it: a key appears where there is one. `measure` counts kept facts of a cell;
    it also gets the cell's own period, because a first visit is new in one month only. `tallied` does the same over
    tallies, for what is counted at activities.
    """

    code: str
    unit: str
    label: Text
    definition: Text
    events: tuple[str, ...]
    subject: Subject[Fact]
    keep: Callable[[Fact], bool]
    measure: Callable[[Sequence[Fact], Period], Figure]
    only_by: tuple[str, ...] | None = None
    tallied: Tallied | None = None

    @property
    def group_by(self) -> tuple[str, ...]:
        """The groupings that mean something for this indicator."""
        return self.only_by if self.only_by is not None else self.subject.names

    @property
    def filters(self) -> tuple[str, ...]:
        """What can be filtered on; a stock belongs to one day, so months do not select from it."""
        return tuple(name for name in self.subject.names if not (self.subject.stock and name in UNITS))
