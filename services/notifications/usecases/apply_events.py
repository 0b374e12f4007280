"""Take in events: keep the newest state, and plan anew for every sign-up they concern."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from services.notifications.domain.facts import ActivityVersion, Signup
from services.notifications.domain.policy import Policy
from services.notifications.store import erasures, projections
from services.notifications.usecases.replan import replan
from shared.events.activities import ActivityState
from shared.events.envelope import StreamEvent
from shared.events.persons import ParticipantErasedV1
from shared.events.signups import SignupState


def apply(connection: Connection, events: Sequence[StreamEvent], now: datetime, policy: Policy) -> None:
    """Join the caller's transaction. Any order, any repetition: the same messages come of it (contract section 4)."""
    projections.one_planner(connection)
    replan(connection, project(connection, events), now, policy)


def project(connection: Connection, events: Sequence[StreamEvent]) -> set[str]:
    """Keep the newest state, plan nothing; returns the sign-ups that are concerned."""
    erased = [(event.sequence, event.data) for event in events if isinstance(event.data, ParticipantErasedV1)]
    for sequence, person in erased:
        if person.pid != person.token:  # a scrubbed log has the token in both places
            erasures.remember(connection, person.pid, sequence)
    activities = [_activity(event.data) for event in events if isinstance(event.data, ActivityState)]
    signups = erasures.not_forgotten(connection, _newest(events))
    projections.save_activities(connection, activities)
    projections.save_signups(connection, signups)
    for sequence, person in erased:
        erasures.forget(connection, person.pid, person.token, sequence)
    erasures.forget_erasures(connection)
    concerned = {signup.ref for signup in signups}
    return concerned.union(projections.signups_for(connection, {activity.ref for activity in activities}))


def _newest(events: Iterable[StreamEvent]) -> list[Signup]:
    """The highest version of each sign-up in the batch."""
    found: dict[str, Signup] = {}
    for event in events:
        if isinstance(event.data, SignupState):
            signup = _signup(event.data, event.sequence)
            if signup.ref not in found or signup.version > found[signup.ref].version:
                found[signup.ref] = signup
    return list(found.values())


def _activity(state: ActivityState) -> ActivityVersion:
    return ActivityVersion(
        ref=f"{state.partner_id}/{state.activity_id}",
        version=state.version,
        title=state.title,
        starts_at=state.starts_at,
        ends_at=state.ends_at,
        place=state.location.name,
        address=state.location.address,
        contact_phone=state.contact_phone,
        status=state.status,
        reason=state.reason,
        recorded_at=state.recorded_at,
    )


def _signup(state: SignupState, sequence: int) -> Signup:
    return Signup(
        ref=f"{state.partner_id}/{state.signup_id}",
        partner_id=state.partner_id,
        activity=state.activity,
        pid=state.pid,
        role=state.role,
        party_size=state.party_size,
        reminders=state.reminders,
        status=state.status,
        arrived_at=state.arrived_at,
        confirmed_at=state.confirmed_at,
        promoted=state.promoted,
        version=state.version,
        sequence=sequence,
    )
