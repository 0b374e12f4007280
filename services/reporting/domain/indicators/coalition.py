"""Indicators about the coalition itself: volunteers, partners, members."""

from collections.abc import Sequence
from typing import Final

from services.reporting.domain.facts import Assignment, Member, Partner
from services.reporting.domain.figures import Figure
from services.reporting.domain.indicators.indicator import Indicator, Text
from services.reporting.domain.periods import Period
from services.reporting.domain.subjects import ASSIGNMENTS, MEMBERS, MEMBERS_JOINED, PARTNERS

_PARTNER = ("partner-joined", "partner-left")


def distinct_volunteers(facts: Sequence[Assignment], _period: Period) -> Figure:
    """Persons, each once, whatever number of assignments they have."""
    return Figure(len({fact.pid for fact in facts}))


def count(facts: Sequence[Member | Partner], _period: Period) -> Figure:
    """How many."""
    return Figure(len(facts))


VOLUNTEERS: Final = Indicator(
    code="volunteers",
    unit="people",
    label=Text("Vrijwilligers", "Volunteers"),
    definition=Text(
        "Het aantal verschillende mensen dat op de laatste dag van de periode vrijwilliger is.",
        "The number of distinct persons with an assignment active on the last day of the period.",
    ),
    events=("volunteer-assigned", "volunteer-released", "participant-erased", *_PARTNER),
    subject=ASSIGNMENTS,
    keep=lambda _fact: True,
    measure=distinct_volunteers,
)
PARTNERS_COUNT: Final = Indicator(
    code="partners",
    unit="organisations",
    label=Text("Partners", "Partners"),
    definition=Text(
        "Het aantal organisaties dat op de laatste dag van de periode meedoet in de coalitie.",
        "The number of organisations of the coalition on the last day of the period.",
    ),
    events=_PARTNER,
    subject=PARTNERS,
    keep=lambda _fact: True,
    measure=count,
)
MEMBERS_COUNT: Final = Indicator(
    code="members",
    unit="organisations",
    label=Text("Leden van het netwerk", "Members"),
    definition=Text(
        "Het aantal organisaties en professionals dat op de laatste dag van de periode lid is van het netwerk.",
        "The number of organisations and professionals that are members on the last day of the period.",
    ),
    events=("member-joined", "member-left", *_PARTNER),
    subject=MEMBERS,
    keep=lambda _fact: True,
    measure=count,
)
JOINED: Final = Indicator(
    code="members-joined",
    unit="organisations",
    label=Text("Nieuwe leden van het netwerk", "Members joined"),
    definition=Text(
        "Het aantal organisaties en professionals dat in de periode lid werd, ook als ze later weggingen.",
        "The number of organisations and professionals that joined in the period; leaving later takes nothing away.",
    ),
    events=("member-joined", "member-left", *_PARTNER),
    subject=MEMBERS_JOINED,
    keep=lambda _fact: True,
    measure=count,
)
