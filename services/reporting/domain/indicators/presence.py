"""Indicators about who came: participants, professionals, attendances, new and returning, conversion, visits."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from services.reporting.domain.facts import Attendance, HeadCount, Joining
from services.reporting.domain.figures import Figure, rate
from services.reporting.domain.indicators.indicator import ACTIVITY_EVENTS, Indicator, Tallied, Text
from services.reporting.domain.periods import Period
from services.reporting.domain.subjects import ATTENDANCES, CONVERSIONS, FIRST_ATTENDANCES, HEAD_COUNTS

_PRESENCE = ("attendance-recorded", "participant-erased", *ACTIVITY_EVENTS)


def _present_as(*roles: str) -> Callable[[Attendance], bool]:
    return lambda fact: fact.outcome == "present" and fact.role in roles


def _persons(facts: Iterable[Attendance]) -> set[str]:
    return {fact.pid for fact in facts}


def distinct_persons(facts: Sequence[Attendance], _period: Period) -> Figure:
    """Persons, each once, whatever number of times they came."""
    return Figure(len(_persons(facts)))


def party_sizes(facts: Sequence[Attendance], _period: Period) -> Figure:
    """Presences: guests in somebody's party count too."""
    return Figure(sum(fact.party_size for fact in facts))


def new_persons(facts: Sequence[Attendance], period: Period) -> Figure:
    """Persons whose first presence ever, at whatever activity, falls in the period."""
    return Figure(len(_new(facts, period)))


def returning_persons(facts: Sequence[Attendance], period: Period) -> Figure:
    """The other persons: participants minus new participants."""
    return Figure(len(_persons(facts)) - len(_new(facts, period)))


def _new(facts: Iterable[Attendance], period: Period) -> set[str]:
    return {fact.pid for fact in facts if fact.first_day is not None and period.holds(fact.first_day)}


def head_counts(facts: Sequence[HeadCount], _period: Period) -> Figure:
    """Sum of head counts; null where nobody counted, which is not 0."""
    counted = [fact.value for fact in facts if fact.value is not None]
    return Figure(sum(counted)) if counted else Figure(None)


def _converts(fact: Attendance | Joining) -> bool:
    return isinstance(fact, Joining) or _present_as("participant", "professional")(fact)


def conversion(facts: Sequence[Attendance | Joining], _period: Period) -> Figure:
    """Members that joined via the activities / persons present there as participant or professional."""
    joined = sum(isinstance(fact, Joining) for fact in facts)
    return rate(joined, len({fact.pid for fact in facts if isinstance(fact, Attendance)}))


PARTICIPANTS: Final = Indicator(
    code="participants",
    unit="people",
    label=Text("Deelnemers", "Participants"),
    definition=Text(
        "Het aantal verschillende mensen dat in de periode minstens een keer als deelnemer aanwezig was.",
        "The number of distinct persons recorded present at least once as participant in the period.",
    ),
    events=_PRESENCE,
    subject=ATTENDANCES,
    keep=_present_as("participant"),
    measure=distinct_persons,
    tallied=Tallied(("participants",), lambda tally, _firsts: Figure(len(tally.participants))),
)
PROFESSIONALS: Final = Indicator(
    code="professionals",
    unit="people",
    label=Text("Professionals", "Professionals"),
    definition=Text(
        "Het aantal verschillende mensen dat in de periode minstens een keer als professional aanwezig was.",
        "The number of distinct persons recorded present at least once as professional in the period.",
    ),
    events=_PRESENCE,
    subject=ATTENDANCES,
    keep=_present_as("professional"),
    measure=distinct_persons,
    tallied=Tallied(("professionals",), lambda tally, _firsts: Figure(len(tally.professionals))),
)
ATTENDANCES_SUM: Final = Indicator(
    code="attendances",
    unit="presences",
    label=Text("Keren aanwezig", "Attendances"),
    definition=Text(
        "Hoe vaak deelnemers in de periode aanwezig waren. Wie iemand meeneemt, telt voor twee.",
        "How often participants were present in the period; party sizes are added up.",
    ),
    events=_PRESENCE,
    subject=ATTENDANCES,
    keep=_present_as("participant"),
    measure=party_sizes,
    tallied=Tallied(("attendances",), lambda tally, _firsts: Figure(tally.attendances)),
)
NEW: Final = Indicator(
    code="new-participants",
    unit="people",
    label=Text("Nieuwe deelnemers", "New participants"),
    definition=Text(
        "Deelnemers die in de periode voor het eerst ergens als deelnemer aanwezig waren.",
        "Participants whose first presence as participant ever, at any activity, falls in the period.",
    ),
    events=_PRESENCE,
    subject=FIRST_ATTENDANCES,
    keep=_present_as("participant"),
    measure=new_persons,
    tallied=Tallied(("participants",), lambda tally, firsts: Figure(len(tally.participants & firsts()))),
)
RETURNING: Final = Indicator(
    code="returning-participants",
    unit="people",
    label=Text("Terugkerende deelnemers", "Returning participants"),
    definition=Text(
        "Deelnemers die al eerder dan de periode ergens als deelnemer aanwezig waren.",
        "Participants whose first presence as participant ever lies before the period.",
    ),
    events=_PRESENCE,
    subject=FIRST_ATTENDANCES,
    keep=_present_as("participant"),
    measure=returning_persons,
    tallied=Tallied(("participants",), lambda tally, firsts: Figure(len(tally.participants - firsts()))),
)
VISITS: Final = Indicator(
    code="visits",
    unit="visits",
    label=Text("Bezoeken", "Visits"),
    definition=Text(
        "De som van de tellingen van bezoekers. Het zijn hoofden, geen verschillende mensen. Leeg als niemand telde.",
        "The sum of head counts, latest per count key: heads, not distinct persons. Null where nobody counted.",
    ),
    events=("visitors-counted", *ACTIVITY_EVENTS),
    subject=HEAD_COUNTS,
    keep=lambda fact: fact.value is not None,
    measure=head_counts,
    tallied=Tallied(
        ("visits", "counted"),
        lambda tally, _firsts: Figure(tally.visits) if tally.counted else Figure(None),
        of_place=True,
    ),
)
CONVERSION: Final = Indicator(
    code="conversion",
    unit="percent",
    label=Text("Lid geworden via de activiteit", "Joined via the activity"),
    definition=Text(
        "Leden die via een activiteit lid werden, als deel van de deelnemers en professionals die er waren.",
        "Members that joined via an activity, as a percentage of the persons present there as participant or "
        "professional.",
    ),
    events=("member-joined", "member-left", *_PRESENCE),
    subject=CONVERSIONS,
    keep=_converts,
    measure=conversion,
    tallied=Tallied(
        ("joined", "participants", "professionals"),
        lambda tally, _firsts: rate(
            tally.joined, len(tally.participants.union(tally.participants, tally.professionals))
        ),
    ),
    only_by=("activity",),
)
