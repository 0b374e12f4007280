"""Reads of sign-ups and contact data, as the operator sees them."""

from datetime import datetime

from pydantic import Field
from pydantic.config import JsonDict

from services.registration.domain.reads import Read
from shared.events.model import WireModel

_EXAMPLE: JsonDict = {
    "at": "2026-10-01T08:00:00Z",
    "keyId": "0f8c1d2e3a4b5c6d",
    "partnerId": "avedan",
    "what": "signups",
    "about": "avedan/bingo-2026-10-24",
    "found": 1,
}


class ReadAnswer(WireModel, json_schema_extra={"description": "Een keer dat iemand keek."}):
    """Who read what, when, and how many were shown; `about` is null for a look-up of several."""

    at: datetime = Field(description="Wanneer.")
    key_id: str = Field(description="Met welke sleutel.")
    partner_id: str | None = Field(description="Van welke partner die sleutel is. Leeg: van geen partner.")
    what: str = Field(description="Wat er is opgevraagd.")
    about: str | None = Field(description="Waarover, als `partnerId/id`. Leeg: over meer dan een.")
    found: int = Field(ge=0, description="Over hoeveel mensen er iets is getoond.")


class ReadPage(
    WireModel,
    json_schema_extra={
        "description": "Een pagina, het laatste eerst.",
        "examples": [{"items": [_EXAMPLE], "next": None}],
    },
):
    """A page of reads, the newest first."""

    items: list[ReadAnswer]
    next: str | None = Field(description="Waar de volgende pagina begint, voor `cursor`. Leeg: dit was de laatste.")


def read_answer(read: Read) -> ReadAnswer:
    """From the domain's value."""
    return ReadAnswer(**{name: getattr(read, name) for name in ReadAnswer.model_fields})
