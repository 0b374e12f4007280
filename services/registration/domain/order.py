"""Which of two facts about the same thing wins: the latest time, then the greater id, then the greater source."""

from datetime import UTC, datetime

Stamp = str
"""Sorts as a plain string the way facts win: instant, event id, source (contract section 3, order of facts)."""

_BELOW_ALL_TEXT = "\x01"


def stamp(time: datetime, event_id: str, source: str) -> Stamp:
    """The rank of a fact. Attributes hold no control characters, so the separator sorts below every id."""
    instant = time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return _BELOW_ALL_TEXT.join((instant, event_id, source))


def later(new: Stamp, known: Stamp | None) -> bool:
    """Does the new fact win over what is known of its kind?"""
    return known is None or new > known
