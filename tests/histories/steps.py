"""What may happen in a random history: posts of partners, an operator, an erasure; and how often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from services.registration.domain import commands as c
from services.registration.domain.persons import Participant

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""A Sunday noon, when every history begins."""
_OWNERS = ("avedan", "scoop")
_PASSES = {"carl": "pas-1", "karel": "pas-1"}
"""Who shares a reference between partners: one person at all of them, under two references of one partner too."""


@dataclass(frozen=True)
class Plans:
    """`activity-scheduled`: planned, changed, moved or restored; it begins so many days after noon of the first day."""

    activity: str
    days: float = 9
    title: str = "Bingo"
    capacity: int | None = 2

    def command(self) -> c.Command:
        starts = BEGIN + timedelta(days=self.days)
        ends = starts + timedelta(hours=2)
        plan = c.Plan(self.title, "bingo", "initiative", starts, ends, "De Schelf", "Markt 1", capacity=self.capacity)
        return c.ScheduleActivity(self.activity, plan)


@dataclass(frozen=True)
class Cancels:
    activity: str

    def command(self) -> c.Command:
        return c.CancelActivity(self.activity, "storm")


@dataclass(frozen=True)
class SignsUp:
    signup: str
    activity: str
    who: str = "anna"
    role: str = "participant"
    party: int = 1
    reminders: bool = True

    def command(self) -> c.Command:
        return c.PlaceSignup(self.signup, self.activity, person(self.who), self.role, self.party, self.reminders)


@dataclass(frozen=True)
class Withdraws:
    signup: str

    def command(self) -> c.Command:
        return c.WithdrawSignup(self.signup)


@dataclass(frozen=True)
class Comes:
    """`attendance-recorded`; `void` takes it back."""

    activity: str
    who: str = "anna"
    outcome: str = "present"
    role: str | None = None

    def command(self) -> c.Command:
        return c.RecordAttendance(self.activity, None, person(self.who), self.outcome, self.role, None)


@dataclass(frozen=True)
class Counts:
    activity: str
    value: int | None

    def command(self) -> c.Command:
        return c.CountVisitors(self.activity, "door", self.value, None)


@dataclass(frozen=True)
class Reaches:
    outreach: str
    quantity: int
    void: bool = False

    def command(self) -> c.Command:
        day = date(2026, 3, 2)
        return c.RecordOutreach(
            self.outreach, "cards", "Kaarten", day, "awareness", None, self.quantity, None, "exact", "exact", self.void
        )


@dataclass(frozen=True)
class Helps:
    """`volunteer-assigned`; another person may take an assignment over."""

    assignment: str
    who: str = "anna"

    def command(self) -> c.Command:
        return c.AssignVolunteer(self.assignment, person(self.who), None, date(2026, 3, 1))


@dataclass(frozen=True)
class Stops:
    assignment: str

    def command(self) -> c.Command:
        return c.ReleaseVolunteer(self.assignment, date(2026, 3, 20))


@dataclass(frozen=True)
class Joins:
    member: str

    def command(self) -> c.Command:
        return c.JoinMember(self.member, "organisation", date(2026, 3, 1), None)


@dataclass(frozen=True)
class Leaves:
    member: str

    def command(self) -> c.Command:
        return c.LeaveMember(self.member, date(2026, 3, 9))


@dataclass(frozen=True)
class Erases:
    """`participant-erased`."""

    partner: str
    who: str = "anna"

    def command(self) -> c.Command:
        return c.EraseParticipant(person(self.who))


@dataclass(frozen=True)
class Enters:
    """An organisation of the coalition, or one that leaves."""

    partner: str
    left: bool = False


Step = (
    Plans
    | Cancels
    | SignsUp
    | Withdraws
    | Comes
    | Counts
    | Reaches
    | Helps
    | Stops
    | Joins
    | Leaves
    | Erases
    | Enters
)  # fmt: skip
History = Sequence[tuple[int, Step]]
"""What happens, each step so many minutes after the one before."""


def person(who: str) -> Participant:
    """Somebody by a partner's reference."""
    return Participant(who, _PASSES.get(who), age_band="75-84")


ACTIVITIES = st.sampled_from(("avedan/one", "avedan/one", "scoop/three"))
SIGNUPS = st.sampled_from(("avedan/s1", "avedan/s2", "avedan/s3", "scoop/s4", "scoop/s5"))
PEOPLE = st.sampled_from(("anna", "ben", "carl"))
ROLES = st.sampled_from(("participant", "volunteer", "professional"))
PAUSES = (0, 1, 60, 660, 1440, 4000)
"""Minutes."""
FIRST = (
    (0, Enters("avedan")),
    (0, Plans("avedan/one")),
    (0, Plans("scoop/three", capacity=None)),
    (0, SignsUp("avedan/s1", "avedan/one")),
)
"""So every history begins, that what follows has something to be about."""

_ABOUT_ACTIVITIES = (
    st.builds(Plans, ACTIVITIES, st.sampled_from((9, 8, 9.4, 12, 12.7)), st.sampled_from(("Bingo", "Grote bingo"))),
    st.builds(Plans, ACTIVITIES, st.sampled_from((9, 2, 0.5, -3)), st.just("Bingo"), st.sampled_from((1, 3, None))),
    st.builds(Cancels, ACTIVITIES),
)
_ABOUT_SIGNUPS = (
    st.builds(SignsUp, SIGNUPS, ACTIVITIES, PEOPLE, ROLES, st.sampled_from((1, 2)), st.booleans()),
    st.builds(SignsUp, SIGNUPS, ACTIVITIES, PEOPLE),
    st.builds(Withdraws, st.sampled_from(("avedan/s1", "avedan/s2", "scoop/s4"))),
)
_ABOUT_FACTS = (
    st.builds(Comes, ACTIVITIES, PEOPLE, st.sampled_from(("present", "absent", "void"))),
    st.builds(Comes, ACTIVITIES, PEOPLE, st.just("present"), ROLES),
    st.builds(Counts, ACTIVITIES, st.sampled_from((31, 0, None))),
    st.builds(Reaches, st.just("avedan/cards"), st.sampled_from((100, 120)), st.booleans()),
    st.builds(Helps, st.just("avedan/shift"), PEOPLE),
    st.builds(Stops, st.just("avedan/shift")),
    st.builds(Joins, st.just("avedan/member")),
    st.builds(Leaves, st.just("avedan/member")),
    st.builds(Enters, st.sampled_from(_OWNERS), st.booleans()),
)
_ERASURES = st.builds(Erases, st.sampled_from(_OWNERS), PEOPLE)

EVERYTHING = st.one_of(*_ABOUT_ACTIVITIES, *_ABOUT_SIGNUPS, *_ABOUT_FACTS, _ERASURES, _ERASURES)
OF_SIGNUPS = st.one_of(*_ABOUT_SIGNUPS)
OF_MESSAGES = st.one_of(*_ABOUT_ACTIVITIES, *_ABOUT_ACTIVITIES, *_ABOUT_SIGNUPS, *_ABOUT_SIGNUPS, _ERASURES)


def histories(steps: st.SearchStrategy[Any], most: int = 12) -> st.SearchStrategy[History]:
    """Up to so many steps after the beginning that all share."""
    return st.lists(st.tuples(st.sampled_from(PAUSES), steps), min_size=3, max_size=most).map(
        lambda rest: (*FIRST, *rest)
    )
