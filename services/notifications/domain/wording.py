"""The Dutch words of a message (B1, with u): what happens first, then what to do; the facts apart."""

from dataclasses import dataclass
from datetime import datetime

from services.notifications.domain.facts import ActivityVersion, Signup
from services.notifications.domain.times import AMSTERDAM

_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
_ORGANISATION = "de organisatie waar u bent aangemeld"
"""Whom to turn to where the activity gives no number: the one that the person knows."""


@dataclass(frozen=True, slots=True)
class Words:
    """A message without its salutation: a subject, paragraphs, and (label, value) facts."""

    subject: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


def one_line(text: str) -> str:
    """Free text of others on one line: no control character survives, so none can begin a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def day_and_time(instant: datetime) -> str:
    """`zondag 25 oktober om 14:00 uur`; never "morgen", as nobody knows when a mail is read."""
    local = instant.astimezone(AMSTERDAM)
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} om {local:%H:%M} uur"


def where(activity: ActivityVersion) -> str:
    """The place on one line: its name and, where known, its address."""
    return ", ".join(one_line(part) for part in (activity.place, activity.address) if part)


def words(kind: str, signup: Signup, activity: ActivityVersion, known: ActivityVersion | None) -> Words:
    """What the message says. `known` is what the person was told last; only a change looks at it."""
    title, when = one_line(activity.title), day_and_time(activity.starts_at)
    subject, paragraphs = {
        "confirmation": _confirmation,
        "waiting-list": _waiting_list,
        "promotion": _promotion,
        "reminder": _reminder,
        "volunteer-shift": _volunteer_shift,
        "cancellation": _cancellation,
    }.get(kind, _change)(title, when, signup)
    if kind == "change":
        paragraphs = _changes(activity, known)
    if kind == "cancellation":
        return Words(subject, (*paragraphs, *_why(activity), *_questions(activity)), (("Wat", title),))
    closing = _questions(activity) if kind == "waiting-list" else _cannot_come(activity)
    return Words(subject, (*paragraphs, *_party(kind, signup), *closing), _facts(title, activity))


Parts = tuple[str, tuple[str, ...]]


def _confirmation(title: str, when: str, signup: Signup) -> Parts:
    if signup.role == "volunteer":
        return f"U helpt mee: {title}", (
            f"U bent aangemeld als vrijwilliger bij {title}.",
            f"Wij zien u graag op {when}.",
        )
    return f"U bent aangemeld: {title}", (f"U bent aangemeld voor {title}.", f"Wij zien u graag op {when}.")


def _waiting_list(title: str, _when: str, _signup: Signup) -> Parts:
    return f"U staat op de wachtlijst: {title}", (
        f"U staat op de wachtlijst voor {title}. Alle plaatsen zijn nu bezet.",
        "Komt er een plaats vrij? Dan krijgt u bericht van ons. U hoeft nu niets te doen.",
    )


def _promotion(title: str, when: str, _signup: Signup) -> Parts:
    return f"Er is een plaats voor u: {title}", (
        f"U kunt toch komen bij {title}. Er is een plaats voor u vrij.",
        f"Wij zien u graag op {when}.",
    )


def _reminder(title: str, when: str, _signup: Signup) -> Parts:
    return f"Herinnering: {title}", (f"Denkt u aan {title}? Dat is op {when}.", "Wij zien u graag.")


def _volunteer_shift(title: str, when: str, _signup: Signup) -> Parts:
    return f"Herinnering: u helpt mee bij {title}", (f"U helpt mee bij {title}. Dat is op {when}.", "Fijn dat u helpt.")


def _cancellation(title: str, when: str, _signup: Signup) -> Parts:
    return f"Gaat niet door: {title}", (f"{title} op {when} gaat niet door. U hoeft niet te komen.",)


def _change(title: str, _when: str, _signup: Signup) -> Parts:
    return f"Er is iets veranderd: {title}", ()


def _changes(activity: ActivityVersion, known: ActivityVersion | None) -> tuple[str, ...]:
    """One sentence for each thing that is not as it was told."""
    title, when = one_line(activity.title), day_and_time(activity.starts_at)
    if known is None:
        return (f"Er is iets veranderd bij {title}. Hieronder leest u hoe het nu is.",)
    if known.cancelled:
        return (f"{title} gaat toch door. U kunt komen op {when}.",)
    old_place, place = where(known), where(activity)
    differences = (
        (
            known.starts_at != activity.starts_at,
            f"De nieuwe tijd is {when}. Eerst was het {day_and_time(known.starts_at)}.",
        ),
        (
            known.starts_at == activity.starts_at and known.ends_at != activity.ends_at,
            f"Het is nu afgelopen {_end(activity)}.",
        ),
        (old_place != place, f"De nieuwe plaats is {place}. Eerst was het {old_place}."),
        (known.title != activity.title, f"De nieuwe naam is {title}. Eerst was het {one_line(known.title)}."),
    )
    return (f"Er is iets veranderd bij {title}.", *(sentence for applies, sentence in differences if applies))


def _end(activity: ActivityVersion) -> str:
    start, end = activity.starts_at.astimezone(AMSTERDAM), activity.ends_at.astimezone(AMSTERDAM)
    return f"om {end:%H:%M} uur" if start.date() == end.date() else f"op {day_and_time(activity.ends_at)}"


def _facts(title: str, activity: ActivityVersion) -> tuple[tuple[str, str], ...]:
    return (
        ("Wat", title),
        ("Wanneer", day_and_time(activity.starts_at)),
        ("Afgelopen", _end(activity)),
        ("Waar", where(activity)),
    )


def _party(kind: str, signup: Signup) -> tuple[str, ...]:
    if signup.party_size == 1 or kind in ("change", "waiting-list"):
        return ()
    return (f"U hebt {signup.party_size} plaatsen.",)


def _why(activity: ActivityVersion) -> tuple[str, ...]:
    return (f"De reden: {one_line(activity.reason)}",) if activity.reason else ()


def _phone(activity: ActivityVersion) -> str:
    return one_line(activity.contact_phone or "")


def _questions(activity: ActivityVersion) -> tuple[str, ...]:
    phone = _phone(activity)
    return (f"Hebt u een vraag? Bel {phone}.",) if phone else (f"Hebt u een vraag? Stel die aan {_ORGANISATION}.",)


def _cannot_come(activity: ActivityVersion) -> tuple[str, ...]:
    phone = _phone(activity)
    return (f"Kunt u niet komen? Bel {phone}.",) if phone else (f"Kunt u niet komen? Zeg het tegen {_ORGANISATION}.",)
