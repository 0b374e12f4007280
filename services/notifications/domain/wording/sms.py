"""A text message of one segment: the title and the place give way, the day, the time and the number never."""

import re

from services.notifications.domain.facts import ActivityVersion, Signup
from services.notifications.domain.wording.dutch import phone, sentence, where
from services.notifications.domain.wording.gsm import SEGMENT, gsm, septets
from services.notifications.domain.wording.kinds import Telling, telling

_DOTS = "..."
_A_WORD = 6
"""Letters of which something can be made; a word is not cut to fewer."""
_LONGEST_NUMBER = 25
_NUMBER = re.compile(r"[+(]{0,2}\d[\d ()/.-]{4,}\d")
_NAMELESS = "uw activiteit"
"""A title of which the GSM alphabet has not one letter."""


def sms_text(kind: str, signup: Signup, activity: ActivityVersion, known: ActivityVersion | None) -> str:
    """What the text message says: at most 160 letters of the GSM alphabet, so that it is one segment."""
    told = telling(kind, signup, activity, known)
    title, place = gsm(activity.title) or _NAMELESS, gsm(where(activity)) if told.may_come else ""
    room = SEGMENT - septets(_filled(told, activity, "", "x" if place else "")) + (1 if place else 0)
    title, place = _shared(title, place, room)
    return _filled(told, activity, title, place)


def _filled(told: Telling, activity: ActivityVersion, title: str, place: str) -> str:
    parts = (told.first.format(title=title), told.when, f"Waar: {place}." if place else "", _closing(told, activity))
    return " ".join(sentence(part) for part in parts if part)


def _closing(told: Telling, activity: ActivityVersion) -> str:
    number = _number(activity)
    if not told.may_come:
        return f"Vragen? Bel {number}." if number else ""
    return f"Komt u niet? Bel {number}." if number else "Komt u niet? Laat het weten."


def _number(activity: ActivityVersion) -> str:
    """As the organiser wrote it; of a longer text ("0546 000000, vraag naar Els") the number alone."""
    text = gsm(phone(activity))
    if septets(text) <= _LONGEST_NUMBER:
        return text
    found = _NUMBER.search(text)
    return found.group()[:_LONGEST_NUMBER] if found else ""


def _shared(title: str, place: str, room: int) -> tuple[str, str]:
    """Both cut to fit together; the longer one gives way first."""
    if septets(title) + septets(place) <= room:
        return title, place
    half = max(room // 2, room - septets(place))
    title = _cut(title, half)
    return title, _cut(place, room - septets(title))


def _cut(text: str, room: int) -> str:
    """The beginning, up to a word's end where there is one, with three dots."""
    if septets(text) <= room:
        return text
    kept = text
    while kept and septets(kept) + len(_DOTS) > room:
        kept = kept[:-1]
    whole, space, _ = kept.rpartition(" ") if text[len(kept) :][:1] != " " else (kept, " ", "")
    return (whole if space and len(whole) >= _A_WORD else kept).rstrip(" ,.-") + _DOTS
