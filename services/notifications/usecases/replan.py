"""Make the messages of some sign-ups what they must be now."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Engine

from services.notifications.domain.facts import Signup
from services.notifications.domain.planning import closing_reason, wanted
from services.notifications.domain.policy import Policy
from services.notifications.domain.steps import Insert, steps
from services.notifications.store import messages, opt_outs, projections
from services.notifications.store.coming import beginning
from shared.database import reading, transaction

AT_ONCE = 200
"""Sign-ups planned in one transaction, so that nobody who sends has to wait for long."""


def replan(connection: Connection, refs: Iterable[str], now: datetime, policy: Policy) -> int:
    """Plan for these sign-ups; one whose activity has not come yet waits for it. Returns how many rows are new."""
    signups = projections.signups(connection, refs)
    activities = projections.activities(connection, {signup.activity for signup in signups})
    known = messages.of_signups(connection, [signup.ref for signup in signups])
    out = opt_outs.among(connection, {signup.pid for signup in signups})
    new: list[tuple[Signup, Insert]] = []
    for signup in signups:
        activity = activities.get(signup.activity)
        if activity is None:
            continue
        rows = known.get(signup.ref, [])
        must = wanted(signup, activity, rows, now, policy, opted_out=signup.pid in out)
        reason = partial(closing_reason, signup, activity, now=now)
        for step in steps(must, rows, reason, now, begun=now >= activity.latest.starts_at):
            if isinstance(step, Insert):
                new.append((signup, step))
            else:
                messages.perform(connection, step, signup, now)
    messages.insert_messages(connection, new, now)
    return len(new)


def replan_what_comes(engine: Engine, now: datetime, policy: Policy, until: datetime | None = None) -> int:
    """Everything still ahead that begins by `until`, by the present settings; returns how many rows were missing.

    At every start without `until`: what was planned far ahead goes by the new settings, too.
    """
    with reading(engine) as connection:
        refs = sorted(projections.signups_for(connection, beginning(connection, now, until)))
    missing = 0
    for start in range(0, len(refs), AT_ONCE):
        with transaction(engine) as connection:
            projections.one_planner(connection)
            missing += replan(connection, refs[start : start + AT_ONCE], now, policy)
    return missing


def plan_what_comes(connection: Connection, now: datetime, policy: Policy) -> int:
    """The same, all of it within the caller's transaction."""
    projections.one_planner(connection)
    return replan(connection, projections.signups_for(connection, beginning(connection, now)), now, policy)
