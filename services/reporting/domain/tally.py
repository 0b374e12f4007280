"""A tally: counters that add up and sets of persons that unite, in any order and any grouping."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Final, Generic, Protocol, Self, TypeVar


class Persons(Protocol):
    """A set of persons: `frozenset` of pids where facts are counted, a bitmap of numbers where tallies are kept."""

    def __and__(self, other: Self, /) -> Self: ...
    def __sub__(self, other: Self, /) -> Self: ...
    def __len__(self) -> int: ...
    def union(self, *others: Self) -> Self:
        """All together. A bitmap does not count itself in, so it is to be named among the others."""
        ...


P = TypeVar("P", bound=Persons)


@dataclass(frozen=True, slots=True)
class Tally(Generic[P]):
    """What facts of activities add up to. A commutative monoid: `summed` of nothing is its zero.

    `attendances`, `signups`, `unmet` and `taken` are party sizes. `absent` and `came` are the confirmed sign-ups of
    the no-show rate; `taken`, `capacity` and `measured` (activities) belong to the occupancy; `counted` is how many
    head counts are in `visits`; `joined` are members via the activities.
    """

    participants: P
    professionals: P
    attendances: int = 0
    signups: int = 0
    unmet: int = 0
    absent: int = 0
    came: int = 0
    activities: int = 0
    taken: int = 0
    capacity: int = 0
    measured: int = 0
    visits: int = 0
    counted: int = 0
    joined: int = 0

    def has(self, parts: Iterable[str]) -> bool:
        """Is there data for these members?"""
        return any(len(part) if name in SETS else part for name in parts for part in [getattr(self, name)])


SETS: Final = ("participants", "professionals")
"""Members that are persons."""
COUNTERS: Final = tuple(field.name for field in fields(Tally) if field.name not in SETS)
"""Members that are numbers."""
PARTS: Final = (*SETS, *COUNTERS)
"""All of them."""


def summed(tallies: Iterable[Tally[P]], nobody: P) -> Tally[P]:
    """All together; `nobody` is the empty set of persons."""
    given = list(tallies)
    persons: dict[str, Any] = {name: nobody.union(nobody, *(getattr(tally, name) for tally in given)) for name in SETS}
    numbers: dict[str, Any] = {name: sum(getattr(tally, name) for tally in given) for name in COUNTERS}
    return Tally(**persons, **numbers)
