"""Attendance and head counts: facts, never refused for a rule."""

from dataclasses import replace
from typing import NamedTuple

from services.registration.domain.activities import Activity
from services.registration.domain.commands import CountVisitors, Post, RecordAttendance
from services.registration.domain.facts import Attendance, HeadCount, attendance_overrides
from services.registration.domain.order import later
from services.registration.domain.results import Accepted
from services.registration.domain.signups import Signup
from services.registration.event_log import Announcement
from services.registration.usecases.work import Taken, Work, base, known_activity, known_signup, own
from shared.errors import FieldFault, Refusal
from shared.events import facts as wire


class _Whose(NamedTuple):
    pid: str
    ref: str
    role: str
    signup: Signup | None
    age_band: str | None
    neighbourhood: str | None
    party_size: int = 1


def record(work: Work, post: Post, command: RecordAttendance) -> Taken:
    """Who came, was absent or excused; `void` takes it back. The latest by time wins."""
    own(post, command.activity, "/data/activityId")
    activity = known_activity(work, command.activity, "/data/activityId")
    whose = _whose(work, post, command)
    known = work.chunk.attendances.get(activity.ref, whose.pid, whose.role)
    fact = _fact(post, command, activity, whose, version=known.version if known else 0)
    overrides = attendance_overrides(activity, fact, whose.signup, work.chunk.places(activity.ref, whose.role))
    if known is not None and not later(post.stamp, known.stamp):
        return Taken(Accepted(None, (*overrides, "superseded")), whose.pid)
    if _told(known) != _told(fact):
        fact = replace(fact, version=fact.version + 1)
        subject = f"attendance/{fact.activity}/{fact.pid}/{fact.role}"
        work.announce(Announcement(subject, _wire(work, post, fact), fact.pid, post.extensions))
    work.chunk.attendances.put(fact)
    return Taken(Accepted(None, overrides), whose.pid)


def _whose(work: Work, post: Post, command: RecordAttendance) -> _Whose:
    if command.signup is not None:
        signup = known_signup(work, command.signup, "/data/signupId")
        if signup.activity != command.activity:
            text = "this sign-up is for another activity"
            raise Refusal("invalid", text, (FieldFault("/data/signupId", "other-activity", text),))
        return _of_signup(work, signup, command.role or signup.role)
    if command.participant is None:
        raise Refusal("invalid", "signupId or participant is needed")
    person, role = command.participant, command.role or "participant"
    pid = work.meet(post, person)
    signup_or_none = work.chunk.active_signup(command.activity, pid, role)
    return _Whose(
        pid,
        person.ref,
        role,
        signup_or_none,
        person.age_band or (signup_or_none.age_band if signup_or_none else None),
        person.neighbourhood or (signup_or_none.neighbourhood if signup_or_none else None),
    )


def _of_signup(work: Work, signup: Signup, role: str) -> _Whose:
    """Where its person is forgotten, it was somebody new who came by this sign-up (contract section 7)."""
    pid = work.pid_of(signup)
    ref, known = (pid, None) if signup.forgotten else (signup.participant_ref, signup)
    return _Whose(pid, ref, role, known, signup.age_band, signup.neighbourhood, signup.party_size)


def _fact(post: Post, command: RecordAttendance, activity: Activity, whose: _Whose, version: int) -> Attendance:
    return Attendance(
        activity=activity.ref,
        pid=whose.pid,
        role=whose.role,
        participant_ref=whose.ref,
        outcome=command.outcome,
        party_size=command.party_size or whose.party_size,
        signup=whose.signup.ref if whose.signup else None,
        age_band=whose.age_band,
        neighbourhood=whose.neighbourhood,
        stamp=post.stamp,
        version=version,
    )


def _told(fact: Attendance | None) -> tuple[object, ...] | None:
    """What a consumer could see a difference in."""
    if fact is None:
        return None
    return fact.outcome, fact.party_size, fact.signup, fact.age_band, fact.neighbourhood


def _wire(work: Work, post: Post, fact: Attendance) -> wire.AttendanceRecordedV1:
    return wire.AttendanceRecordedV1(
        **base(work, post, fact.version),
        activity=fact.activity,
        pid=fact.pid,
        role=fact.role,
        outcome=fact.outcome,
        party_size=fact.party_size,
        signup=fact.signup,
        age_band=fact.age_band,
        neighbourhood=fact.neighbourhood,
    )


def count(work: Work, post: Post, command: CountVisitors) -> Taken:
    """A head count: absolute, latest by time; 0 is a count, None takes it back."""
    own(post, command.activity, "/data/activityId")
    activity = known_activity(work, command.activity, "/data/activityId")
    known = work.chunk.head_counts.get(activity.ref, command.count_key)
    overrides = ("activity-cancelled",) if activity.cancelled else ()
    if known is not None and not later(post.stamp, known.stamp):
        return Taken(Accepted(None, (*overrides, "superseded")))
    told = known is None or (known.value, known.method) != (command.value, command.method)
    version = (known.version if known else 0) + told
    fact = HeadCount(activity.ref, command.count_key, command.value, command.method, post.stamp, version)
    work.chunk.head_counts.put(fact)
    if told:
        data = wire.VisitsCountedV1(
            **base(work, post, version),
            activity=activity.ref,
            count_key=fact.count_key,
            value=fact.value,
            method=fact.method,
        )
        work.announce(Announcement(f"visits/{activity.ref}/{fact.count_key}", data, None, post.extensions))
    return Taken(Accepted(None, overrides))
