"""Place and withdraw a sign-up."""

from dataclasses import replace

from services.registration.domain.activities import Activity
from services.registration.domain.commands import PlaceSignup, Post, WithdrawSignup
from services.registration.domain.results import Accepted
from services.registration.domain.signups import Confirmed, Decision, Refused, Signup, Waitlisted, decide, withdrawn
from services.registration.usecases.activities import move_up
from services.registration.usecases.signup_events import announce_signup
from services.registration.usecases.work import Taken, Work, known_activity, known_signup, own
from shared.errors import FieldFault, Refusal


def place(work: Work, post: Post, command: PlaceSignup) -> Taken:
    """Confirmed, on the waiting list, or refused; decided in the order of arrival."""
    own(post, command.signup, "/data/signupId")
    if work.chunk.signup(command.signup) is not None:
        text = "this sign-up exists already under another event id"
        raise Refusal("id-reused", text, (FieldFault("/data/signupId", "id-reused", text),))
    activity = known_activity(work, command.activity, "/data/activityId")
    pid = work.pid(post.partner_id, command.participant)
    decision = decide(
        activity,
        command.role,
        command.party_size,
        post.time,
        work.chunk.places(activity.ref, command.role),
        has_active=work.chunk.active_signup(activity.ref, pid, command.role) is not None,
    )
    if isinstance(decision, Refused):
        raise Refusal(decision.code, decision.detail)
    return _placed(work, post, command, activity, decision)


def _placed(work: Work, post: Post, command: PlaceSignup, activity: Activity, decision: Decision) -> Taken:
    participant, confirmed = command.participant, isinstance(decision, Confirmed)
    position = decision.position if isinstance(decision, Waitlisted) else None
    status = "confirmed" if confirmed else "waitlisted"
    partner_id, _, signup_id = command.signup.partition("/")
    signup = Signup(
        ref=command.signup,
        partner_id=partner_id,
        signup_id=signup_id,
        activity=activity.ref,
        pid=work.meet(post, participant),
        participant_ref=participant.ref,
        role=command.role,
        party_size=command.party_size,
        reminders=command.reminders,
        status=status,
        placed_at=post.time,
        arrived_at=work.now,
        arrival=activity.arrivals + 1,
        confirmed_at=work.now if confirmed else None,
        promoted=False,
        age_band=participant.age_band,
        neighbourhood=participant.neighbourhood,
        version=1,
    )
    work.chunk.activities.put(replace(activity, arrivals=activity.arrivals + 1))
    work.chunk.save_signup(signup)
    announce_signup(work, post, signup, status, waiting_position=position)
    return Taken(Accepted({"status": status, "waitingPosition": position}), signup.pid)


def withdraw(work: Work, post: Post, command: WithdrawSignup) -> Taken:
    """Frees the place, and the waiting list moves up; a second withdrawal changes nothing."""
    own(post, command.signup, "/data/signupId")
    known = known_signup(work, command.signup, "/data/signupId")
    if known.active:
        gone = withdrawn(known)
        work.chunk.save_signup(gone)
        announce_signup(work, post, gone, "withdrawn")
        activity = work.chunk.activities.get(known.activity)
        if activity is not None and known.status == "confirmed":
            move_up(work, post, activity, known.pool)
    return Taken(Accepted(), known.pid)
