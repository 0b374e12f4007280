"""Facts that already happened: attendance, head counts, outreach. The latest time wins; none is refused."""

from dataclasses import dataclass
from datetime import date

from services.registration.domain.activities import Activity
from services.registration.domain.order import Stamp
from services.registration.domain.signups import Places, Signup


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who came: per activity, person and role."""

    activity: str
    pid: str
    role: str
    participant_ref: str
    outcome: str
    party_size: int
    signup: str | None
    age_band: str | None
    neighbourhood: str | None
    stamp: Stamp
    version: int


@dataclass(frozen=True, slots=True)
class HeadCount:
    """How many came, without names: per activity and count key; absolute."""

    activity: str
    count_key: str
    value: int | None
    method: str | None
    stamp: Stamp
    version: int


@dataclass(frozen=True, slots=True)
class Outreach:
    """Cards, flowers, stands: per partner and outreach id."""

    ref: str
    kind: str
    label: str
    date: date
    goal: str
    series: str | None
    quantity: int | None
    personalised: int | None
    precision: str
    personalised_precision: str
    void: bool
    stamp: Stamp
    version: int


def attendance_overrides(
    activity: Activity, fact: Attendance, signup: Signup | None, places: Places
) -> tuple[str, ...]:
    """What looks odd about an attendance; it is taken all the same (contract section 3, decisions and facts).

    `signup` is the person's, if any. Full is the activity for whoever came beyond the places that were given to them.
    """
    room = activity.room(fact.role)
    signed_up = signup is not None and signup.active
    given = signup.party_size if signup is not None and signup.holds_place_of(fact.role) else 0
    beyond = fact.party_size - given if fact.outcome == "present" else 0
    odd = (
        (not signed_up and fact.outcome != "void" and activity.participation != "drop-in", "not-signed-up"),
        (activity.cancelled, "activity-cancelled"),
        (beyond > 0 and room is not None and places.taken + beyond > room, "activity-full"),
    )
    return tuple(name for applies, name in odd if applies)
