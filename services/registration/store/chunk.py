"""Everything a chunk of posts reads and writes, in one place and one transaction."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select, tuple_

from services.registration.domain.activities import Activity
from services.registration.domain.coalition import Assignment, Member, Partner
from services.registration.domain.facts import Attendance, HeadCount, Outreach
from services.registration.domain.signups import ACTIVE, Places, Signup, pool
from services.registration.store import reading
from services.registration.store.shelf import Shelf
from services.registration.tables import (
    ActivityRow,
    AssignmentRow,
    AttendanceRow,
    HeadCountRow,
    MemberRow,
    OutreachRow,
    PartnerRow,
    SignupRow,
)
from shared.database import table_of

_signups = table_of(SignupRow)
_AT_ONCE = 300


class Chunk:
    """The unit of work: shelves per kind, and the questions about the sign-ups of one activity."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.activities = Shelf(connection, table_of(ActivityRow), Activity)
        self.attendances = Shelf(connection, table_of(AttendanceRow), Attendance)
        self.head_counts = Shelf(connection, table_of(HeadCountRow), HeadCount)
        self.outreach = Shelf(connection, table_of(OutreachRow), Outreach)
        self.assignments = Shelf(connection, table_of(AssignmentRow), Assignment)
        self.members = Shelf(connection, table_of(MemberRow), Member)
        self.partners = Shelf(connection, table_of(PartnerRow), Partner)
        self._signups = Shelf(connection, _signups, Signup)
        self._places: dict[str, dict[str, Places]] = {}
        self._active: dict[tuple[str, str, str], str | None] = {}

    def flush(self) -> None:
        """Write all that changed."""
        for shelf in (
            self.activities,
            self._signups,
            self.attendances,
            self.head_counts,
            self.outreach,
            self.assignments,
            self.members,
            self.partners,
        ):
            shelf.flush()

    def prefetch(self, activities: Iterable[str], signups: Iterable[str]) -> None:
        """Read what the posts name, sign-ups first, then the activities (theirs too)."""
        self._signups.fetch((ref,) for ref in signups)
        theirs = [found.activity for ref in signups if (found := self._signups.get(ref))]
        self.activities.fetch((ref,) for ref in [*activities, *theirs])

    def prefetch_active(self, persons: Iterable[tuple[str, str, str]]) -> None:
        """Read the active sign-ups of (activity, pid, role)."""
        wanted = sorted(set(persons) - self._active.keys())
        self._active.update(dict.fromkeys(wanted))
        pair = tuple_(_signups.c.activity, _signups.c.pid)
        for start in range(0, len(wanted), _AT_ONCE):
            mine = pair.in_({(activity, pid) for activity, pid, _ in wanted[start : start + _AT_ONCE]})
            rows = self.connection.execute(select(_signups).where(mine, _signups.c.status.in_(ACTIVE))).mappings()
            for found in self._signups.hold(rows):
                self._active[found.activity, found.pid, found.role] = found.ref

    def signup(self, ref: str) -> Signup | None:
        """A sign-up by `partnerId/id`."""
        return self._signups.get(ref)

    def save_signup(self, new: Signup) -> None:
        """Keep a sign-up's new state, and the counts that follow from it."""
        places = self._places_of(new.activity)
        old = self._signups.get(new.ref)
        self._signups.put(new)
        places[new.pool] = places.get(new.pool, Places()).after(old, new)
        if new.active:
            self._active[new.activity, new.pid, new.role] = new.ref
        elif self._active.get((new.activity, new.pid, new.role)) == new.ref:
            self._active[new.activity, new.pid, new.role] = None

    def places(self, activity: str, role: str) -> Places:
        """What is taken for a role's pool at this activity."""
        return self._places_of(activity).get(pool(role), Places())

    def active_signup(self, activity: str, pid: str, role: str) -> Signup | None:
        """The person's active sign-up in this role, if any."""
        key = (activity, pid, role)
        if key not in self._active:
            mine = (_signups.c.activity == activity) & (_signups.c.pid == pid) & (_signups.c.role == role)
            rows = self.connection.execute(select(_signups).where(mine, _signups.c.status.in_(ACTIVE))).mappings()
            found = self._signups.hold(rows)
            self._active[key] = found[0].ref if found and found[0].active else None
        ref = self._active[key]
        return self._signups.get(ref) if ref else None

    def waiting(self, activity: str, role_pool: str) -> Sequence[Signup]:
        """Who waits, in order of arrival."""
        self._signups.flush()
        mine = (_signups.c.activity == activity) & (_signups.c.status == "waitlisted")
        rows = self.connection.execute(select(_signups).where(mine).order_by(_signups.c.arrival)).mappings()
        return [signup for signup in self._signups.hold(rows) if signup.pool == role_pool]

    def signups_of(self, pid: str) -> Sequence[Signup]:
        """All sign-ups of a person."""
        self._signups.flush()
        rows = self.connection.execute(select(_signups).where(_signups.c.pid == pid)).mappings()
        return self._signups.hold(rows)

    def forget_held(self) -> None:
        """After rows were rewritten (an erasure): read anew."""
        self.flush()
        for shelf in (self._signups, self.attendances, self.assignments):
            shelf.drop()
        self._active.clear()

    def _places_of(self, activity: str) -> dict[str, Places]:
        if activity not in self._places:
            self._signups.flush()
            found = reading.places(self.connection, [activity])
            self._places[activity] = {role_pool: places for (_, role_pool), places in found.items()}
        return self._places[activity]
