"""Indicators about outreach: actions, items, personalised items."""

from collections.abc import Sequence
from typing import Final

from services.reporting.domain.facts import Outreach
from services.reporting.domain.figures import Figure, weakest
from services.reporting.domain.indicators.indicator import Indicator, Text
from services.reporting.domain.periods import Period
from services.reporting.domain.subjects import OUTREACH

_EVENTS = ("outreach-recorded", "partner-joined", "partner-left")


def count(facts: Sequence[Outreach], _period: Period) -> Figure:
    """Actions: how many times, not how many things."""
    return Figure(len(facts))


def items(facts: Sequence[Outreach], _period: Period) -> Figure:
    """Sum of quantities, as precise as the weakest; null where nobody gave one."""
    return _sum([(fact.quantity, fact.precision) for fact in facts])


def personalised(facts: Sequence[Outreach], _period: Period) -> Figure:
    """Sum of personalised items, as precise as the weakest; null where nobody gave one."""
    return _sum([(fact.personalised, fact.personalised_precision) for fact in facts])


def _sum(given: Sequence[tuple[int | None, str]]) -> Figure:
    numbers = [(number, precision) for number, precision in given if number is not None]
    if not numbers:
        return Figure(None)
    return Figure(sum(number for number, _ in numbers), weakest(precision for _, precision in numbers))


ACTIONS: Final = Indicator(
    code="outreach-actions",
    unit="activities",
    label=Text("Acties", "Outreach actions"),
    definition=Text(
        "Het aantal acties in de periode, zoals kaarten sturen, bloemen brengen of een stand.",
        "The number of outreach actions in the period, such as cards, flowers or a stand.",
    ),
    events=_EVENTS,
    subject=OUTREACH,
    keep=lambda _fact: True,
    measure=count,
)
ITEMS: Final = Indicator(
    code="outreach-items",
    unit="items",
    label=Text("Verspreid", "Outreach items"),
    definition=Text(
        "Hoeveel kaarten, bloemen en andere dingen zijn verspreid. Leeg als niemand een aantal gaf.",
        "How many cards, flowers and other things were handed out. Null where no quantity was given.",
    ),
    events=_EVENTS,
    subject=OUTREACH,
    keep=lambda fact: fact.quantity is not None,
    measure=items,
)
PERSONALISED: Final = Indicator(
    code="outreach-personalised",
    unit="items",
    label=Text("Verspreid met een persoonlijke boodschap", "Personalised outreach items"),
    definition=Text(
        "Hoeveel daarvan een persoonlijke boodschap hadden. Leeg als niemand een aantal gaf.",
        "How many of the items were personalised. Null where no such number was given.",
    ),
    events=_EVENTS,
    subject=OUTREACH,
    keep=lambda fact: fact.personalised is not None,
    measure=personalised,
)
