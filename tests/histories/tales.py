"""Random tales for figures: all that the stream can tell, over years, in any order and number."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from shared.events.envelope import StreamEvent
from tests.histories.naive_world import Told
from tests.integration.reporting.story import Story


@dataclass(frozen=True)
class Step:
    """A call of the teller; printed as it can be pasted into a test."""

    call: str
    words: tuple[Any, ...]
    members: dict[str, Any]

    def tell(self, story: Story) -> None:
        """Add it to a story. Every erasure has a token of its own."""
        once = (f"token-{len(story.events)}",) if self.call == "erase" else ()
        getattr(story, self.call)(*self.words, *once, **self.members)

    def __repr__(self) -> str:
        once = ("a token",) if self.call == "erase" else ()
        said = [*map(repr, (*self.words, *once)), *(f"{name}={value!r}" for name, value in self.members.items())]
        return f"story.{self.call}({', '.join(said)})"


Steps = Sequence[Step]

ACTIVITIES = ("avedan/a", "avedan/b", "scoop/a", "scoop/c", "titus/d")
PEOPLE = ("pid-anna", "pid-ben", "pid-carl", "pid-dora")
_ACTIVITY_AT_HAND = ("avedan/a", "avedan/a", *ACTIVITIES)
_PERSON_AT_HAND = (PEOPLE[0], PEOPLE[0], *PEOPLE)
"""Some come up more often, so that facts are corrected."""
STARTS = (
    "2023-06-30T23:59:00+02:00",
    "2023-12-31T22:59:00Z",
    "2023-12-31T23:30:00Z",
    "2024-01-15T10:00:00+01:00",
    "2024-02-29T19:00:00+01:00",
    "2024-03-31T01:30:00Z",
    "2024-06-30T22:15:00Z",
    "2024-07-01T14:00:00+02:00",
    "2024-10-27T01:30:00Z",
    "2024-12-31T22:30:00Z",
    "2024-12-31T23:30:00Z",
    "2025-03-05T10:00:00+01:00",
)
"""Both sides of local midnights, of quarters and of years; a leap day; both changes of the clock."""
DAYS = ("2023-06-30", "2023-12-31", "2024-01-01", "2024-02-29", "2024-03-31", "2024-07-01", "2024-12-31", "2025-01-01")
SIGNUPS = {
    f"{partner}/{activity.replace('/', '-')}-{PEOPLE.index(who)}": (
        activity,
        who,
        "volunteer" if who == PEOPLE[3] else "participant",
    )
    for partner, activity, who in (
        *(("avedan", "avedan/a", who) for who in PEOPLE),
        *(("scoop", "avedan/b", who) for who in PEOPLE[:2]),
        *(("scoop", "scoop/a", who) for who in PEOPLE[1:]),
        ("titus", "titus/d", PEOPLE[0]),
    )
}
"""Sign-up -> what it is for, whose and in which role, which never change; some are referrals."""
_PLACES = (None, "Centrum", "Noordflank")
_SERIES = (None, "avedan/soep", "scoop/loop")
_GOALS = ("awareness", "initiative", "local-approach")
_PRECISIONS = ("exact", "about", "over", "more-than")


def _step(call: str, *words: st.SearchStrategy[Any], **members: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    """Each of the members may be left unsaid."""
    return st.builds(Step, st.just(call), st.tuples(*words), st.fixed_dictionaries({}, optional=members))


def _signup_of(ref: str) -> st.SearchStrategy[Step]:
    activity, who, role = SIGNUPS[ref]
    status = _any("confirmed", "confirmed", "waitlisted", "promoted", "withdrawn")
    more = st.fixed_dictionaries({"role": st.just(role)}, optional={"partySize": _any(1, 2), **_PERSON})
    return st.builds(Step, st.just("signup"), st.tuples(st.just(ref), st.just(activity), st.just(who), status), more)


def _attendance_of(ref: str) -> st.SearchStrategy[Step]:
    activity, who, role = SIGNUPS[ref]
    more = st.fixed_dictionaries({"role": st.just(role)}, optional={"partySize": _any(1, 2), **_PERSON})
    return st.builds(Step, st.just("attendance"), st.tuples(st.just(activity), st.just(who), _OUTCOME), more)


def _any(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


_OUTCOME = _any("present", "present", "present", "absent", "absent", "excused", "void")
_PERSON = {"ageBand": _any(None, "18-34", "75-84", "85+"), "neighbourhood": _any(*_PLACES)}
_ACTIVITY = _step(
    "activity",
    _any(*ACTIVITIES),
    _any(*STARTS),
    kind=_any("bingo", "walk", "congress", "other"),
    goal=_any(*_GOALS),
    seriesId=_any(*_SERIES),
    place=_any(*_PLACES),
    capacity=_any(None, 1, 3, 12),
    status=_any("scheduled", "scheduled", "cancelled"),
)
_ATTENDANCE = _step(
    "attendance",
    _any(*_ACTIVITY_AT_HAND),
    _any(*_PERSON_AT_HAND),
    _OUTCOME,
    role=_any("participant", "participant", "professional", "volunteer"),
    partySize=_any(1, 2, 5),
    **_PERSON,
)
_SIGNUP = st.sampled_from(sorted(SIGNUPS)).flatmap(_signup_of)
_OF_A_SIGNUP = st.sampled_from(sorted(SIGNUPS)).flatmap(_attendance_of)
_OTHERS = (
    _step("heads", _any(*_ACTIVITY_AT_HAND), _any(0, 7, 36, None), key=_any("door", "garden")),
    _step(
        "outreach",
        _any("avedan/o1", "avedan/o2", "scoop/o1"),
        kind=_any("cards", "flowers", "other"),
        day=_any(*DAYS),
        goal=_any(*_GOALS),
        seriesId=_any(*_SERIES),
        quantity=_any(None, 288, 712, 0, 5),
        personalised=_any(None, 5),
        precision=_any(*_PRECISIONS),
        personalisedPrecision=_any(*_PRECISIONS),
        void=_any(False, False, True),
    ),
    _step(
        "volunteer",
        _any("avedan/v1", "avedan/v2", "scoop/v1"),
        _any(*PEOPLE),
        _any(*DAYS),
        last=_any(None, *DAYS),
        seriesId=_any(*_SERIES),
        **_PERSON,
    ),
    _step(
        "member",
        _any("avedan/m1", "avedan/m2", "scoop/m1"),
        _any(*DAYS),
        left=_any(None, None, *DAYS),
        via=_any(None, *ACTIVITIES, "avedan/never-told"),
        kind=_any("organisation", "professional"),
    ),
    _step(
        "partner",
        _any("avedan", "scoop", "titus"),
        kind=_any("partner", "chain-partner"),
        joined=_any("2019-01-01", "2024-07-01"),
        left=_any(None, None, "2024-06-30", "2018-12-31"),
        municipality=_any("GM0141", "GM0153"),
    ),
    _step("erase", _any(*_PERSON_AT_HAND)),
)
_OFTEN = (_ACTIVITY, *[_ATTENDANCE] * 4, *[_SIGNUP, _OF_A_SIGNUP] * 2, *_OTHERS, _OTHERS[1])
STEPS = st.sampled_from(range(len(_OFTEN))).flatmap(lambda which: _OFTEN[which])
"""`one_of` would take each of them once, however often it is named."""


def tales(least: int = 6, most: int = 40) -> st.SearchStrategy[list[Step]]:
    """A few activities first, as nearly all that follows is about them; then anything."""
    begin = st.lists(_ACTIVITY, min_size=2, max_size=5, unique_by=lambda step: step.words[0])
    return st.builds(lambda first, rest: [*first, *rest], begin, st.lists(STEPS, min_size=least, max_size=most))


def told(steps: Steps) -> list[StreamEvent]:
    """The tale as a log."""
    story = Story()
    for step in steps:
        step.tell(story)
    return story.events


def plain(events: Sequence[StreamEvent]) -> list[Told]:
    """Events as a plain reader of the log sees them, in its order, each once."""
    once = {event.sequence: event for event in events}
    in_order = [once[sequence] for sequence in sorted(once)]
    return [Told(e.name, e.subject, e.data.model_dump(mode="json", by_alias=True)) for e in in_order]


@st.composite
def arrivals(draw: st.DrawFn, events: Sequence[StreamEvent]) -> Sequence[Sequence[StreamEvent]]:
    """All of them, as they happened or in any order, some of them again, in up to six batches."""
    again = draw(st.lists(st.sampled_from(events), max_size=8))
    order = draw(st.one_of(st.just([*events, *again]), st.permutations([*events, *again])))
    cuts = draw(st.sets(st.integers(1, len(order) - 1), min_size=min(2, len(order) - 1), max_size=5))
    return [order[start:end] for start, end in pairwise(sorted({0, *cuts, len(order)}))]
