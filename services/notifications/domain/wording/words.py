"""A mail or a letter in words: a subject, paragraphs, and the facts apart, so that they are found at a glance."""

from dataclasses import dataclass

from services.notifications.domain.facts import ActivityVersion, Signup
from services.notifications.domain.wording.dutch import day_and_time, end_of, one_line, phone, sentence, where
from services.notifications.domain.wording.kinds import telling

_ORGANISATION = "de organisatie van uw aanmelding"
"""Whom to turn to where the activity gives no number: the one that the person knows."""


@dataclass(frozen=True, slots=True)
class Words:
    """A message without its salutation: a subject, paragraphs, and (label, value) facts."""

    subject: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


def words(kind: str, signup: Signup, activity: ActivityVersion, known: ActivityVersion | None) -> Words:
    """What the mail or the letter says. `known` is what the person was told last."""
    told, title = telling(kind, signup, activity, known), one_line(activity.title)
    first = f"{told.first.format(title=title)} {told.when}"
    closing = _cannot_come(activity) if told.may_come else _questions(activity)
    paragraphs = tuple(sentence(text) for text in (first, *told.more, closing))
    return Words(told.subject.format(title=title), paragraphs, _facts(kind, title, activity))


def _facts(kind: str, title: str, activity: ActivityVersion) -> tuple[tuple[str, str], ...]:
    if kind == "cancellation":
        return (("Wat", title),)
    return (
        ("Wat", title),
        ("Wanneer", day_and_time(activity.starts_at)),
        ("Afgelopen", end_of(activity)),
        ("Waar", where(activity)),
    )


def _questions(activity: ActivityVersion) -> str:
    number = phone(activity)
    return f"Hebt u een vraag? Bel {number}." if number else f"Hebt u een vraag? Stel die aan {_ORGANISATION}."


def _cannot_come(activity: ActivityVersion) -> str:
    number = phone(activity)
    return f"Kunt u niet komen? Bel {number}." if number else f"Kunt u niet komen? Zeg het tegen {_ORGANISATION}."
