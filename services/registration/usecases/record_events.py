"""The write door's use case: each post decided once and for good, in order, one bad one harming no other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.registration import event_log
from services.registration.domain import commands as c
from services.registration.domain.commands import Post
from services.registration.domain.results import Duplicate, Rejected, Result
from services.registration.store import received
from services.registration.usecases import activities, attendance, coalition, erasure, outreach, signups
from services.registration.usecases.prefetch import prefetch
from services.registration.usecases.work import Taken, Work
from shared.errors import FieldFault, Refusal

_HANDLERS: dict[type[Any], Callable[[Work, Post, Any], Taken]] = {
    c.ScheduleActivity: activities.schedule,
    c.CancelActivity: activities.cancel,
    c.PlaceSignup: signups.place,
    c.WithdrawSignup: signups.withdraw,
    c.RecordAttendance: attendance.record,
    c.CountVisitors: attendance.count,
    c.RecordOutreach: outreach.record,
    c.AssignVolunteer: coalition.assign,
    c.ReleaseVolunteer: coalition.release,
    c.JoinMember: coalition.join,
    c.LeaveMember: coalition.leave,
    c.EraseParticipant: erasure.erase,
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """One result per post, in order, and the log's head after the commit."""

    results: Sequence[Result]
    head: int


def record(connection: Connection, posts: Sequence[Post], now: datetime, person_key: bytes) -> Recorded:
    """Decide a chunk of posts in the caller's transaction. `now` is the moment of arrival.

    A repeat gets its first answer before any rule is asked; a refused post leaves no trace (contract section 3).
    """
    event_log.lock(connection)
    work = Work(connection, now, person_key)
    results = _decided(work, posts)
    work.flush()
    return Recorded(results, work.head)


def rehearse(connection: Connection, posts: Sequence[Post], now: datetime, person_key: bytes) -> Recorded:
    """As `record`, in a transaction that the caller rolls back: nothing is written but what later posts must see."""
    head = event_log.lock(connection)
    return Recorded(_decided(Work(connection, now, person_key), posts), head)


def _decided(work: Work, posts: Sequence[Post]) -> list[Result]:
    known = received.known(work.connection, (post.key for post in posts))
    prefetch(work, [post for post in posts if post.key not in known])
    return [_one(work, post, known) for post in posts]


def _one(work: Work, post: Post, known: dict[received.Key, received.Received]) -> Result:
    before = known.get(post.key)
    if before is not None:
        return _again(post, before)
    try:
        taken = _HANDLERS[type(post.command)](work, post, post.command)
    except Refusal as refusal:
        return Rejected(refusal)
    accepted = replace(taken.accepted, overrides=(*post.overrides, *taken.accepted.overrides))
    work.remember(post, Taken(accepted, taken.pid))
    known[post.key] = received.Received(post.fingerprint, accepted.decision, accepted.overrides)
    return accepted


def _again(post: Post, before: received.Received) -> Result:
    if before.fingerprint is not None and before.fingerprint != post.fingerprint:
        text = "this id was accepted before with other content"
        return Rejected(Refusal("id-reused", text, (FieldFault("/id", "id-reused", text),)))
    return Duplicate(before.decision, tuple(before.overrides))
