"""What a page says beside each figure: what is counted, where it comes from, and what it does not say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.reporting.pages.numbers import Noun


@dataclass(frozen=True, slots=True)
class Words:
    """Of one indicator. `unit` stands by itself; `noun` after a number."""

    noun: Noun
    unit: str
    source: str
    not_said: str


_PRESENCE = "De partners geven door wie er bij hun activiteiten was."
_SIGNUPS = "De partners geven aanmeldingen en afmeldingen door."
_PLANNED = "De partners geven hun activiteiten door."
_ACTIONS = "De partners geven hun acties door."
_MEMBERSHIP = "De lokale coalitie houdt de leden van het netwerk bij."
_FEELING = "Of mensen zich nu anders voelen."
_ARRIVED = "Wat de kaart, de bloem of het andere ding bij iemand losmaakte."

WORDS: Final[Mapping[str, Words]] = {
    "activities": Words(Noun("activiteit", "activiteiten"), "activiteiten", _PLANNED, "Hoeveel mensen er kwamen."),
    "participants": Words(Noun("deelnemer", "deelnemers"), "mensen", _PRESENCE, f"Hoe vaak iemand kwam. {_FEELING}"),
    "new-participants": Words(
        Noun("nieuwe deelnemer", "nieuwe deelnemers"), "mensen", _PRESENCE, "Of iemand daarna nog een keer kwam."
    ),
    "returning-participants": Words(
        Noun("terugkerende deelnemer", "terugkerende deelnemers"), "mensen", _PRESENCE, "Waarom mensen terugkwamen."
    ),
    "attendances": Words(
        Noun("keer", "keer"), "keren dat iemand er was", _PRESENCE, "Hoeveel verschillende mensen er kwamen."
    ),
    "signups": Words(Noun("plaats", "plaatsen"), "plaatsen", _SIGNUPS, "Of wie zich aanmeldde ook kwam."),
    "unmet-demand": Words(
        Noun("plaats", "plaatsen"), "plaatsen", _SIGNUPS, "Of mensen op een ander moment wel een plaats kregen."
    ),
    "no-show-rate": Words(Noun(), "procent van de aanmeldingen", f"{_SIGNUPS} {_PRESENCE}", "Waarom iemand niet kwam."),
    "occupancy": Words(
        Noun(), "procent van de plaatsen", f"{_PLANNED} {_PRESENCE}", "Of er meer mensen hadden willen komen."
    ),
    "visits": Words(
        Noun("bezoek", "bezoeken"),
        "bezoeken",
        "De partners tellen de bezoekers.",
        "Hoeveel verschillende mensen er kwamen. Wie vaker komt, telt elke keer mee.",
    ),
    "professionals": Words(
        Noun("professional", "professionals"), "mensen", _PRESENCE, "Wat zij daarna in hun werk anders deden."
    ),
    "conversion": Words(
        Noun(), "procent van de aanwezigen", f"{_PRESENCE} {_MEMBERSHIP}", "Of zij lid werden door de activiteit."
    ),
    "volunteers": Words(
        Noun("vrijwilliger", "vrijwilligers"),
        "mensen",
        "De partners geven door wie er vrijwilliger is.",
        "Hoeveel uur zij hielpen.",
    ),
    "partners": Words(
        Noun("organisatie", "organisaties"),
        "organisaties",
        "De lokale coalitie houdt bij wie er meedoet.",
        "Hoeveel elke organisatie doet.",
    ),
    "members": Words(Noun("lid", "leden"), "organisaties en professionals", _MEMBERSHIP, "Hoe actief de leden zijn."),
    "members-joined": Words(
        Noun("nieuw lid", "nieuwe leden"), "organisaties en professionals", _MEMBERSHIP, "Of zij lid bleven."
    ),
    "outreach-actions": Words(
        Noun("actie", "acties"), "acties", _ACTIONS, "Hoeveel mensen de actie zagen of er iets van kregen."
    ),
    "outreach-items": Words(Noun("stuk", "stuks"), "stuks", _ACTIONS, _ARRIVED),
    "outreach-personalised": Words(Noun("stuk", "stuks"), "stuks", _ACTIONS, _ARRIVED),
}
"""Never what it did to people: that is not measured, so it is not said."""

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Mensen die meededen": (
        *("participants", "new-participants", "returning-participants", "attendances"),
        *("professionals", "conversion"),
    ),
    "Activiteiten en plaatsen": ("activities", "visits", "signups", "unmet-demand", "no-show-rate", "occupancy"),
    "De coalitie": ("volunteers", "partners", "members", "members-joined"),
    "Acties": ("outreach-actions", "outreach-items", "outreach-personalised"),
}
"""Heading -> its indicators."""
IN_SHORT: Final = ("participants", "visits", "professionals", "volunteers", "partners", "outreach-items")
"""What the page says first, where there is a figure."""
