"""Who came to an activity: by name, by head count, and where the two do not fit (contract sections 3 and 9)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.registration.domain.activities import Activity
from services.registration.domain.facts import Attendance, HeadCount

_ROLES = ("participant", "volunteer", "professional")


@dataclass(frozen=True, slots=True)
class Presence:
    """`named`: party sizes of who was present, by role. `counted`: None when nobody counted. Never added up."""

    named: Mapping[str, int]
    counted: int | None
    conflicts: Sequence[str]
    people: Sequence[Attendance]


def presence(activity: Activity, facts: Iterable[Attendance], counts: Iterable[HeadCount]) -> Presence:
    """From the latest facts; what was taken back (`void`, a count of null) is not there any more."""
    people = sorted((fact for fact in facts if fact.outcome != "void"), key=_by_role)
    present = [fact for fact in people if fact.outcome == "present"]
    named = {role: sum(fact.party_size for fact in present if fact.role == role) for role in _ROLES}
    values = [count.value for count in counts if count.value is not None]
    counted = sum(values) if values else None
    return Presence(named, counted, _conflicts(activity, named, counted), people)


def _by_role(fact: Attendance) -> tuple[int, str, str]:
    return _ROLES.index(fact.role), fact.participant_ref, fact.pid


def _conflicts(activity: Activity, named: Mapping[str, int], counted: int | None) -> tuple[str, ...]:
    """Shown, never corrected (decision 0015).

    A count is held against participants only: one that includes volunteers raises no false alarm.
    """
    heads = counted or 0
    guests = max(named["participant"] + named["professional"], heads)
    odd = (
        (counted is not None and counted < named["participant"], "counted-below-named"),
        (_over(guests, activity.capacity) or _over(named["volunteer"], activity.volunteer_capacity), "over-capacity"),
        (activity.cancelled and (any(named.values()) or heads > 0), "present-while-cancelled"),
    )
    return tuple(name for applies, name in odd if applies)


def _over(people: int, room: int | None) -> bool:
    return room is not None and people > room
