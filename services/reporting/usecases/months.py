"""How figures went through a year, month by month, live and exact."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from services.reporting.domain.figures import Figure
from services.reporting.domain.periods import bucket, buckets
from services.reporting.usecases.statistics import answer

MONTHLY: Mapping[str, Figure] = {"participants": Figure(0), "attendances": Figure(0), "visits": Figure(None)}
"""Indicator -> what a month without any fact has (contract section 5)."""
Months = Mapping[str, tuple[Figure, ...]]
"""Indicator -> its figures from January on, up to the last month that has a fact; empty without any."""


def months_of(connection: Connection, year: int) -> Months:
    """All of one moment; what comes after the last fact is not known to be nothing, so it is left out."""
    return {code: _months(connection, year, code, nothing) for code, nothing in MONTHLY.items()}


def _months(connection: Connection, year: int, code: str, nothing: Figure) -> tuple[Figure, ...]:
    question = {"indicator": code, "period": f"{year:04}", "groupBy": "month"}
    found = {str(value.keys["month"]): value.figure for value in answer(connection, question.items()).values}
    labels = [month.label for month in buckets("month", bucket("year", date(year, 1, 1)))]
    last = max((position for position, label in enumerate(labels, start=1) if label in found), default=0)
    return tuple(found.get(label, nothing) for label in labels[:last])
