"""The call list and the letters on paper: what a volunteer holds while calling, and what goes into envelopes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from starlette.responses import HTMLResponse

from services.notifications.domain.times import wall
from services.notifications.domain.wording import Words, day_and_time, greeting, one_line, words
from services.notifications.pages.page import pages
from services.notifications.schemas.lists import EXAMPLE, CallItem, CallList
from services.notifications.usecases.lists import LETTERS, Entry

KIND_LABELS: Mapping[str, str] = {
    "confirmation": "Aangemeld",
    "waiting-list": "Op de wachtlijst",
    "promotion": "Er is een plaats vrij",
    "reminder": "Herinnering",
    "change": "Er is iets veranderd",
    "cancellation": "Gaat niet door",
    "volunteer-shift": "Herinnering aan een vrijwilliger",
}
OUTCOME_LABELS: Mapping[str, str] = {
    "spoken": "Gesproken",
    "voicemail": "Voicemail ingesproken",
    "not-reached": "Niet bereikt",
    "not-coming": "Komt niet",
}


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """What stands on paper about one person. Has no readable form, as it holds a name."""

    item: CallItem
    title: str
    when: str
    letter: Words
    greeting: str


class ListPages:
    """Both pages. `sender` signs the letters."""

    def __init__(self, sender: str) -> None:
        self._pages, self._sender = pages("list.css"), sender

    def answer(self, found: CallList, entries: Sequence[Entry], kind: str, now: datetime) -> HTMLResponse:
        """The page of one list, item by item as in the JSON."""
        cards = [_card(entry, item) for entry, item in zip(entries, found.items, strict=True)]
        return self._pages.answer(_template(kind), **self._content(found.date, cards, now))

    def example(self, kind: str) -> str:
        """A page for the documentation: nobody on it."""
        return self._pages.html(_template(kind), **self._content(EXAMPLE.date, [], EXAMPLE.items[0].since))

    def _content(self, day: date, cards: Sequence[Card], now: datetime) -> dict[str, Any]:
        return {
            "day": _day(day),
            "made": day_and_time(now),
            "today": day_and_time(now).partition(" om ")[0],
            "cards": cards,
            "kinds": KIND_LABELS,
            "outcomes": OUTCOME_LABELS,
            "sender": self._sender,
            "moment": day_and_time,
        }


def _template(kind: str) -> str:
    return "letters.html" if kind == LETTERS else "call_list.html"


def _card(entry: Entry, item: CallItem) -> Card:
    first = entry.call.first
    activity = first.activity.latest
    letter = words(first.message.kind, first.signup, activity, first.known)
    when = day_and_time(activity.starts_at)
    return Card(item, one_line(activity.title), when, letter, greeting(item.name))


def _day(day: date) -> str:
    return day_and_time(wall(day, time(12))).partition(" om ")[0]
