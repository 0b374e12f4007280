"""Dutch time by the law alone, without a time zone database: what the code is measured against."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

MINUTE = timedelta(minutes=1)


def last_sunday(year: int, month: int) -> date:
    """Of March or October."""
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


@cache
def changes(year: int) -> tuple[datetime, datetime]:
    """Summer time begins and ends: the last Sunday of March and of October, both at 01:00 UTC."""
    march, october = (datetime.combine(last_sunday(year, month), time(1), UTC) for month in (3, 10))
    return march, october


def ahead(instant: datetime) -> timedelta:
    """How far Dutch clocks are ahead of UTC."""
    begins, ends = changes(instant.year)
    return timedelta(hours=2 if begins <= instant < ends else 1)


def clock(instant: datetime) -> datetime:
    """What Dutch clocks show, without a zone."""
    return (instant + ahead(instant)).replace(tzinfo=None)


def instants_of(wall: datetime) -> list[datetime]:
    """Every instant at which Dutch clocks show this; none in the gap, two in the overlap; earliest first."""
    tries = [(wall - timedelta(hours=hours)).replace(tzinfo=UTC) for hours in (2, 1)]
    return [instant for instant in tries if clock(instant) == wall]


def instant_of(wall: datetime) -> datetime:
    """The first such instant; where the clock jumps over it, an hour later on the clock."""
    return (instants_of(wall) or instants_of(wall + timedelta(hours=1)))[0]


def day_before(start: datetime) -> datetime:
    """The same wall time the day before."""
    return instant_of(clock(start) - timedelta(days=1))


def after_quiet(moment: datetime, start: datetime) -> datetime:
    """When a message for this moment goes, with quiet hours from 21:00 to 08:00 (contract section 6)."""
    shown = clock(moment)
    if time(8) <= shown.time() < time(21):
        return moment
    evening = shown.date() if shown.time() >= time(21) else shown.date() - timedelta(days=1)
    ends = instant_of(datetime.combine(evening + timedelta(days=1), time(8)))
    if start - ends >= timedelta(hours=2):
        return ends
    return instant_of(datetime.combine(evening, time(21))) - timedelta(minutes=30)
