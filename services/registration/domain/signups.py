"""Sign-ups: who gets a place, who waits, who moves up."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from services.registration.domain.activities import Activity

ACTIVE = ("confirmed", "waitlisted")


@dataclass(frozen=True, slots=True)
class Signup:
    """A sign-up as it stands; flat, as the store keeps it. `arrival` is its place in the order of arrival."""

    ref: str
    partner_id: str
    signup_id: str
    activity: str
    pid: str
    participant_ref: str
    role: str
    party_size: int
    reminders: bool
    status: str
    placed_at: datetime
    arrived_at: datetime
    arrival: int
    confirmed_at: datetime | None
    promoted: bool
    age_band: str | None
    neighbourhood: str | None
    version: int

    @property
    def active(self) -> bool:
        """Still wants to come."""
        return self.status in ACTIVE

    @property
    def forgotten(self) -> bool:
        """Counted, but nobody: its person was erased, and one token stands in the place of both names."""
        return self.pid == self.participant_ref

    @property
    def pool(self) -> str:
        """Volunteers have places of their own."""
        return pool(self.role)

    def holds_place_of(self, role: str) -> bool:
        """Is one of the places that this role counts against taken by this sign-up?"""
        return self.status == "confirmed" and self.pool == pool(role)


def pool(role: str) -> str:
    """The places a role counts against."""
    return "volunteers" if role == "volunteer" else "guests"


@dataclass(frozen=True, slots=True)
class Places:
    """What is taken in one pool (people) and how many parties wait."""

    taken: int = 0
    waiting: int = 0

    def after(self, old: Signup | None, new: Signup) -> "Places":
        """The same after a sign-up went from old to new."""
        return Places(
            self.taken + _taken(new) - (_taken(old) if old else 0),
            self.waiting + _waits(new) - (_waits(old) if old else 0),
        )


def _taken(signup: Signup) -> int:
    return signup.party_size if signup.status == "confirmed" else 0


def _waits(signup: Signup) -> int:
    return int(signup.status == "waitlisted")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """There is a place."""


@dataclass(frozen=True, slots=True)
class Waitlisted:
    """No place yet; `position` counts the parties ahead and itself."""

    position: int


@dataclass(frozen=True, slots=True)
class Refused:
    """No place and no waiting, by a code of the contract."""

    code: str
    detail: str


Decision = Confirmed | Waitlisted | Refused


def decide(
    activity: Activity, role: str, party_size: int, moment: datetime, places: Places, *, has_active: bool
) -> Decision:
    """The answer to a sign-up. `moment` is the event's own time, `places` what is taken at its arrival.

    The order of the refusals is fixed, so that the same request always meets the same one.
    """
    refused = _refused(activity, role, party_size, moment, has_active=has_active)
    if refused:
        return refused
    room = activity.room(role)
    if room is None or places.taken + party_size <= room:
        return Confirmed()
    if activity.waiting_list:
        return Waitlisted(places.waiting + 1)
    return Refused("activity-full", "all places are taken and there is no waiting list")


def _refused(activity: Activity, role: str, party_size: int, moment: datetime, *, has_active: bool) -> Refused | None:
    room = activity.room(role)
    rules = (
        (activity.cancelled, "activity-cancelled", "the activity does not take place"),
        (activity.participation == "drop-in", "no-signup-needed", "everybody can walk in; no sign-up is taken"),
        (activity.closed_at(moment), "signup-closed", "signing up was possible until the closing time or the start"),
        (has_active, "already-signed-up", "this person has an active sign-up in this role"),
        (room is not None and party_size > room, "party-too-large", "the party is larger than the capacity"),
    )
    return next((Refused(code, detail) for broken, code, detail in rules if broken), None)


def withdrawn(signup: Signup) -> Signup:
    """Does not come any more."""
    return replace(signup, status="withdrawn", version=signup.version + 1)


def moved_up(activity: Activity, role_pool: str, taken: int, waiting: Iterable[Signup], now: datetime) -> list[Signup]:
    """Who gets a freed place: in order of arrival each party that fits, until nothing more fits.

    A larger party that does not fit keeps its position; smaller ones pass it (contract section 3). Who was forgotten
    while waiting for what was over gets none, should it be moved ahead after all.
    """
    room = activity.room("volunteer" if role_pool == "volunteers" else "participant")
    promoted = []
    for signup in waiting:
        if not signup.forgotten and (room is None or taken + signup.party_size <= room):
            taken += signup.party_size
            new = replace(signup, status="confirmed", confirmed_at=now, promoted=True, version=signup.version + 1)
            promoted.append(new)
    return promoted
