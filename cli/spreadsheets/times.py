"""Dates and wall-clock times as Dutch spreadsheets write them, in Amsterdam."""

import re
from datetime import UTC, date, datetime, time

from cli.spreadsheets.values import CellFault
from shared.clock import AMSTERDAM

_DUTCH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?(?: ?(?:uur|u))?", re.IGNORECASE)
_WITH_OFFSET = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)")
_BETWEEN = re.compile(r",? +(?:om )?|(?<=\d)[Tt](?=\d)")
_LIST = re.compile(r"[\s,;&]+(?:en\s+)?")


def day(cell: str) -> date:
    """`31-12-2026`, `1-2-2026` or `2026-12-31`; a time of 0:00 behind it is let go."""
    words = cell.partition(" ")
    if words[2] and not re.fullmatch(r"0?0[:.]00([:.]00)?", words[2]):
        raise CellFault("must be a date such as 31-12-2026, without a time")
    parts = _DUTCH_DAY.fullmatch(words[0])
    iso = _ISO_DAY.fullmatch(words[0])
    if parts is None and iso is None:
        raise CellFault("must be a date such as 31-12-2026")
    year, month, day_of_month = (int(part) for part in (iso.groups() if iso else reversed(parts.groups())))  # type: ignore[union-attr]  # one of the two matched
    try:
        return date(year, month, day_of_month)
    except ValueError:
        raise CellFault("is a day that does not exist") from None


def clock(cell: str) -> time:
    """`19:30`, `19.30` or `19:30:00`, on a clock of 24 hours."""
    found = _CLOCK.fullmatch(cell)
    if found is None:
        raise CellFault("must be a time such as 19:30")
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        raise CellFault("is a time that does not exist") from None


def moment(cell: str) -> datetime:
    """`31-12-2026 19:30` on the clock in Amsterdam, or ISO 8601, with an offset too. In UTC."""
    if _WITH_OFFSET.fullmatch(cell):
        try:
            return datetime.fromisoformat(cell.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            raise CellFault("is a time that does not exist") from None
    parts = _BETWEEN.split(cell, maxsplit=1)
    if len(parts) != 2:
        raise CellFault("must be a date and a time such as 31-12-2026 19:30")
    return local(day(parts[0]), clock(parts[1]))


def local(on: date, at: time) -> datetime:
    """That time on the clock in Amsterdam, in UTC.

    The hour that the spring night skips is a fault; of the hour that the autumn night has twice, the first is meant.
    """
    wall = datetime.combine(on, at, AMSTERDAM)
    instant = wall.astimezone(UTC)
    if instant.astimezone(AMSTERDAM).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise CellFault(f"{on:%d-%m-%Y} {at:%H:%M} does not exist: the clock goes forward in that hour")
    return instant


def days(cell: str) -> tuple[date, ...]:
    """Several dates, with commas, semicolons or spaces between them."""
    return tuple(day(part) for part in _LIST.split(cell) if part)
