"""The right to be forgotten: a one-time token takes the place of the pid, with no way back (contract section 7)."""

import logging
import secrets
from collections.abc import Sequence

from sqlalchemy import Engine

from services.registration import event_log
from services.registration.domain.commands import EraseParticipant, Post
from services.registration.domain.persons import person_id
from services.registration.domain.results import Accepted
from services.registration.domain.signups import withdrawn
from services.registration.event_log import Announcement
from services.registration.store import contacts, forgetting
from services.registration.usecases.activities import move_up
from services.registration.usecases.signup_events import announce_signup
from services.registration.usecases.work import Taken, Work, base
from shared.events.persons import ParticipantErasedV1

_log = logging.getLogger(__name__)


def erase(work: Work, post: Post, command: EraseParticipant) -> Taken:
    """Erase the person of (partner, ref) and, with a shared reference, the shared person at all partners."""
    participant = command.participant
    pids = {person_id(work.person_key, post.partner_id, participant.ref, None)}
    if participant.shared_ref:
        pids.add(work.pid(post.partner_id, participant))
    for pid in sorted(pids):
        _forget(work, post, pid)
    return Taken(Accepted())


def _forget(work: Work, post: Post, pid: str) -> None:
    _withdraw_coming(work, post, pid)
    work.flush()
    token = f"erased-{secrets.token_hex(16)}"
    contacts.forget(work.connection, pid)
    forgetting.replace_pid(work.connection, pid, token)
    event_log.forget(work.connection, pid, token)
    work.chunk.forget_held()
    # Nothing is kept of an erased person, no version either; the place in the log rises as well.
    data = ParticipantErasedV1(**base(work, post, work.head + 1), pid=pid, token=token)
    work.announce(Announcement(f"person/{pid}", data, pid))


def _withdraw_coming(work: Work, post: Post, pid: str) -> None:
    """Who is forgotten is not expected any more; the places go to those who wait."""
    freed = []
    for signup in work.chunk.signups_of(pid):
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


def scrub(engine: Engine, posts: Sequence[Post]) -> None:
    """After the commit of posts with an erasure among them: leave no former page on disk. Never fails the posts."""
    if not any(isinstance(post.command, EraseParticipant) for post in posts):
        return
    try:
        forgetting.scrub(engine)
    except Exception:
        _log.exception("former pages may still be on disk")
