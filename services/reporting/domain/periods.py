"""The calendar: periods as they are asked for, and the months, quarters and years they fall apart in."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shared.errors import Refusal

UNITS = ("month", "quarter", "year")
"""Names of the time dimensions, finest first."""

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""What lies outside is a typing error; the bound keeps a question over all time small."""

_CALENDAR = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included; none when `last` lies before `first`."""

    label: str
    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Does the day lie in it?"""
        return self.first <= day <= self.last

    def clipped(self, other: "Period") -> "Period":
        """The days of both, under this period's label."""
        return Period(self.label, max(self.first, other.first), min(self.last, other.last))


def calendar_period(text: str) -> Period:
    """`2024`, `2024-Q3` or `2024-11` (contract section 5); anything else is a Refusal `invalid`."""
    match = _CALENDAR.fullmatch(text)
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise Refusal("invalid", f"YYYY, YYYY-Qn or YYYY-MM in digits 0-9, of {FIRST_YEAR} to {LAST_YEAR}: 2024-Q3")
    year, quarter, month = int(match[1]), match[2], match[3]
    if quarter:
        return bucket("quarter", date(year, 3 * int(quarter), 1))
    return bucket("month", date(year, int(month), 1)) if month else bucket("year", date(year, 1, 1))


def calendar_day(text: str) -> date:
    """`2024-11-30`; anything else, other ways to write a date of ISO 8601 too, is a Refusal `invalid`."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refusal("invalid", f"YYYY-MM-DD in digits 0-9, a date of {FIRST_YEAR} to {LAST_YEAR}: 2024-11-30")
    return day


def in_whole_months(period: Period) -> bool:
    """Does it begin with the first day of a month and end with the last of one?"""
    return period.first.day == 1 and (period.last + timedelta(days=1)).day == 1


def bucket(unit: str, day: date) -> Period:
    """The month, quarter or year in which a day falls; its label is the key in answers."""
    year, quarter = day.year, (day.month + 2) // 3
    if unit == "month":
        return _months(f"{year:04}-{day.month:02}", year, day.month, day.month)
    if unit == "quarter":
        return _months(f"{year:04}-Q{quarter}", year, 3 * quarter - 2, 3 * quarter)
    return _months(f"{year:04}", year, 1, 12)


def _months(label: str, year: int, first: int, last: int) -> Period:
    return Period(label, date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))


def buckets(unit: str, period: Period) -> Iterator[Period]:
    """The months, quarters or years of a period in order; the outer ones end where the period ends."""
    day = period.first
    while day <= period.last:
        whole = bucket(unit, day)
        yield whole.clipped(period)
        day = whole.last + timedelta(days=1)
