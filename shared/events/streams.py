"""The one stream, who writes it, who reads it, and the events on it."""

from shared.events import activities, coalition, facts, persons, signups
from shared.events.model import EventData

STREAM = "meedoen.events"
PRODUCER = "registration"
CONSUMERS = ("notifications", "reporting")
FIELD = "__data__"
"""The only field of a stream entry: the structured CloudEvent."""

EVENT_CLASSES: dict[str, type[EventData]] = {
    "nl.meedoen.activity-scheduled.v1": activities.ActivityScheduledV1,
    "nl.meedoen.activity-changed.v1": activities.ActivityChangedV1,
    "nl.meedoen.activity-cancelled.v1": activities.ActivityCancelledV1,
    "nl.meedoen.signup-confirmed.v1": signups.SignupConfirmedV1,
    "nl.meedoen.signup-waitlisted.v1": signups.SignupWaitlistedV1,
    "nl.meedoen.signup-promoted.v1": signups.SignupPromotedV1,
    "nl.meedoen.signup-withdrawn.v1": signups.SignupWithdrawnV1,
    "nl.meedoen.attendance-recorded.v1": facts.AttendanceRecordedV1,
    "nl.meedoen.visitors-counted.v1": facts.VisitsCountedV1,
    "nl.meedoen.outreach-recorded.v1": facts.OutreachRecordedV1,
    "nl.meedoen.volunteer-assigned.v1": coalition.VolunteerAssignedV1,
    "nl.meedoen.volunteer-released.v1": coalition.VolunteerReleasedV1,
    "nl.meedoen.member-joined.v1": coalition.MemberJoinedV1,
    "nl.meedoen.member-left.v1": coalition.MemberLeftV1,
    "nl.meedoen.partner-joined.v1": coalition.PartnerJoinedV1,
    "nl.meedoen.partner-left.v1": coalition.PartnerLeftV1,
    "nl.meedoen.participant-erased.v1": persons.ParticipantErasedV1,
}

EVENT_TYPES: dict[type[EventData], str] = {cls: name for name, cls in EVENT_CLASSES.items()}
