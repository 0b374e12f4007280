"""Random histories of the stream: posts that the real registration decides, and every form its log takes meanwhile."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from services.registration import event_log
from services.registration.app import MIGRATIONS
from services.registration.domain import commands as c
from services.registration.domain.commands import Post
from services.registration.domain.persons import Participant
from services.registration.usecases.coalition import put_partner
from services.registration.usecases.record_events import record
from shared.database import connect, reading, upgrade
from shared.messaging.cloud_event_format import Entry

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""A Sunday noon, when every history begins."""
MOST = 10_000
_PERSON_KEY = b"p" * 40
_OWNERS = ("avedan", "scoop")
_PASSES = {"carl": "pas-1"}
"""Who shares a reference between partners: one person at all of them."""


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


@dataclass(frozen=True, slots=True)
class Written:
    """An event of the log, in every form it was sent in: as it was written, and after each erasure that rewrote it."""

    sequence: int
    forms: Sequence[bytes]

    def entry(self, form: int = -1) -> Entry:
        """As the stream brings it."""
        return Entry(f"{self.sequence}-0", self.forms[form])


@dataclass
class Log:
    """What registration has written. `sealed`: the log as a rebuild reads it, when all erasures are confirmed."""

    events: list[Written] = field(default_factory=list)
    sealed: list[Entry] = field(default_factory=list)
    end: datetime = BEGIN

    def in_order(self) -> list[Entry]:
        """As a consumer gets it that was never late: every event in the form of its first day."""
        return [written.entry(0) for written in self.events]

    def states(self) -> Mapping[str, Mapping[str, Any]]:
        """Subject -> its last state by the log, erased people under their token; for a plain recount."""
        wholes = [orjson.loads(entry.body) for entry in self.sealed]
        return {whole["subject"]: {**whole["data"], "event": whole["type"].split(".")[2]} for whole in wholes}

    def lines(self) -> str:
        """The log for somebody who reads a failure."""
        wholes = [orjson.loads(entry.body) for entry in self.in_order()]
        told = (f"{w['sequence']:>3} {w['type'][11:-3]} {w['subject']} v{w['data']['version']}" for w in wholes)
        return "\n".join(("", *told))


@contextmanager
def registration_database(folder: Path) -> Iterator[Engine]:
    """A migrated database that histories are written in, each rolled back at its end."""
    engine = connect(f"sqlite:///{folder / 'registration.db'}")
    upgrade(engine, MIGRATIONS)
    yield engine
    engine.dispose()


def log_of(engine: Engine, history: History) -> Log:
    """What registration makes of a history; nothing of it stays in its database."""
    log = Log()
    with reading(engine) as connection:
        for number, (minutes, step) in enumerate(history, 1):
            log.end += timedelta(minutes=minutes)
            _take(connection, step, number, log.end)
            _note_forms(connection, log)
        event_log.mark_confirmed(connection, MOST)
        log.sealed = [_entry(found) for found in event_log.read(connection, 0, MOST)]
    return log


def _take(connection: Connection, step: Step, number: int, now: datetime) -> None:
    if isinstance(step, Enters):
        left = date(2026, 3, 9) if step.left else None
        put_partner(connection, step.partner, "Avedan", "partner", "GM0141", date(2019, 5, 1), left, now)
        return
    partner = str(next(iter(vars(step).values()))).partition("/")[0]
    key = f"event-{number}"
    record(connection, [Post(partner, "urn:nld:test", key, now, key, step.command())], now, _PERSON_KEY)


def _entry(found: event_log.LogEntry) -> Entry:
    return Entry(f"{found.sequence}-0", found.on_stream())


def _note_forms(connection: Connection, log: Log) -> None:
    for found in event_log.read(connection, 0, MOST):
        sent = found.on_stream()
        if found.sequence > len(log.events):
            log.events.append(Written(found.sequence, (sent,)))
        elif sent != (known := log.events[found.sequence - 1]).forms[-1]:
            log.events[found.sequence - 1] = Written(known.sequence, (*known.forms, sent))


