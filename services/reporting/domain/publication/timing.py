"""On which day the timer publishes."""

import calendar
from datetime import date, timedelta


def last_due(today: date, day: int) -> date:
    """The last day up to and including today on which the timer was due: that day of the month, 1 to 31.

    A month that is too short has its last day.
    """
    here = _in_month(today, day)
    return here if here <= today else _in_month(today.replace(day=1) - timedelta(days=1), day)


def _in_month(of: date, day: int) -> date:
    return of.replace(day=min(day, calendar.monthrange(of.year, of.month)[1]))
