"""Wall clock and calendar of Amsterdam: when a reminder is due, and until when quiet hours hold a message."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ENOUGH_AFTER_QUIET = timedelta(hours=2)
"""A held message goes when quiet hours end if the start is then this far away (contract section 6)."""
BEFORE_QUIET = timedelta(minutes=30)
"""Else it goes this long before they began."""
_OFFSET = re.compile(r"P(?:(?P<days>[1-9]\d{0,2})D|T(?=\d)(?:(?P<hours>\d{1,3})H)?(?:(?P<minutes>\d{1,4})M)?)")
_HOURS = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Offset:
    """How long before the start: whole days are the same wall time on an earlier day, the rest is elapsed time."""

    text: str
    days: int
    elapsed: timedelta

    @property
    def latest(self) -> timedelta:
        """Not after this long before the start: 2 hours for days, half an hour for hours (contract section 6).

        One of half an hour or less, of which the contract says nothing, has half of its time.
        """
        if self.days:
            return timedelta(hours=2)
        half_an_hour = timedelta(minutes=30)
        return half_an_hour if self.elapsed > half_an_hour else self.elapsed / 2


def offset(text: str) -> Offset:
    """`P1D`, `PT2H`, `PT90M` and their like; ValueError for anything else, nothing before the start included."""
    found = _OFFSET.fullmatch(text)
    if found is None:
        raise ValueError(f"no reminder moment: {text!r}; write P1D, PT2H or PT90M")
    elapsed = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    if not found["days"] and not elapsed:
        raise ValueError(f"a reminder goes before the start, {text!r} does not")
    return Offset(text, int(found["days"] or 0), elapsed)


def wall(day: date, clock: time) -> datetime:
    """The instant of a wall time in Amsterdam: the first of two, and an hour later where the clock jumps over it."""
    return datetime.combine(day, clock.replace(fold=0), AMSTERDAM).astimezone(UTC)


def moment_before(start: datetime, before: Offset) -> datetime:
    """The nominal moment of a reminder, in UTC."""
    if before.days:
        local = start.astimezone(AMSTERDAM)
        return wall(local.date() - timedelta(days=before.days), local.time())
    return start.astimezone(UTC) - before.elapsed


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begins` up to, not including, `ends`; mostly over midnight."""

    begins: time
    ends: time

    def around(self, moment: datetime) -> tuple[datetime, datetime] | None:
        """The quiet hours in which a moment falls: (began, end), else None."""
        today = moment.astimezone(AMSTERDAM).date()
        for day in (today - timedelta(days=1), today):
            last_day = day + timedelta(days=1) if self.ends <= self.begins else day
            began, end = wall(day, self.begins), wall(last_day, self.ends)
            if began <= moment < end:
                return began, end
        return None

    def release(self, moment: datetime, start: datetime) -> datetime:
        """When a message for this moment goes; before the moment where waiting would leave too little time."""
        held = self.around(moment)
        if held is None:
            return moment
        began, end = held
        return end if start - end >= ENOUGH_AFTER_QUIET else began - BEFORE_QUIET


def quiet_hours(text: str) -> QuietHours | None:
    """`21:00-08:00`; empty is none. ValueError for anything else."""
    if not text.strip():
        return None
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"no quiet hours: {text!r}; write 21:00-08:00 or nothing")
    hours = QuietHours(time.fromisoformat(found[1]), time.fromisoformat(found[2]))
    if hours.begins == hours.ends:
        raise ValueError("quiet hours that begin when they end would hold everything")
    return hours
