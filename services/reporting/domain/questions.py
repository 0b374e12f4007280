"""A question for a figure: its parameters read strictly, with every fault named at once."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from services.reporting.domain.evaluation import UNKNOWN, Filters
from services.reporting.domain.indicators import INDICATORS, AnyIndicator
from services.reporting.domain.periods import UNITS, Period, bucket, calendar_day, calendar_period
from shared.errors import FieldFault, Refusal

DIMENSIONS: Final = (
    *UNITS,
    "kind",
    "goal",
    "partner",
    "partnerKind",
    "municipality",
    "neighbourhood",
    "ageBand",
    "series",
    "activity",
)
"""Every groupBy and filter of contract section 5."""

MOST_GROUPINGS = 2
_REFERENCE = re.compile(r"[A-Za-z0-9._-]{1,64}/[A-Za-z0-9._-]{1,64}")
_BY_REFERENCE = ("series", "activity")
_MAY_BE_UNKNOWN = ("partnerKind", "municipality", "ageBand")
_OWN = ("indicator", "period", "from", "to", "groupBy")

Codes = Mapping[str, Iterable[str]]
"""Dimension -> the values that exist, for dimensions whose values can be listed."""


@dataclass(frozen=True, slots=True)
class Question:
    """One indicator in one period."""

    indicator: AnyIndicator
    period: Period
    filters: Filters = field(default_factory=dict)
    group_by: tuple[str, ...] = ()


class _Reading:
    """The parameters while they are read; faults pile up so that all are told."""

    def __init__(self, parameters: Iterable[tuple[str, str]]) -> None:
        self.faults: list[FieldFault] = []
        self.given: dict[str, str] = {}
        for name, value in parameters:
            if name in self.given:
                self.fault(name, "repeated", "given more than once; join several values with a comma")
            self.given[name] = value

    def fault(self, pointer: str, code: str, detail: str) -> None:
        self.faults.append(FieldFault(pointer, code, detail))

    def values(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for value in self.given.get(name, "").split(",") if value))


def read_question(parameters: Iterable[tuple[str, str]], codes_of: Callable[[AnyIndicator], Codes]) -> Question:
    """The question behind query parameters; Refusal `invalid` naming what is allowed.

    `codes_of` lists the values that an indicator's filters may have.
    """
    reading = _Reading(parameters)
    for name in reading.given.keys() - {*_OWN, *DIMENSIONS}:
        reading.fault(name, "unknown-parameter", f"unknown; allowed: {', '.join((*_OWN, *DIMENSIONS))}")
    indicator = _indicator(reading)
    period = _period(reading)
    group_by = _group_by(reading, indicator)
    filters = _filters(reading, indicator, codes_of)
    if reading.faults or indicator is None or period is None:
        faults = tuple(sorted(reading.faults, key=lambda fault: fault.pointer))
        raise Refusal("invalid", f"{len(faults)} fault(s) in the question", faults)
    return Question(indicator, period, filters, group_by)


def _indicator(reading: _Reading) -> AnyIndicator | None:
    found = INDICATORS.get(reading.given.get("indicator", ""))
    if found is None:
        code = "unknown-value" if "indicator" in reading.given else "missing"
        reading.fault("indicator", code, f"name one of: {', '.join(INDICATORS)}")
    return found


def _period(reading: _Reading) -> Period | None:
    given = reading.given
    if "period" in given:
        for name in ("from", "to"):
            if name in given:
                reading.fault(name, "not-allowed", "give either period, or from and to")
        try:
            return calendar_period(given["period"])
        except Refusal as refusal:
            reading.fault("period", "malformed", refusal.detail)
            return None
    if "from" not in given and "to" not in given:
        reading.fault("period", "missing", "give period (2024, 2024-Q3, 2024-11), or from and to")
        return None
    return _from_to(reading)


def _from_to(reading: _Reading) -> Period | None:
    first, last = _day(reading, "from"), _day(reading, "to")
    if first is None or last is None:
        return None
    if last < first:
        reading.fault("to", "before-from", "to is the last day and lies before from")
        return None
    return Period(f"{first.isoformat()}/{last.isoformat()}", first, last)


def _day(reading: _Reading, name: str) -> date | None:
    try:
        return calendar_day(reading.given.get(name, ""))
    except Refusal as refusal:
        reading.fault(name, "malformed" if name in reading.given else "missing", refusal.detail)
        return None


def _group_by(reading: _Reading, indicator: AnyIndicator | None) -> tuple[str, ...]:
    allowed = indicator.group_by if indicator else DIMENSIONS
    names = reading.values("groupBy")
    for name in names:
        if name not in allowed:
            reading.fault("groupBy", "unknown-value", f"not possible here; allowed: {', '.join(allowed)}")
            break
    if len(names) > MOST_GROUPINGS:
        reading.fault("groupBy", "too-many", f"at most {MOST_GROUPINGS}")
    return names


def _filters(
    reading: _Reading, indicator: AnyIndicator | None, codes_of: Callable[[AnyIndicator], Codes]
) -> dict[str, tuple[str, ...]]:
    allowed = indicator.filters if indicator else DIMENSIONS
    codes = codes_of(indicator) if indicator else {}
    filters = {}
    for name in DIMENSIONS:
        if name not in reading.given:
            continue
        filters[name] = reading.values(name)
        if name not in allowed:
            reading.fault(name, "not-allowed", f"no filter of this indicator; allowed: {', '.join(allowed)}")
        elif problem := _fault_in(name, filters[name], codes):
            reading.fault(name, "unknown-value", problem)
    return filters


def _fault_in(name: str, values: Sequence[str], codes: Codes) -> str | None:
    """What is wrong with the values of a filter, if anything."""
    if not values:
        return "give at least one value"
    if name in UNITS:
        return None if all(_is_unit(name, value) for value in values) else f"every value is a {name}, as in its keys"
    if name in _BY_REFERENCE:
        named = all(_REFERENCE.fullmatch(value) or value == UNKNOWN for value in values)
        return None if named else "every value is partnerId/id"
    if name in codes:
        listed = [*codes[name], *((UNKNOWN,) if name in _MAY_BE_UNKNOWN else ())]
        return None if set(values) <= set(listed) else f"allowed: {', '.join(listed)}"
    return None


def _is_unit(name: str, value: str) -> bool:
    try:
        period = calendar_period(value)
    except Refusal:
        return False
    return bucket(name, period.first) == period
