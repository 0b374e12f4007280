"""What is due now: clean up what is late or was abandoned, then take as many messages as there are hands."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from services.notifications.domain.facts import ActivityVersion, Message, Signup, known_version
from services.notifications.domain.policy import Policy
from services.notifications.domain.steps import Close
from services.notifications.domain.verdict import Drop, Hold, Verdict, verdict
from services.notifications.store import attempts, messages, opt_outs, projections, queue
from services.notifications.usecases.recovering import recover
from services.notifications.usecases.restoring import hold_what_was_perhaps_told
from shared.database import reading, transaction
from shared.operators.restorations import restored_at

Arrived = Callable[[str], bool | None]
"""Asks the way out whether a message left; None is: it cannot know."""


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


@dataclass(frozen=True, slots=True)
class Judgement:
    """The sign-up, the activity now and as the person knows it, and whether the message may go."""

    signup: Signup | None
    latest: ActivityVersion | None
    known: ActivityVersion | None
    may: Verdict


def take_turn(
    engine: Engine,
    now: datetime,
    free: int,
    policy: Policy,
    arrived: Arrived,
    *,
    closed: frozenset[str] = frozenset(),
) -> Turn:
    """Expire, recover and release second copies where there are any; claim up to `free` messages.

    `closed`: channels that nothing gets through just now; `next_at` may name their messages.

    Any number of processes may take theirs at once. Where nothing is due a few index entries are read, and that is all.
    """
    found, restored = _look(engine, now)
    if restored is not None:
        hold_what_was_perhaps_told(engine, restored, now, policy)
    if found.sweep_at is not None and found.sweep_at <= now:
        _sweep(engine, now, policy, arrived)
        found, _ = _look(engine, now)
    lanes = found.lanes_due(now)
    if not free or not lanes:
        return Turn([], found.next_at)
    with transaction(engine) as connection:
        claimed = queue.claim(connection, now, free, secrets.token_hex(16), now + policy.lease, lanes, closed, restored)
        judgements = judged(connection, claimed, now, policy, lock=False)
        kept = [_assignment(connection, message, judgements[message.id], now) for message in claimed]
        return Turn([assignment for assignment in kept if assignment], queue.ahead(connection).next_at)


def _look(engine: Engine, now: datetime) -> tuple[queue.Ahead, datetime | None]:
    """What is ahead; and where something is due, when a backup was put in the place of this database."""
    with reading(engine) as connection:
        found = queue.ahead(connection)
        due = found.next_at is not None and found.next_at <= now
        return found, restored_at(connection) if due else None


def _sweep(engine: Engine, now: datetime, policy: Policy, arrived: Arrived) -> None:
    """In transactions of a bounded size; whatever others hold is left to them."""
    with transaction(engine) as connection:
        recover(connection, arrived, now, policy)
    for sweep in (_expire, _release_second_copies):
        swept = queue.SWEPT_AT_ONCE
        while swept >= queue.SWEPT_AT_ONCE:
            with transaction(engine) as connection:
                swept = sweep(connection, now)


def _expire(connection: Connection, now: datetime) -> int:
    found = queue.expire(connection, now)
    expired = [message_id for message_id, status in found.items() if status == "expired"]
    attempts.note_each(connection, expired, now, "planning", "expired")
    return len(found)


def _release_second_copies(connection: Connection, now: datetime) -> int:
    found = queue.release_second_copies(connection, now)
    attempts.note_each(connection, found, now, "planning", "second-copy")
    return len(found)


def _assignment(connection: Connection, message: Message, found: Judgement, now: datetime) -> Assignment | None:
    signup, latest, may = found.signup, found.latest, found.may
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
    return Assignment(message, signup, latest, found.known)


def judged(
    connection: Connection, held: Sequence[Message], now: datetime, policy: Policy, *, lock: bool
) -> dict[str, Judgement]:
    """By message. Planning locks the rows of a sign-up after it wrote what it plans by, and before it decides.

    So whoever holds one of them reads either what planning has committed, or what it decides about after us: no lock on
    the others is needed at the claim. `lock` takes them all, in the planner's order.
    """
    rows = messages.of_signups(connection, {message.signup for message in held}, lock=lock)
    signups = {found.ref: found for found in projections.signups(connection, {message.signup for message in held})}
    activities = projections.activities(connection, {message.activity for message in held})
    out = opt_outs.among(connection, {message.pid for message in held})
    found: dict[str, Judgement] = {}
    for message in held:
        beside, signup, activity = (
            rows.get(message.signup, []),
            signups.get(message.signup),
            activities.get(message.activity),
        )
        may = verdict(message, signup, activity, beside, now, policy, opted_out=message.pid in out)
        latest = activity.latest if activity else None
        known = activity.version(known_version(beside, apart_from=message.id) or 0) if activity else None
        found[message.id] = Judgement(signup, latest, known, may)
    return found
