"""Indicators about activities and their places: activities, sign-ups, unmet demand, no-show, occupancy."""

from collections.abc import Sequence
from typing import Final

from services.reporting.domain.facts import Activity, Attendance, Signup
from services.reporting.domain.figures import Figure, rate
from services.reporting.domain.indicators.indicator import ACTIVITY_EVENTS, Indicator, Tallied, Text
from services.reporting.domain.periods import Period
from services.reporting.domain.subjects import ACTIVITIES, PLACES, SIGNUPS

_SIGNUP = ("signup-confirmed", "signup-waitlisted", "signup-promoted", "signup-withdrawn")


def count(facts: Sequence[Activity], _period: Period) -> Figure:
    """How many."""
    return Figure(len(facts))


def party_sizes(facts: Sequence[Signup], _period: Period) -> Figure:
    """Places asked for: party sizes added up."""
    return Figure(sum(fact.party_size for fact in facts))


def _confirmed_and_known(fact: Signup) -> bool:
    """A confirmed participant sign-up of an activity that went on, with an outcome that counts for no-show."""
    if fact.role != "participant" or fact.status != "confirmed" or fact.activity.cancelled:
        return False
    return fact.outcome in ("present", "absent")


def no_show(facts: Sequence[Signup], _period: Period) -> Figure:
    """Sign-ups recorded absent / those recorded present or absent; walk-ins and excused are on neither side."""
    return rate(absences(facts), len(facts))


def absences(facts: Sequence[Signup]) -> int:
    """How many of them did not come."""
    return sum(fact.outcome == "absent" for fact in facts)


def _recorded_against_capacity(fact: Attendance) -> bool:
    return fact.outcome != "void" and not fact.activity.cancelled and fact.activity.capacity is not None


def occupancy(facts: Sequence[Attendance], _period: Period) -> Figure:
    """Places taken by those present / capacity, over activities with a recorded attendance; volunteers take none."""
    return rate(places_taken(facts), places_offered(facts))


def places_taken(facts: Sequence[Attendance]) -> int:
    """Party sizes of those present who take a place."""
    return sum(
        fact.party_size for fact in facts if fact.outcome == "present" and fact.role in ("participant", "professional")
    )


def places_offered(facts: Sequence[Attendance]) -> int:
    """The capacity of their activities, each once."""
    return sum({fact.activity.ref: fact.activity.capacity or 0 for fact in facts}.values())


ACTIVITIES_COUNT: Final = Indicator(
    code="activities",
    unit="activities",
    label=Text("Activiteiten", "Activities"),
    definition=Text(
        "Het aantal activiteiten dat in de periode begon en niet is afgelast.",
        "The number of activities that start in the period and are not cancelled.",
    ),
    events=ACTIVITY_EVENTS,
    subject=ACTIVITIES,
    keep=lambda activity: not activity.cancelled,
    measure=count,
    tallied=Tallied(("activities",), lambda tally, _firsts: Figure(tally.activities), of_place=True),
)
SIGNUPS_SUM: Final = Indicator(
    code="signups",
    unit="presences",
    label=Text("Aanmeldingen", "Sign-ups"),
    definition=Text(
        "Plaatsen waarvoor deelnemers zijn aangemeld, ook op de wachtlijst. Wie iemand meeneemt, telt voor twee.",
        "Places asked for by participants, confirmed or waiting; party sizes are added up.",
    ),
    events=(*_SIGNUP, "participant-erased", *ACTIVITY_EVENTS),
    subject=SIGNUPS,
    keep=lambda fact: fact.role == "participant" and fact.status in ("confirmed", "waitlisted"),
    measure=party_sizes,
    tallied=Tallied(("signups",), lambda tally, _firsts: Figure(tally.signups)),
)
UNMET: Final = Indicator(
    code="unmet-demand",
    unit="presences",
    label=Text("Nog op de wachtlijst", "Unmet demand"),
    definition=Text(
        "Plaatsen waarvoor deelnemers nog op een wachtlijst staan.",
        "Places asked for by participants that are still on a waiting list; party sizes are added up.",
    ),
    events=(*_SIGNUP, "participant-erased", *ACTIVITY_EVENTS),
    subject=SIGNUPS,
    keep=lambda fact: fact.role == "participant" and fact.status == "waitlisted",
    measure=party_sizes,
    tallied=Tallied(("unmet",), lambda tally, _firsts: Figure(tally.unmet)),
)
NO_SHOW: Final = Indicator(
    code="no-show-rate",
    unit="percent",
    label=Text("Niet gekomen", "No-show rate"),
    definition=Text(
        "Bevestigde aanmeldingen van deelnemers die niet kwamen, als deel van die waarvan bekend is of iemand kwam.",
        "Confirmed participant sign-ups recorded absent, as a percentage of those recorded present or absent; "
        "cancelled activities are left out.",
    ),
    events=("attendance-recorded", *_SIGNUP, "participant-erased", *ACTIVITY_EVENTS),
    subject=SIGNUPS,
    keep=_confirmed_and_known,
    measure=no_show,
    tallied=Tallied(("absent", "came"), lambda tally, _firsts: rate(tally.absent, tally.absent + tally.came)),
)
OCCUPANCY: Final = Indicator(
    code="occupancy",
    unit="percent",
    label=Text("Bezetting", "Occupancy"),
    definition=Text(
        "Bezette plaatsen als deel van alle plaatsen, bij activiteiten met een maximum waarvan bekend is wie er was.",
        "Party sizes present of participants and professionals as a percentage of capacity, over activities with a "
        "capacity and at least one recorded attendance; cancelled activities are left out.",
    ),
    events=("attendance-recorded", "participant-erased", *ACTIVITY_EVENTS),
    subject=PLACES,
    keep=_recorded_against_capacity,
    measure=occupancy,
    tallied=Tallied(("measured", "taken", "capacity"), lambda tally, _firsts: rate(tally.taken, tally.capacity)),
)
