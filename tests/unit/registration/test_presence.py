"""Named beside counted, and where the two do not fit: shown, never corrected (decision 0015)."""

import pytest

from services.registration.domain.activities import Activity, cancelled
from services.registration.domain.facts import Attendance, HeadCount
from services.registration.domain.presence import Presence, presence
from tests.unit.registration.values import activity, rank


def came(number: int = 1, role: str = "participant", outcome: str = "present", party_size: int = 1) -> Attendance:
    return Attendance(
        activity="avedan/bingo",
        pid=f"pid-{number}",
        role=role,
        participant_ref=f"client-{number}",
        outcome=outcome,
        party_size=party_size,
        signup=None,
        age_band=None,
        neighbourhood=None,
        stamp=rank(0),
        version=1,
    )


def count(value: int | None, key: str = "total") -> HeadCount:
    return HeadCount("avedan/bingo", key, value, "tally", rank(0), 1)


def shown(where: Activity, *facts: Attendance | HeadCount) -> Presence:
    people = [fact for fact in facts if isinstance(fact, Attendance)]
    return presence(where, people, [fact for fact in facts if isinstance(fact, HeadCount)])


OFF = cancelled(activity(), None, rank(5)).activity
SMALL_AND_OFF = cancelled(activity(capacity=1), None, rank(5)).activity
TWO = (came(1), came(2))
HELPERS = (came(3, "volunteer"), came(4, "volunteer"), came(5, "volunteer"))


@pytest.mark.parametrize(
    ("where", "facts", "conflicts"),
    [
        (activity(), (), []),
        (activity(capacity=2), (*TWO, count(2)), []),
        (activity(), (*TWO, count(1)), ["counted-below-named"]),
        (activity(), (*TWO, count(0)), ["counted-below-named"]),
        (activity(), (*TWO, count(None)), []),
        (activity(), (*TWO, count(1, "door-1"), count(1, "door-2")), []),
        (activity(), (*TWO, came(6, outcome="absent"), count(2)), []),
        (activity(), (*TWO, *HELPERS, count(2)), []),
        (activity(), (came(1, "professional", party_size=5), count(0)), []),
        (activity(capacity=1), TWO, ["over-capacity"]),
        (activity(capacity=2), (came(1, party_size=3),), ["over-capacity"]),
        (activity(capacity=2), (*TWO, came(3, "professional")), ["over-capacity"]),
        (activity(capacity=2), (*TWO, count(3)), ["over-capacity"]),
        (activity(capacity=2), (*TWO, *HELPERS), []),
        (activity(capacity=0), (count(0),), []),
        (activity(volunteer_capacity=3), HELPERS, []),
        (activity(volunteer_capacity=2), HELPERS, ["over-capacity"]),
        (OFF, TWO, ["present-while-cancelled"]),
        (OFF, HELPERS, ["present-while-cancelled"]),
        (OFF, (count(1),), ["present-while-cancelled"]),
        (OFF, (count(0), came(outcome="absent"), came(2, outcome="void")), []),
        (SMALL_AND_OFF, (*TWO, count(1)), ["counted-below-named", "over-capacity", "present-while-cancelled"]),
    ],
)
def test_what_does_not_fit_is_said(
    where: Activity, facts: tuple[Attendance | HeadCount, ...], conflicts: list[str]
) -> None:
    assert list(shown(where, *facts).conflicts) == conflicts


def test_named_are_the_parties_of_who_was_present_by_role() -> None:
    facts = (
        came(1, party_size=3),
        came(2),
        came(2, "volunteer"),
        came(3, outcome="absent"),
        came(4, outcome="excused"),
    )
    assert shown(activity(), *facts).named == {"participant": 4, "volunteer": 1, "professional": 0}


def test_nobody_counted_is_not_nobody_came() -> None:
    assert shown(activity()).counted is None
    assert shown(activity(), count(None)).counted is None
    assert shown(activity(), count(0)).counted == 0
    assert shown(activity(), count(None), count(4, "door"), count(3, "garden")).counted == 7


def test_people_come_by_role_and_reference_without_what_was_taken_back() -> None:
    facts = (came(2, "professional"), came(3), came(1), came(4, outcome="void"), came(1, "volunteer"))
    people = [(one.role, one.participant_ref) for one in shown(activity(), *facts).people]
    assert people == [
        ("participant", "client-1"),
        ("participant", "client-3"),
        ("volunteer", "client-1"),
        ("professional", "client-2"),
    ]
