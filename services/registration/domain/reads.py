"""Who reads what partners told about people, and what is kept of it: that it was read, never what was in it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever holds the key of a request. `everything`: an admin key, which speaks for no partner."""

    key_id: str
    partner_id: str | None
    everything: bool

    def may_see(self, partner_id: str) -> bool:
        """Is this the reader's own, or does the reader see all partners?"""
        return self.everything or (self.partner_id is not None and self.partner_id == partner_id)


@dataclass(frozen=True, slots=True)
class Read:
    """One read: `what` (`signups`, `signup`, `presence`, `contacts`) of `about` (`partnerId/id`; None for several).

    `found` is how many sign-ups, people or contacts were shown.
    """

    at: datetime
    key_id: str
    partner_id: str | None
    what: str
    about: str | None
    found: int


@dataclass(frozen=True, slots=True)
class ReadFilter:
    """Which reads; None is no limit. `before` is the number of the last one on the page before."""

    key_id: str | None = None
    about: str | None = None
    before: int | None = None
