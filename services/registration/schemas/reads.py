"""Reads of sign-ups and contact data, as the operator sees them."""

from datetime import datetime

from services.registration.domain.reads import Read
from shared.events.model import WireModel


class ReadAnswer(WireModel):
    """Who read what, when, and how many were shown; `about` is null for a look-up of several."""

    at: datetime
    key_id: str
    partner_id: str | None
    what: str
    about: str | None
    found: int


class ReadPage(WireModel):
    """A page of reads, the newest first."""

    items: list[ReadAnswer]
    next: str | None


def read_answer(read: Read) -> ReadAnswer:
    """From the domain's value."""
    return ReadAnswer(**{name: getattr(read, name) for name in ReadAnswer.model_fields})
