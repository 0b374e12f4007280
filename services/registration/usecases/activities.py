"""Schedule, change and cancel an activity; a freed place moves the waiting list up."""

from typing import Any

from services.registration.domain.activities import Activity, Change, cancelled, scheduled
from services.registration.domain.commands import CancelActivity, Post, ScheduleActivity
from services.registration.domain.results import Accepted
from services.registration.domain.signups import moved_up
from services.registration.event_log import Announcement
from services.registration.usecases.signup_events import announce_signup
from services.registration.usecases.work import Taken, Work, base, known_activity, own
from shared.events import activities as wire


def schedule(work: Work, post: Post, command: ScheduleActivity) -> Taken:
    """A new activity, a change, or one restored."""
    own(post, command.activity, "/data/activityId")
    change = scheduled(work.chunk.activities.get(command.activity), command.activity, command.plan, post.stamp)
    return _taken(work, post, change)


def cancel(work: Work, post: Post, command: CancelActivity) -> Taken:
    """The activity does not take place; nobody moves up any more."""
    own(post, command.activity, "/data/activityId")
    known = known_activity(work, command.activity, "/data/activityId")
    return _taken(work, post, cancelled(known, command.reason, post.stamp))


def _taken(work: Work, post: Post, change: Change) -> Taken:
    activity = change.activity
    work.chunk.activities.put(activity)
    if change.changed:
        work.announce(Announcement(f"activity/{activity.ref}", _wire(work, post, activity), None, post.extensions))
        for role_pool in ("guests", "volunteers"):
            move_up(work, post, activity, role_pool)
    return Taken(Accepted(None, ("superseded",) if change.superseded else ()))


def move_up(work: Work, post: Post, activity: Activity, role_pool: str) -> None:
    """Give free places to those who wait; not once cancelled, nor by what happened at or after the start."""
    if activity.cancelled or post.time >= activity.starts_at:
        return
    role = "volunteer" if role_pool == "volunteers" else "participant"
    places = work.chunk.places(activity.ref, role)
    if not places.waiting:
        return
    waiting = work.chunk.waiting(activity.ref, role_pool)
    for promoted in moved_up(activity, role_pool, places.taken, waiting, work.now):
        work.chunk.save_signup(promoted)
        announce_signup(work, post, promoted, "promoted", about=False)


def _wire(work: Work, post: Post, activity: Activity) -> wire.ActivityState:
    members: dict[str, Any] = {
        **base(work, post, activity.version),
        "activity_id": activity.activity_id,
        "title": activity.title,
        "kind": activity.kind,
        "goal": activity.goal,
        "starts_at": activity.starts_at,
        "ends_at": activity.ends_at,
        "location": wire.Location(
            name=activity.location_name,
            address=activity.location_address,
            neighbourhood=activity.location_neighbourhood,
        ),
        "capacity": activity.capacity,
        "volunteer_capacity": activity.volunteer_capacity,
        "waiting_list": activity.waiting_list,
        "participation": activity.participation,
        "series_id": activity.series,
        "description": activity.description,
        "contact_phone": activity.contact_phone,
        "signup_closes_at": activity.signup_closes_at,
        "status": activity.status,
        "reason": activity.reason if activity.cancelled else None,
    }
    if activity.cancelled:
        return wire.ActivityCancelledV1(**members)
    return (wire.ActivityScheduledV1 if activity.version == 1 else wire.ActivityChangedV1)(**members)
