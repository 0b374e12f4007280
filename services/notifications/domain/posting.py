"""When a letter has to be posted: in working days, from Monday to Friday, back from the day it must be there."""

from datetime import date, datetime, timedelta

from services.notifications.domain.policy import Policy
from services.notifications.domain.times import AMSTERDAM

_SATURDAY = 5


def working_days_after(day: date, number: int) -> date:
    """The day so many working days later; a letter of the weekend is posted on Monday."""
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    for _ in range(number):
        day += timedelta(days=1)
        while day.weekday() >= _SATURDAY:
            day += timedelta(days=1)
    return day


def is_there_in_time(posted: date, start: datetime, policy: Policy) -> bool:
    """A letter posted on this day is there at the latest on the day before the start."""
    return working_days_after(posted, policy.posting) < start.astimezone(AMSTERDAM).date()


def moments_to_post(today: date, policy: Policy) -> date:
    """Reminders with a moment up to this day, it included, stand on the letters from today on."""
    return working_days_after(today, policy.posting + policy.letters_ahead)
