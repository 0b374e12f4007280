"""The rule of a series, from its cells to its days: every week, every month, with exceptions and extra dates."""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday  # type: ignore[import-untyped]  # has no types

from cli.spreadsheets.columns import Column, RowFault
from cli.spreadsheets.times import day, days
from cli.spreadsheets.values import CellFault, Read, folded, one_of, whole

MOST_DAYS = 1000
"""Of one rule; more is a slip of the pen."""

WEEKDAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "0": ("ma", "maandag", "mo", "mon", "monday"),
    "1": ("di", "dinsdag", "tu", "tue", "tuesday"),
    "2": ("wo", "woensdag", "we", "wed", "wednesday"),
    "3": ("do", "donderdag", "th", "thu", "thursday"),
    "4": ("vr", "vrijdag", "fr", "fri", "friday"),
    "5": ("za", "zaterdag", "sa", "sat", "saturday"),
    "6": ("zo", "zondag", "su", "sun", "sunday"),
}
_WHICH: Final[Mapping[str, tuple[str, ...]]] = {
    "1": ("eerste", "1e", "first"),
    "2": ("tweede", "2e", "second"),
    "3": ("derde", "3e", "third"),
    "4": ("vierde", "4e", "fourth"),
    "5": ("vijfde", "5e", "fifth"),
    "-1": ("laatste", "last"),
}
_WORDS = {folded(word): int(number) for number, words in WEEKDAYS.items() for word in words}


def weekdays(cell: str) -> tuple[int, ...]:
    """`za`, `ma, wo` or `maandag en woensdag`; Monday is 0."""
    words = [word for word in cell.replace(",", " ").replace(";", " ").replace("/", " ").split() if word != "en"]
    unknown = [word for word in words if folded(word) not in _WORDS]
    if unknown or not words:
        raise CellFault("must be days of the week such as ma, wo or zaterdag")
    return tuple(sorted({_WORDS[folded(word)] for word in words}))


def _day_of_month(cell: str) -> int:
    number = whole(cell)
    if not 1 <= number <= 31:
        raise CellFault("must be a day of the month, 1 to 31")
    return number


def _every(cell: str) -> int:
    number = whole(cell)
    if not 1 <= number <= 52:
        raise CellFault("must be 1 (every week or month), 2 (every other), up to 52")
    return number


_REPEAT: Read = one_of({"weekly": ("wekelijks", "week"), "monthly": ("maandelijks", "maand")})

PATTERN_COLUMNS: Final[tuple[Column, ...]] = (
    Column("repeat", ("herhaling",), _REPEAT, required=True),
    Column("every", ("elke", "om de"), _every),
    Column("weekdays", ("weekdagen", "weekdag", "dag", "dagen"), weekdays),
    Column("which", ("hoeveelste",), one_of(_WHICH)),
    Column("dayOfMonth", ("dag van de maand",), _day_of_month),
    Column("from", ("vanaf", "van"), day, required=True),
    Column("until", ("tot en met", "t/m"), day, required=True),
    Column("exceptions", ("uitzonderingen", "niet op", "behalve op"), days),
    Column("extraDates", ("extra datums", "extra data", "ook op"), days),
)


def days_of(values: Mapping[str, Any]) -> list[date]:
    """Every day of the rule, in order: without the exceptions, with the extra dates. Raises RowFault."""
    if values["until"] < values["from"]:
        raise RowFault("until", "lies before the first day")
    found = {moment.date() for moment in islice(_rule(values), MOST_DAYS + 1)}
    strangers = sorted(set(values.get("exceptions", ())) - found)
    if strangers:
        raise RowFault("exceptions", f"{strangers[0]:%d-%m-%Y} is no day of this rule")
    chosen = sorted(found - set(values.get("exceptions", ())) | set(values.get("extraDates", ())))
    if len(chosen) > MOST_DAYS:
        raise RowFault("until", f"gives more than {MOST_DAYS} days")
    if not chosen:
        raise RowFault("repeat", "gives no day at all between the first and the last")
    return chosen


def _rule(values: Mapping[str, Any]) -> rrule:
    first, last = (datetime.combine(values[name], datetime.min.time()) for name in ("from", "until"))
    common = {"dtstart": first, "until": last, "interval": values.get("every", 1)}
    if values["repeat"] == "weekly":
        return rrule(WEEKLY, **common, byweekday=_weekly(values))
    return rrule(MONTHLY, **common, **_monthly(values))


def _weekly(values: Mapping[str, Any]) -> tuple[int, ...]:
    for name in ("which", "dayOfMonth"):
        if name in values:
            raise RowFault(name, "belongs to a monthly rule")
    return values.get("weekdays") or (values["from"].weekday(),)


def _monthly(values: Mapping[str, Any]) -> dict[str, Any]:
    """The nth weekday, or a day of the month; a month without such a day is skipped."""
    if "dayOfMonth" in values:
        for name in ("which", "weekdays"):
            if name in values:
                raise RowFault(name, "does not go with a day of the month")
        return {"bymonthday": values["dayOfMonth"]}
    for name in ("which", "weekdays"):
        if name not in values:
            raise RowFault(name, "is needed in a monthly rule without a day of the month")
    return {"byweekday": [weekday(number)(int(values["which"])) for number in values["weekdays"]]}
