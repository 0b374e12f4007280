"""What a volunteer says on the phone: the same words as the mail, and a question at the end."""

from services.notifications.domain.facts import ActivityVersion, Signup
from services.notifications.domain.wording.dutch import one_line, phone, sentence, where
from services.notifications.domain.wording.kinds import Telling, telling


def spoken_text(kind: str, signup: Signup, activity: ActivityVersion, known: ActivityVersion | None) -> str:
    """A few sentences to read out, made of the activity as it is now; no name of the person, whom the caller greets."""
    told, title = telling(kind, signup, activity, known), one_line(activity.title)
    parts = (
        f"Ik bel u over {title}.",
        told.first.format(title=title),
        told.when,
        *told.more,
        *_place(told, activity),
        *_question(told, activity),
    )
    return " ".join(sentence(part) for part in parts)


def _place(told: Telling, activity: ActivityVersion) -> tuple[str, ...]:
    place = where(activity)
    said = any(place in text for text in told.more)
    return (f"De plaats is {place}.",) if told.may_come and place and not said else ()


def _question(told: Telling, activity: ActivityVersion) -> tuple[str, ...]:
    number = phone(activity)
    if not told.may_come:
        return ("Hebt u nog een vraag?",)
    return ("Kunt u komen?", *((f"Kunt u later toch niet? Bel dan {number}.",) if number else ()))
