"""Which model reads the data of which posted type (contract section 3)."""

from services.registration.schemas.posted_activities import (
    ActivityCancelled,
    ActivityScheduled,
    AttendanceRecorded,
    OutreachRecorded,
    SignupPlaced,
    SignupWithdrawn,
    VisitorsCounted,
)
from services.registration.schemas.posted_people import (
    MemberJoined,
    MemberLeft,
    ParticipantErased,
    VolunteerAssigned,
    VolunteerReleased,
)
from services.registration.schemas.posting import Posted

__all__ = ["POSTED_TYPES", "Posted"]

POSTED_TYPES: dict[str, type[Posted]] = {
    "nl.meedoen.activity-scheduled.v1": ActivityScheduled,
    "nl.meedoen.activity-cancelled.v1": ActivityCancelled,
    "nl.meedoen.signup-placed.v1": SignupPlaced,
    "nl.meedoen.signup-withdrawn.v1": SignupWithdrawn,
    "nl.meedoen.attendance-recorded.v1": AttendanceRecorded,
    "nl.meedoen.visitors-counted.v1": VisitorsCounted,
    "nl.meedoen.outreach-recorded.v1": OutreachRecorded,
    "nl.meedoen.volunteer-assigned.v1": VolunteerAssigned,
    "nl.meedoen.volunteer-released.v1": VolunteerReleased,
    "nl.meedoen.member-joined.v1": MemberJoined,
    "nl.meedoen.member-left.v1": MemberLeft,
    "nl.meedoen.participant-erased.v1": ParticipantErased,
}
