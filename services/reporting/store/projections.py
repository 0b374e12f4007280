"""Which table keeps the state of which subject, and how an event becomes its row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Table

from services.reporting.tables import (
    ActivityRow,
    AssignmentRow,
    AttendanceRow,
    HeadCountRow,
    MemberRow,
    OutreachRow,
    PartnerRow,
    SignupRow,
)
from shared.clock import local_date
from shared.database import table_of
from shared.events.activities import ActivityState
from shared.events.coalition import AssignmentState, MemberState, PartnerState
from shared.events.envelope import StreamEvent
from shared.events.facts import AttendanceRecordedV1, OutreachRecordedV1, VisitsCountedV1
from shared.events.signups import SignupState

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Projection:
    """A table that holds the newest state per subject; `members` writes an event's data as columns."""

    table: Table
    members: Callable[[Any], Row]

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name the subject."""
        return tuple(column.name for column in self.table.primary_key)

    @property
    def of_persons(self) -> bool:
        """Does a row name a person, so that an erasure concerns it?"""
        return "pid" in self.table.c

    @property
    def per_person(self) -> bool:
        """Is the person part of the subject, so that its versions start again after an erasure?"""
        return "held" in self.table.c

    def row(self, event: StreamEvent, settled: int) -> Row:
        """The event's state as a row of the table; `settled` is the sequence up to which every event has come."""
        row = {**self.members(event.data), "version": event.data.version}
        if self.of_persons:
            row["sequence"] = event.sequence
        if self.per_person:
            row["held"] = event.sequence if event.sequence > settled else 0
        return row


def _activity(data: ActivityState) -> Row:
    return {
        "ref": f"{data.partner_id}/{data.activity_id}",
        "partner_id": data.partner_id,
        "day": local_date(data.starts_at),
        "kind": data.kind,
        "goal": data.goal,
        "title": data.title,
        "series": data.series_id,
        "neighbourhood": data.location.neighbourhood,
        "capacity": data.capacity,
        "cancelled": data.status == "cancelled",
    }


def _signup(data: SignupState) -> Row:
    return {
        "ref": f"{data.partner_id}/{data.signup_id}",
        "activity": data.activity,
        "pid": data.pid,
        "role": data.role,
        "status": data.status,
        "party_size": data.party_size,
        "age_band": data.age_band,
        "neighbourhood": data.neighbourhood,
    }


def _attendance(data: AttendanceRecordedV1) -> Row:
    return {
        "activity": data.activity,
        "pid": data.pid,
        "role": data.role,
        "outcome": data.outcome,
        "party_size": data.party_size,
        "age_band": data.age_band,
        "neighbourhood": data.neighbourhood,
    }


def _head_count(data: VisitsCountedV1) -> Row:
    return {"activity": data.activity, "count_key": data.count_key, "value": data.value}


def _outreach(data: OutreachRecordedV1) -> Row:
    return {
        "ref": f"{data.partner_id}/{data.outreach_id}",
        "partner_id": data.partner_id,
        "kind": data.kind,
        "goal": data.goal,
        "day": data.date,
        "series": data.series_id,
        "quantity": data.quantity,
        "personalised": data.personalised,
        "precision": data.precision,
        "personalised_precision": data.personalised_precision,
        "void": data.void,
    }


def _assignment(data: AssignmentState) -> Row:
    return {
        "ref": f"{data.partner_id}/{data.assignment_id}",
        "partner_id": data.partner_id,
        "pid": data.pid,
        "series": data.series_id,
        "first_day": data.from_,
        "last_day": data.until,
        "age_band": data.age_band,
        "neighbourhood": data.neighbourhood,
    }


def _member(data: MemberState) -> Row:
    return {
        "ref": f"{data.partner_id}/{data.member_id}",
        "partner_id": data.partner_id,
        "kind": data.kind,
        "joined_on": data.joined_on,
        "left_on": data.left_on,
        "via_activity": data.via_activity_id,
    }


def _partner(data: PartnerState) -> Row:
    return {
        "partner_id": data.partner_id,
        "name": data.name,
        "kind": data.kind,
        "municipality": data.municipality,
        "joined_on": data.joined_on,
        "left_on": data.left_on,
    }


ACTIVITY: Final = Projection(table_of(ActivityRow), _activity)
SIGNUP: Final = Projection(table_of(SignupRow), _signup)
ATTENDANCE: Final = Projection(table_of(AttendanceRow), _attendance)
HEAD_COUNT: Final = Projection(table_of(HeadCountRow), _head_count)
OUTREACH: Final = Projection(table_of(OutreachRow), _outreach)
ASSIGNMENT: Final = Projection(table_of(AssignmentRow), _assignment)
MEMBER: Final = Projection(table_of(MemberRow), _member)
PARTNER: Final = Projection(table_of(PartnerRow), _partner)

PROJECTIONS: Final[Mapping[str, Projection]] = {
    "activity-scheduled": ACTIVITY,
    "activity-changed": ACTIVITY,
    "activity-cancelled": ACTIVITY,
    "signup-confirmed": SIGNUP,
    "signup-waitlisted": SIGNUP,
    "signup-promoted": SIGNUP,
    "signup-withdrawn": SIGNUP,
    "attendance-recorded": ATTENDANCE,
    "visitors-counted": HEAD_COUNT,
    "outreach-recorded": OUTREACH,
    "volunteer-assigned": ASSIGNMENT,
    "volunteer-released": ASSIGNMENT,
    "member-joined": MEMBER,
    "member-left": MEMBER,
    "partner-joined": PARTNER,
    "partner-left": PARTNER,
}
"""Event name -> where its state is kept; `participant-erased` is no state of a subject."""

OF_PERSONS: Final = tuple(dict.fromkeys(projection for projection in PROJECTIONS.values() if projection.of_persons))
"""The projections that an erasure concerns."""
