"""A question that everybody may ask: a calendar period and at most one grouping, no filter (contract section 5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from services.reporting.domain.indicators import INDICATORS, AnyIndicator
from services.reporting.domain.periods import Period, calendar_period
from services.reporting.domain.questions import DIMENSIONS
from shared.errors import FieldFault, Refusal

PARAMETERS: Final = ("indicator", "period", "groupBy")
"""What is not here could be asked in so many ways that the answers together tell what one of them hides."""
_LIVE_ONLY: Final = ("from", "to", *DIMENSIONS)
_ALLOWED: Final = f"allowed: {', '.join(PARAMETERS)}"
_PERIODS: Final = "a calendar period: 2024, 2024-Q3, 2024-11"


@dataclass(frozen=True, slots=True)
class PublicQuestion:
    """One published table. `group_by` "": the total alone."""

    indicator: AnyIndicator
    period: Period
    group_by: str

    @property
    def year(self) -> str:
        """The year whose publications have the table."""
        return f"{self.period.first.year:04}"


def read_public_question(parameters: Sequence[tuple[str, str]]) -> PublicQuestion:
    """The question behind query parameters; Refusal `invalid` naming what is allowed, the same words at any time."""
    given = dict(parameters)
    faults = list(_foreign(parameters))
    indicator = INDICATORS.get(given.get("indicator", ""))
    if indicator is None:
        code = "unknown-value" if "indicator" in given else "missing"
        faults.append(FieldFault("indicator", code, f"name one of: {', '.join(INDICATORS)}"))
    period = _period(given.get("period"), faults)
    group_by = _group_by(given.get("groupBy", ""), indicator, faults)
    if faults or indicator is None or period is None:
        found = tuple(sorted(faults, key=lambda fault: fault.pointer))
        raise Refusal("invalid", f"{len(found)} fault(s) in the question", found)
    return PublicQuestion(indicator, period, group_by)


def _foreign(parameters: Sequence[tuple[str, str]]) -> Iterable[FieldFault]:
    names = [name for name, _ in parameters]
    for name in dict.fromkeys(names):
        if name in _LIVE_ONLY:
            yield FieldFault(name, "not-allowed", f"public figures have no filters and no dates of choice; {_ALLOWED}")
        elif name not in PARAMETERS:
            yield FieldFault(name, "unknown-parameter", f"unknown; {_ALLOWED}")
        elif names.count(name) > 1:
            yield FieldFault(name, "repeated", "give it once")


def _period(text: str | None, faults: list[FieldFault]) -> Period | None:
    if text is None:
        faults.append(FieldFault("period", "missing", f"give {_PERIODS}"))
        return None
    try:
        return calendar_period(text)
    except Refusal:
        faults.append(FieldFault("period", "malformed", _PERIODS))
        return None


def _group_by(text: str, indicator: AnyIndicator | None, faults: list[FieldFault]) -> str:
    names = tuple(dict.fromkeys(name for name in text.split(",") if name))
    allowed = indicator.group_by if indicator else DIMENSIONS
    if len(names) > 1:
        faults.append(FieldFault("groupBy", "too-many", f"at most one; allowed: {', '.join(allowed)}"))
    elif names and names[0] not in allowed:
        faults.append(FieldFault("groupBy", "unknown-value", f"not possible here; allowed: {', '.join(allowed)}"))
    return names[0] if names else ""
