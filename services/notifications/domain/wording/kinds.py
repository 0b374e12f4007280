"""What each kind of message tells, said once: mail, letter, text message and telephone all say it in these words.

The rules are B1 (guide notifications.md, section 12): `u`; the first sentence says what happens and what to do; at most
15 words a sentence, a title counted as one; no passive, no abbreviation, no English; never the word for what our
residents are said to be.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.notifications.domain.facts import ActivityVersion, Signup
from services.notifications.domain.wording.dutch import day_and_time, end_of, one_line, where


@dataclass(frozen=True, slots=True)
class Telling:
    """One message in sentences. `{title}` in `subject` and `first` is the title, which some ways out shorten."""

    subject: str
    first: str
    """What happens and what to do."""
    when: str
    """The sentence with the day and the time; comes right after the first."""
    more: tuple[str, ...] = ()
    """What else there is to say where there is room."""
    may_come: bool = True
    """Who is told this is expected: say where, and ask to hear it when they cannot come."""


def telling(kind: str, signup: Signup, activity: ActivityVersion, known: ActivityVersion | None) -> Telling:
    """What this kind tells. `known` is what the person was told last; changes and cancellations look at it."""
    if kind == "cancellation":
        return _cancellation(activity, known)
    if kind == "change":
        return _change(signup, activity, known)
    if kind == "waiting-list":
        return _waiting_list(activity)
    return _invitation(kind, signup, activity)


_NOT_YET = "Kom nog niet."
_WE_WILL_SAY = "Komt er een plaats vrij? Dan hoort u dat van ons."
_INVITATIONS = {
    ("confirmation", False): (
        "U hebt een plaats: {title}",
        "U hebt een plaats: kom naar {title}.",
        "Wij zien u graag.",
    ),
    ("confirmation", True): ("U helpt mee: {title}", "U helpt mee: kom naar {title}.", "Fijn dat u helpt."),
    ("promotion", False): (
        "Er is een plaats voor u: {title}",
        "Er is een plaats voor u: kom naar {title}.",
        "Wij zien u graag.",
    ),
    ("promotion", True): (
        "Er is een plaats voor u: {title}",
        "Er is een plaats voor u: kom helpen bij {title}.",
        "Fijn dat u helpt.",
    ),
    ("reminder", False): (
        "Herinnering: {title}",
        "Dit is een herinnering: kom naar {title}.",
        "Wij zien u graag.",
    ),
    ("volunteer-shift", True): (
        "Herinnering: u helpt mee bij {title}",
        "Dit is een herinnering: kom helpen bij {title}.",
        "Fijn dat u helpt.",
    ),
}
"""(kind, helps): subject, first sentence, and a kind word."""


def _invitation(kind: str, signup: Signup, activity: ActivityVersion) -> Telling:
    helps = kind == "volunteer-shift" or (kind != "reminder" and signup.role == "volunteer")
    subject, first, kind_word = _INVITATIONS[kind, helps]
    party = (f"U hebt {signup.party_size} plaatsen.",) if signup.party_size > 1 else ()
    return Telling(subject, first, f"Dat is op {day_and_time(activity.starts_at)}.", (*party, kind_word))


def _waiting_list(activity: ActivityVersion) -> Telling:
    return Telling(
        "U staat op de wachtlijst: {title}",
        "U staat op de wachtlijst: kom nog niet naar {title}.",
        f"Dat is op {day_and_time(activity.starts_at)}.",
        ("Er is nu geen plaats meer.", _WE_WILL_SAY),
        may_come=False,
    )


def _cancellation(activity: ActivityVersion, known: ActivityVersion | None) -> Telling:
    """With the day and the name that the person knows: who never heard that it was moved would come on the old day."""
    reason = one_line(activity.reason or "")
    heard = activity if known is None or known.cancelled else known
    renamed = heard.title != activity.title
    return Telling(
        "Gaat niet door: {title}",
        "{title} gaat niet door: u hoeft niet te komen.",
        f"Het zou zijn op {day_and_time(heard.starts_at)}.",
        (
            *((f"De oude naam is {one_line(heard.title)}.",) if renamed else ()),
            *((f"De reden: {reason}.",) if reason else ()),
        ),
        may_come=False,
    )


def _change(signup: Signup, activity: ActivityVersion, known: ActivityVersion | None) -> Telling:
    """Who waits for a place is told, too, and not asked to come."""
    waits, when = signup.confirmed_at is None, day_and_time(activity.starts_at)
    differences = _differences(activity, known) if known else {}
    news = " en ".join([*differences][:2])
    if known is not None and known.cancelled:
        asked = "u staat nog op de wachtlijst" if waits else "u kunt komen"
        first, when, differences = f"{{title}} gaat toch door: {asked}.", f"Dat is op {when}.", {}
    else:
        begin = "U staat op de wachtlijst" if waits else "Let op"
        first = f"{begin}: " + (f"{{title}} heeft een nieuwe {news}." if news else "er is iets anders bij {title}.")
        when = f"{_begin_of_when(differences, waits=waits)} {when}."
    more = (*differences.values(), *((_NOT_YET, _WE_WILL_SAY) if waits else ()))
    return Telling("Er is iets veranderd: {title}", first, when, more, may_come=not waits)


def _begin_of_when(differences: Mapping[str, str], *, waits: bool) -> str:
    """`nu` where the moment may be another than it was. After a new end nobody shall take the begin for it."""
    if "eindtijd" in differences:
        return "Het begint op"
    if "tijd" in differences and not waits:
        return "Kom op"
    return "Dat is nu op" if "tijd" in differences or not differences else "Dat is op"


def _differences(activity: ActivityVersion, known: ActivityVersion) -> dict[str, str]:
    """What is new, by name, each with how it is now and was before; the new time itself stands in `when`."""
    place, old_place = where(activity), where(known)
    same_start = activity.starts_at == known.starts_at
    found = (
        (not same_start, "tijd", f"Eerst was het {day_and_time(known.starts_at)}."),
        (same_start and known.ends_at != activity.ends_at, "eindtijd", f"Het eindigt nu {end_of(activity)}."),
        (old_place != place, "plaats", f"De nieuwe plaats is {place}. Eerst was het {old_place}."),
        (known.title != activity.title, "naam", f"De oude naam is {one_line(known.title)}."),
    )
    return {name: text for differs, name, text in found if differs}
