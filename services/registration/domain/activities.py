"""An activity: two registers, plan and cancellation, of which the later one says whether it takes place."""

from dataclasses import dataclass, fields, replace
from datetime import datetime

from services.registration.domain.commands import Plan
from services.registration.domain.order import Stamp, later

_PLAN_FIELDS = tuple(field.name for field in fields(Plan))


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity as it stands; flat, as the store keeps it. `arrivals` numbers the sign-ups as they come."""

    ref: str
    partner_id: str
    activity_id: str
    title: str
    kind: str
    goal: str
    starts_at: datetime
    ends_at: datetime
    location_name: str
    location_address: str | None
    location_neighbourhood: str | None
    capacity: int | None
    volunteer_capacity: int | None
    waiting_list: bool
    participation: str
    series: str | None
    description: str | None
    contact_phone: str | None
    signup_closes_at: datetime | None
    plan_stamp: Stamp
    reason: str | None
    cancel_stamp: Stamp | None
    version: int
    arrivals: int

    @property
    def cancelled(self) -> bool:
        """Cancelled unless a later plan restored it."""
        return self.cancel_stamp is not None and self.cancel_stamp > self.plan_stamp

    @property
    def status(self) -> str:
        """The contract's word."""
        return "cancelled" if self.cancelled else "scheduled"

    @property
    def plan(self) -> Plan:
        """What the partner set."""
        return Plan(**{name: getattr(self, name) for name in _PLAN_FIELDS})

    def room(self, role: str) -> int | None:
        """Places for a role; None is no limit. Participants and professionals share, volunteers have their own."""
        return self.volunteer_capacity if role == "volunteer" else self.capacity

    def closed_at(self, moment: datetime) -> bool:
        """Is it too late to sign up at this moment: after the closing time or the start? At that instant it is not."""
        closes = self.signup_closes_at
        return moment > self.starts_at or (closes is not None and moment > closes)


@dataclass(frozen=True, slots=True)
class Change:
    """What a fact does to an activity. `superseded`: a later fact was known already."""

    activity: Activity
    changed: bool
    superseded: bool


def scheduled(known: Activity | None, ref: str, plan: Plan, stamp: Stamp) -> Change:
    """Take in a plan; the latest plan counts, and it restores what was cancelled before it."""
    if known is None:
        partner_id, _, activity_id = ref.partition("/")
        members = {name: getattr(plan, name) for name in _PLAN_FIELDS}
        new = Activity(
            ref=ref,
            partner_id=partner_id,
            activity_id=activity_id,
            **members,
            plan_stamp=stamp,
            reason=None,
            cancel_stamp=None,
            version=1,
            arrivals=0,
        )
        return Change(new, changed=True, superseded=False)
    if not later(stamp, known.plan_stamp):
        return Change(known, changed=False, superseded=True)
    members = {name: getattr(plan, name) for name in _PLAN_FIELDS}
    return _next(known, replace(known, **members, plan_stamp=stamp), stamp)


def cancelled(known: Activity, reason: str | None, stamp: Stamp) -> Change:
    """Take in a cancellation; a later plan undoes it."""
    if not later(stamp, known.cancel_stamp):
        return Change(known, changed=False, superseded=True)
    return _next(known, replace(known, reason=reason, cancel_stamp=stamp), stamp)


def _next(known: Activity, new: Activity, stamp: Stamp) -> Change:
    """A new version only where somebody could see a difference."""
    changed = (new.plan, new.status, new.cancelled and new.reason) != (
        known.plan,
        known.status,
        known.cancelled and known.reason,
    )
    superseded = stamp < max(known.plan_stamp, known.cancel_stamp or known.plan_stamp)
    return Change(replace(new, version=known.version + changed), changed, superseded)
