"""The coalition: partners, volunteers' assignments, members. Start and end are two registers under one key."""

from dataclasses import dataclass, replace
from datetime import date

from services.registration.domain.order import Stamp, later


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation of the coalition, as the operator put it."""

    partner_id: str
    name: str
    kind: str
    municipality: str
    joined_on: date
    left_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """A volunteer's assignment. `until_given` is the latest release; it holds only after the latest assignment."""

    ref: str
    pid: str
    participant_ref: str
    series: str | None
    from_date: date
    age_band: str | None
    neighbourhood: str | None
    start_stamp: Stamp
    until_given: date | None
    end_stamp: Stamp | None
    version: int

    @property
    def until(self) -> date | None:
        """The last day, unless assigned again later."""
        return self.until_given if self.end_stamp is not None and self.end_stamp > self.start_stamp else None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the network. `left_given` is the latest leave; it holds only after the latest joining."""

    ref: str
    kind: str
    joined_on: date
    via_activity: str | None
    start_stamp: Stamp
    left_given: date | None
    end_stamp: Stamp | None
    version: int

    @property
    def left_on(self) -> date | None:
        """The last day, unless joined again later."""
        return self.left_given if self.end_stamp is not None and self.end_stamp > self.start_stamp else None


def released(known: Assignment, until: date, stamp: Stamp) -> Assignment | None:
    """The assignment with this release taken in; None when a later release is known."""
    if not later(stamp, known.end_stamp):
        return None
    return replace(known, until_given=until, end_stamp=stamp, version=known.version + 1)


def left(known: Member, left_on: date, stamp: Stamp) -> Member | None:
    """The member with this leave taken in; None when a later leave is known."""
    if not later(stamp, known.end_stamp):
        return None
    return replace(known, left_given=left_on, end_stamp=stamp, version=known.version + 1)
