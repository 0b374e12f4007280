"""Volunteers' assignments, members of the network, and the partners themselves."""

from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from services.registration import event_log
from services.registration.domain.coalition import Assignment, Member, Partner, left, released
from services.registration.domain.commands import AssignVolunteer, JoinMember, LeaveMember, Post, ReleaseVolunteer
from services.registration.domain.order import later
from services.registration.domain.results import Accepted
from services.registration.event_log import Announcement
from services.registration.store.chunk import Chunk
from services.registration.usecases.work import Taken, Work, base, known_activity, own, unknown
from shared.events import coalition as wire

_SUPERSEDED = Accepted(None, ("superseded",))


def assign(work: Work, post: Post, command: AssignVolunteer) -> Taken:
    """Somebody takes up voluntary work; a later assignment under the same id undoes a release."""
    own(post, command.assignment, "/data/assignmentId")
    known = work.chunk.assignments.get(command.assignment)
    pid = work.meet(post, command.participant)
    if known is not None and not later(post.stamp, known.start_stamp):
        return Taken(_SUPERSEDED, pid)
    new = Assignment(
        ref=command.assignment,
        pid=pid,
        participant_ref=command.participant.ref,
        series=command.series,
        from_date=command.from_date,
        age_band=command.participant.age_band,
        neighbourhood=command.participant.neighbourhood,
        start_stamp=post.stamp,
        until_given=known.until_given if known else None,
        end_stamp=known.end_stamp if known else None,
        version=(known.version if known else 0) + 1,
    )
    return _assigned(work, post, new, superseded=new.until is not None)


def release(work: Work, post: Post, command: ReleaseVolunteer) -> Taken:
    """Somebody lays it down; `until` before `from` means: never active."""
    own(post, command.assignment, "/data/assignmentId")
    known = work.chunk.assignments.get(command.assignment)
    if known is None:
        raise unknown("assignment", "/data/assignmentId")
    new = released(known, command.until, post.stamp)
    if new is None:
        return Taken(_SUPERSEDED, known.pid)
    return _assigned(work, post, new, superseded=new.until is None)


def _assigned(work: Work, post: Post, new: Assignment, *, superseded: bool) -> Taken:
    work.chunk.assignments.put(new)
    data: dict[str, Any] = {
        **base(work, post, new.version),
        "assignment_id": new.ref.partition("/")[2],
        "pid": new.pid,
        "series_id": new.series,
        "from_": new.from_date,
        "until": new.until,
        "age_band": new.age_band,
        "neighbourhood": new.neighbourhood,
    }
    kind = wire.VolunteerAssignedV1 if new.until is None else wire.VolunteerReleasedV1
    work.announce(Announcement(f"assignment/{new.ref}", kind(**data), new.pid, post.extensions))
    return Taken(_SUPERSEDED if superseded else Accepted(), new.pid)


def join(work: Work, post: Post, command: JoinMember) -> Taken:
    """An organisation or professional joins; a later joining under the same id undoes a leave."""
    own(post, command.member, "/data/memberId")
    if command.via_activity is not None:
        known_activity(work, command.via_activity, "/data/viaActivityId")
    known = work.chunk.members.get(command.member)
    if known is not None and not later(post.stamp, known.start_stamp):
        return Taken(_SUPERSEDED)
    new = Member(
        ref=command.member,
        kind=command.kind,
        joined_on=command.joined_on,
        via_activity=command.via_activity,
        start_stamp=post.stamp,
        left_given=known.left_given if known else None,
        end_stamp=known.end_stamp if known else None,
        version=(known.version if known else 0) + 1,
    )
    return _member(work, post, new, superseded=new.left_on is not None)


def leave(work: Work, post: Post, command: LeaveMember) -> Taken:
    """A member leaves; `leftOn` is the last day."""
    own(post, command.member, "/data/memberId")
    known = work.chunk.members.get(command.member)
    if known is None:
        raise unknown("member", "/data/memberId")
    new = left(known, command.left_on, post.stamp)
    if new is None:
        return Taken(_SUPERSEDED)
    return _member(work, post, new, superseded=new.left_on is None)


def _member(work: Work, post: Post, new: Member, *, superseded: bool) -> Taken:
    work.chunk.members.put(new)
    data: dict[str, Any] = {
        **base(work, post, new.version),
        "member_id": new.ref.partition("/")[2],
        "kind": new.kind,
        "joined_on": new.joined_on,
        "via_activity_id": new.via_activity,
        "left_on": new.left_on,
    }
    kind = wire.MemberJoinedV1 if new.left_on is None else wire.MemberLeftV1
    work.announce(Announcement(f"member/{new.ref}", kind(**data), None, post.extensions))
    return Taken(_SUPERSEDED if superseded else Accepted())


def put_partner(
    connection: Connection,
    partner_id: str,
    name: str,
    kind: str,
    municipality: str,
    joined_on: date,
    left_on: date | None,
    now: datetime,
) -> Partner:
    """An organisation as the operator states it; the same again changes nothing and announces nothing."""
    event_log.lock(connection)
    chunk = Chunk(connection)
    known = chunk.partners.get(partner_id)
    new = Partner(partner_id, name, kind, municipality, joined_on, left_on, known.version if known else 0)
    if known == new:
        return known
    new = replace(new, version=new.version + 1)
    chunk.partners.put(new)
    chunk.flush()
    members = {**asdict(new), "occurred_at": now, "recorded_at": now}
    event = (wire.PartnerJoinedV1 if left_on is None else wire.PartnerLeftV1)(**members)
    event_log.append(connection, [Announcement(f"partner/{partner_id}", event)], now)
    return new
