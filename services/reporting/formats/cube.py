"""The one representation of an answer: figures by keys, with labels and statuses, and a total of its own."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from services.reporting.domain.evaluation import UNKNOWN

Number = int | float

TIME: Final = ("month", "quarter", "year")
PLACES: Final = ("municipality", "neighbourhood")
TOTAL: Final = "Totaal"

DIMENSION_LABELS: Final[Mapping[str, str]] = {
    "month": "Maand",
    "quarter": "Kwartaal",
    "year": "Jaar",
    "kind": "Soort",
    "goal": "Doel",
    "partner": "Partner",
    "partnerKind": "Soort partner",
    "municipality": "Gemeente",
    "neighbourhood": "Wijk",
    "ageBand": "Leeftijd",
    "series": "Reeks",
    "activity": "Activiteit",
}
STATUS_WORDS: Final[Mapping[str, str]] = {
    "exact": "precies",
    "rounded": "afgerond",
    "hidden": "niet getoond, om mensen te beschermen",
    "not-applicable": "niet van toepassing",
}
"""Every status of contract section 5, in words that a screen reader does not skip."""


@dataclass(frozen=True, slots=True)
class Point:
    """A figure as printed. `value` is None unless there is one; never a stand-in such as 0 or "<10"."""

    value: Number | None
    status: str

    def __post_init__(self) -> None:
        if self.status not in STATUS_WORDS or (self.value is None) == (self.status in ("exact", "rounded")):
            raise ValueError(f"no figure has {'no' if self.value is None else 'a'} value and status {self.status}")


@dataclass(frozen=True, slots=True)
class Axis:
    """A grouping: its keys (None: unknown) with their labels, in the order of tables."""

    name: str
    labels: Mapping[str | None, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its keys in the order of the axes, and the figure."""

    keys: tuple[str | None, ...]
    point: Point


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a period, both included; `label` is how it was asked for."""

    label: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Cube:
    """One indicator in one period. Rows are in the order of the answer; the total is none of them, nor their sum.

    `title` names the indicator in Dutch. `about` holds further members of the answer by their name on the wire, such as
    `filters` and `asOf`; a public answer has none that moves between publications.
    """

    indicator: str
    title: str
    unit: str
    period: Span
    total: Point
    axes: tuple[Axis, ...] = ()
    lines: Sequence[Line] = ()
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def group_by(self) -> tuple[str, ...]:
        """The names of the axes."""
        return tuple(axis.name for axis in self.axes)

    def labels(self, line: Line) -> tuple[str, ...]:
        """The words for the keys of a row."""
        return tuple(axis.labels[key] for axis, key in zip(self.axes, line.keys, strict=True))


def stand_in(keys: Container[str | None]) -> str:
    """What a null key is called where a form can only name texts: the word of filters, or longer if a key is that."""
    word = UNKNOWN
    while word in keys:
        word += "*"
    return word