ACTIVITIES = st.sampled_from(("avedan/one", "avedan/one", "scoop/three"))
SIGNUPS = st.sampled_from(("avedan/s1", "avedan/s2", "avedan/s3", "scoop/s4", "scoop/s5"))
PEOPLE = st.sampled_from(("anna", "ben", "carl"))
ROLES = st.sampled_from(("participant", "volunteer", "professional"))
PAUSES = st.sampled_from((0, 1, 60, 660, 1440, 4000))
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
OF_MESSAGES = st.one_of(*_ABOUT_ACTIVITIES, *_ABOUT_ACTIVITIES, *_ABOUT_SIGNUPS, *_ABOUT_SIGNUPS, _ERASURES)


def histories(steps: st.SearchStrategy[Any], most: int = 12) -> st.SearchStrategy[History]:
    """Up to so many steps after the beginning that all share."""
    return st.lists(st.tuples(PAUSES, steps), min_size=3, max_size=most).map(lambda rest: (*FIRST, *rest))


class Arrival(NamedTuple):
    """One delivery: which event, and in which of its forms."""

    sequence: int
    form: int


Batches = Sequence[Sequence[Arrival]]


@st.composite
def deliveries(draw: st.DrawFn, log: Log) -> Batches:
    """All of the log in any order, some of it repeatedly, each in any of its forms, cut into any batches."""
    numbers = range(1, len(log.events) + 1)
    repeated = draw(st.lists(st.sampled_from(numbers), max_size=4))
    order = draw(st.one_of(_late([*numbers, *repeated]), st.permutations([*numbers, *repeated])))
    arrivals = [Arrival(number, draw(_form(log.events[number - 1]))) for number in order]
    ends = draw(st.lists(st.booleans(), min_size=len(arrivals) - 1, max_size=len(arrivals) - 1))
    cuts = [place for place, end in enumerate(ends, 1) if end]
    return [arrivals[start:end] for start, end in pairwise([0, *cuts, len(arrivals)])]


def _late(numbers: Sequence[int]) -> st.SearchStrategy[list[int]]:
    """In order, but for some that come a little late."""
    delays = st.lists(st.sampled_from((0, 0, 0, 2, 5)), min_size=len(numbers), max_size=len(numbers))
    return delays.map(
        lambda late: [n for _, n in sorted(zip(map(sum, zip(numbers, late, strict=True)), numbers, strict=True))]
    )


def _form(written: Written) -> st.SearchStrategy[int]:
    return st.integers(0, len(written.forms) - 1)


def entries(log: Log, batch: Sequence[Arrival]) -> list[Entry]:
    """A batch as bytes."""
    return [log.events[arrival.sequence - 1].entry(arrival.form) for arrival in batch]


def for_any_history(
    registration: Engine, consumer: Engine, steps: st.SearchStrategy[Any], check: Callable[[Log, st.DataObject], None]
) -> None:
    """Hold a property to random histories: a few score on SQLite, a quarter of that on PostgreSQL.

    KOMERBIJ_TEST_EXAMPLES says how many on SQLite, for a long run.
    """
    most = int(os.environ.get("KOMERBIJ_TEST_EXAMPLES", "40")) // (4 if consumer.dialect.name == "postgresql" else 1)

    @settings(_SETTINGS, max_examples=most)
    @given(history=histories(steps), data=st.data())
    def hold(history: History, data: st.DataObject) -> None:
        log = log_of(registration, history)
        note(log.lines())
        check(log, data)

    hold()


def finds_a_failure(
    registration: Engine, steps: st.SearchStrategy[Any], check: Callable[[Log, st.DataObject], None]
) -> bool:
    """Does the property fail for one of three hundred histories, the same ones every time?"""

    @settings(_SETTINGS, max_examples=300, derandomize=True, phases=[Phase.generate])
    @given(history=histories(steps), data=st.data())
    def hold(history: History, data: st.DataObject) -> None:
        check(log_of(registration, history), data)

    try:
        hold()
    except AssertionError:
        return True
    return False


_SETTINGS = settings(
    deadline=None, database=None, report_multiple_bugs=False, suppress_health_check=[HealthCheck.too_slow]
)
