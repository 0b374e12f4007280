"""What is due now: clean up what is late or was abandoned, then take as many messages as there are hands."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from services.notifications.domain.facts import ActivityVersion, Message, Signup, known_version
from services.notifications.domain.policy import Policy
from services.notifications.domain.steps import Close
from services.notifications.domain.verdict import Drop, Hold, Verdict, verdict
from services.notifications.store import attempts, messages, opt_outs, projections, queue
from services.notifications.usecases.recovering import recover
from shared.database import transaction


@dataclass(frozen=True, slots=True)
class Assignment:
    """A message to send now, and what it tells: the activity as it stands, and as the person knows it."""

    message: Message
    signup: Signup
    activity: ActivityVersion
    known: ActivityVersion | None


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of one look at the table; `next_at` is when there is something to do again."""

    assignments: list[Assignment]
    next_at: datetime | None


def take_turn(engine: Engine, now: datetime, free: int, policy: Policy, arrived: Callable[[str], bool | None]) -> Turn:
    """One transaction: expire, recover, release second copies, claim up to `free` messages.

    One turn at a time, as on SQLite: whoever claims sees what others are sending, so that a sign-up gets one at a time.
    """
    with transaction(engine) as connection:
        projections.one_planner(connection)
        recover(connection, arrived, now, policy)
        for message_id in queue.expire(connection, now):
            attempts.note(connection, message_id, now, "planning", "expired")
        for message_id in queue.release_second_copies(connection, now):
            attempts.note(connection, message_id, now, "planning", "second-copy")
        token = secrets.token_hex(16)
        claimed = queue.claim(connection, now, free, token, now + policy.lease) if free else []
        found = [_assignment(connection, message, now, policy) for message in claimed]
        return Turn([assignment for assignment in found if assignment], queue.next_moment(connection))


def _assignment(connection: Connection, message: Message, now: datetime, policy: Policy) -> Assignment | None:
    signup, latest, known, may = judged(connection, message, now, policy, lock=False)
    if signup is None or latest is None or isinstance(may, Drop):
        reason = may.reason if isinstance(may, Drop) else "erased"
        close = Close(message, reason)
        messages.close(connection, close)
        attempts.note(connection, message.id, now, "claim", close.status, reason)
        return None
    if isinstance(may, Hold):
        messages.postpone(connection, message, may.until)
        attempts.note(connection, message.id, now, "claim", "held", "quiet-hours")
        return None
    return Assignment(message, signup, latest, known)


def judged(
    connection: Connection, message: Message, now: datetime, policy: Policy, *, lock: bool
) -> tuple[Signup | None, ActivityVersion | None, ActivityVersion | None, Verdict]:
    """The sign-up, the activity now and as the person knows it, and whether the message may go.

    Whoever holds the lock on the message alone reads the others without one; the order of locks stays the planner's.
    """
    rows = messages.of_signups(connection, [message.signup], lock=lock).get(message.signup, [])
    signup = next(iter(projections.signups(connection, [message.signup])), None)
    activity = projections.activities(connection, [message.activity]).get(message.activity)
    out = message.pid in opt_outs.among(connection, [message.pid])
    may = verdict(message, signup, activity, rows, now, policy, opted_out=out)
    if activity is None:
        return signup, None, None, may
    known = activity.version(known_version(rows, apart_from=message.id) or 0)
    return signup, activity.latest, known, may
