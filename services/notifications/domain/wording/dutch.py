"""The pieces of a sentence: a moment, a place, a number to call, a greeting, free text of others on one line."""

import re
from datetime import datetime

from services.notifications.domain.facts import ActivityVersion
from services.notifications.domain.times import AMSTERDAM

_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
_TITLE = re.compile(r"(?i)(?:(de heer|dhr\.?|meneer)|(mevrouw|mevr\.?|mw\.?)|(familie|fam\.?))\s+(?=\S)")
_TITLES = ("meneer", "mevrouw", "familie")
_DOUBLE_END = re.compile(r"(?<!\.)([.!?])\.(?=\s|$)")
_FOUR_DOTS = re.compile(r"\.{4,}")


def one_line(text: str) -> str:
    """Free text of others on one line: no control character survives, so none can begin a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def greeting(name: str | None) -> str:
    """`Beste mevrouw De Vries`, whichever way the title before the name is written; `Goedendag` to who has no name."""
    known = one_line(name or "")
    title = _TITLE.match(known)
    if title is None or title.lastindex is None:
        return f"Beste {known}" if known else "Goedendag"
    return f"Beste {_TITLES[title.lastindex - 1]} {known[title.end() :]}"


def day_and_time(instant: datetime) -> str:
    """`zondag 25 oktober om 14:00 uur`; never "morgen", as nobody knows when a mail is read."""
    local = instant.astimezone(AMSTERDAM)
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} om {local:%H:%M} uur"


def end_of(activity: ActivityVersion) -> str:
    """`om 16:00 uur`, with the day where that is another one than the day it begins."""
    start, end = activity.starts_at.astimezone(AMSTERDAM), activity.ends_at.astimezone(AMSTERDAM)
    return f"om {end:%H:%M} uur" if start.date() == end.date() else f"op {day_and_time(activity.ends_at)}"


def where(activity: ActivityVersion) -> str:
    """The place on one line: its name and, where known, its address."""
    return ", ".join(one_line(part) for part in (activity.place, activity.address) if part)


def phone(activity: ActivityVersion) -> str:
    """The number to call, as the organiser wrote it; empty where there is none."""
    return one_line(activity.contact_phone or "")


def sentence(text: str) -> str:
    """With one mark at its end, also where it ends in a title with a mark of its own ("Doet u mee?")."""
    return _FOUR_DOTS.sub("...", _DOUBLE_END.sub(r"\1", text))
