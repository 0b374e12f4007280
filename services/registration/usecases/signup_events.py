"""A sign-up's state as an event on the stream."""

from services.registration.domain.commands import Post
from services.registration.domain.signups import Signup
from services.registration.event_log import Announcement
from services.registration.usecases.work import Work
from shared.events import signups as wire

_CLASSES = {
    "confirmed": wire.SignupConfirmedV1,
    "waitlisted": wire.SignupWaitlistedV1,
    "promoted": wire.SignupPromotedV1,
    "withdrawn": wire.SignupWithdrawnV1,
}


def announce_signup(
    work: Work, post: Post, signup: Signup, what: str, *, waiting_position: int | None = None, about: bool = True
) -> None:
    """Tell what became of a sign-up. Only the event `about` it carries the post's own extensions."""
    data = _CLASSES[what](
        version=signup.version,
        partner_id=signup.partner_id,
        occurred_at=post.time,
        recorded_at=work.now,
        signup_id=signup.signup_id,
        activity=signup.activity,
        pid=signup.pid,
        role=signup.role,
        party_size=signup.party_size,
        reminders=signup.reminders,
        status=signup.status,
        waiting_position=waiting_position,
        placed_at=signup.placed_at,
        arrived_at=signup.arrived_at,
        confirmed_at=signup.confirmed_at,
        promoted=signup.promoted,
        age_band=signup.age_band,
        neighbourhood=signup.neighbourhood,
    )
    extensions = post.extensions if about else {}
    work.announce(Announcement(f"signup/{signup.ref}", data, signup.pid, extensions))
