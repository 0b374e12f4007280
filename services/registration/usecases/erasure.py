"""The right to be forgotten: a one-time token takes the place of the pid, with no way back (contract section 7)."""

from collections.abc import Sequence

from services.registration import event_log
from services.registration.domain.commands import EraseParticipant, Post
from services.registration.domain.forgetting import hashed_person, new_mark, new_token
from services.registration.domain.persons import person_id
from services.registration.domain.results import Accepted
from services.registration.domain.signups import Signup, withdrawn
from services.registration.event_log import Announcement
from services.registration.store import contacts, erased, forgetting, references
from services.registration.usecases.activities import move_up
from services.registration.usecases.signup_events import announce_signup
from services.registration.usecases.work import Taken, Work, base
from shared.events.persons import ParticipantErasedV1


def erase(work: Work, post: Post, command: EraseParticipant) -> Taken:
    """Erase the person of (partner, ref) and, with a shared reference, the shared person at all partners."""
    participant = command.participant
    pids = {person_id(work.person_key, post.partner_id, participant.ref, None)}
    if participant.shared_ref:
        pids.add(work.pid(post.partner_id, participant))
    for pid in sorted(pids):
        forget(work, post, pid)
    forget_reference(work, post, participant.ref)
    marks = {new_mark(): hashed_person(work.person_key, pid) for pid in pids}
    erased.remember(work.connection, marks, work.now)
    return Taken(Accepted())


def forget(work: Work, post: Post, pid: str) -> None:
    """Leave nothing of a person but counts, and tell the consumers; `post` gives the moment and the partner."""
    _withdraw_coming(work, post, work.chunk.signups_of(pid))
    work.flush()
    token = new_token()
    contacts.forget(work.connection, pid)
    forgetting.replace_pid(work.connection, pid, token)
    event_log.forget(work.connection, pid, token)
    work.chunk.forget_held()
    # Nothing is kept of an erased person, no version either; the place in the log rises as well.
    data = ParticipantErasedV1(**base(work, post, work.head + 1), pid=pid, token=token)
    work.announce(Announcement(f"person/{pid}", data, pid))


def forget_reference(work: Work, post: Post, ref: str) -> None:
    """What this partner told under `ref` of somebody who also has a shared reference, which the erasure did not name.

    The partner's sign-ups that are to come, its reference and its contact data go. The pid is the other partners' too,
    and stays (decision 0014).
    """
    work.flush()
    partner_id = post.partner_id
    for pid in sorted(references.pids_of(work.connection, partner_id, ref)):
        theirs = [
            one for one in work.chunk.signups_of(pid) if (one.partner_id, one.participant_ref) == (partner_id, ref)
        ]
        _withdraw_coming(work, post, theirs)
        work.flush()
        contacts.forget_at(work.connection, partner_id, pid)
    references.replace(work.connection, partner_id, ref, new_token())
    work.chunk.forget_held()


def _withdraw_coming(work: Work, post: Post, signups: Sequence[Signup]) -> None:
    """Who is forgotten is not expected any more; the places go to those who wait."""
    freed = []
    for signup in signups:
        activity = work.chunk.activities.get(signup.activity)
        if not signup.active or activity is None or activity.starts_at <= work.now:
            continue
        gone = withdrawn(signup)
        work.chunk.save_signup(gone)
        announce_signup(work, post, gone, "withdrawn", about=False)
        if signup.status == "confirmed":
            freed.append((activity, signup.pool))
    for activity, role_pool in freed:  # only now: nobody who is forgotten may move up meanwhile
        move_up(work, post, activity, role_pool)
