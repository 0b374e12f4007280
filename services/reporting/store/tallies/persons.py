"""Who was present, by number: given when a person first counts, gone with the last presence; and who was new when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pyroaring import BitMap
from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select, update

from services.reporting.domain.periods import Period, bucket, in_whole_months
from services.reporting.domain.tallies.counting import Counted
from services.reporting.domain.tally import Tally
from services.reporting.store.facts import newest_attendance
from services.reporting.store.tallies.rows import NOBODY, in_parts, set_of, stored_set
from services.reporting.tables import ActivityRow, AttendanceRow, NewcomersRow, PersonRow
from shared.database import table_of, upsert

_person, _newcomers = table_of(PersonRow), table_of(NewcomersRow)
_activity, _attendance = table_of(ActivityRow), table_of(AttendanceRow)


def numbers_of(connection: Connection, pids: Iterable[str]) -> dict[str, int]:
    """pid -> number; who has none gets the next ones."""
    wanted = set(pids)
    found: dict[str, int] = {}
    for some in in_parts(wanted):
        statement = select(_person.c.pid, _person.c.number).where(_person.c.pid.in_(some))
        found.update((pid, number) for pid, number in connection.execute(statement))
    unknown = sorted(wanted - found.keys())
    if unknown:
        highest = connection.execute(select(func.max(_person.c.number))).scalar()
        new = {pid: number for number, pid in enumerate(unknown, start=0 if highest is None else highest + 1)}
        connection.execute(insert(_person), [{"pid": pid, "number": number} for pid, number in new.items()])
        found |= new
    return found


def rename(connection: Connection, pid: str, token: str) -> None:
    """Let the token have the pid's number, so that no set changes; where it has one already, the pid's goes later."""
    other = _person.alias()
    taken = exists().where(other.c.pid == token)
    connection.execute(update(_person).where(_person.c.pid == pid, ~taken).values(pid=token))


def firsts_in(connection: Connection, period: Period) -> BitMap:
    """Whose first presence as participant ever lies in the period; for whole months a row a month."""
    if in_whole_months(period):
        by_month = select(_newcomers.c.participants).where(_newcomers.c.month.between(period.first, period.last))
        return NOBODY.union(NOBODY, *map(set_of, connection.execute(by_month).scalars()))
    by_day = select(_person.c.number).where(_person.c.first_day.between(period.first, period.last))
    return BitMap(connection.execute(by_day).scalars())


@dataclass
class Moves:
    """Whose presences came and went while tallies were counted anew."""

    came: dict[int, date] = field(default_factory=dict)
    """Participant -> the earliest day that came."""
    went: set[int] = field(default_factory=set)
    """Who lost a presence, as participant or professional: only facts tell what is left."""

    def note(self, before: Counted[BitMap] | None, after: Counted[BitMap]) -> None:
        """An activity was counted anew."""
        day, there = after.properties.day, after.whole
        was = before.whole if before else Tally(NOBODY, NOBODY)
        moved = before is not None and before.properties.day != day
        for number in there.participants if moved else there.participants - was.participants:
            self.came[number] = min(day, self.came.get(number, day))
        self.went.update(was.participants if moved else was.participants - there.participants)
        self.went.update(was.professionals - there.professionals)


def follow(connection: Connection, moves: Moves) -> None:
    """Bring numbers, first days and newcomers in line with the facts; the tallies are already."""
    known: dict[int, Any] = {}
    for some in in_parts(moves.came.keys() | moves.went):
        statement = select(_person.c.number, _person.c.pid, _person.c.first_day).where(_person.c.number.in_(some))
        known.update((row.number, row) for row in connection.execute(statement))
    left = _presences(connection, [known[number].pid for number in moves.went])
    first: dict[int, date | None] = {
        number: min(day, known[number].first_day or day) for number, day in moves.came.items()
    }
    first |= {number: left[known[number].pid] for number in moves.went if known[number].pid in left}
    gone = [number for number in moves.went if known[number].pid not in left]
    changed = {number: day for number, day in first.items() if day != known[number].first_day}
    _save(connection, changed)
    _move(connection, known, changed | dict.fromkeys(gone))
    for some in in_parts(gone):
        connection.execute(delete(_person).where(_person.c.number.in_(some)))


def _presences(connection: Connection, pids: Iterable[str]) -> dict[str, date | None]:
    """First day as participant, for whoever still was present anywhere as participant or professional."""
    found: dict[str, date | None] = {}
    a = _attendance.c
    for some in in_parts(pids):
        statement = (
            select(a.pid, a.role, func.min(_activity.c.day))
            .join(_activity, _activity.c.ref == a.activity)
            .where(a.pid.in_(some), a.outcome == "present", a.role.in_(("participant", "professional")))
            .where(newest_attendance)
            .group_by(a.pid, a.role)
        )
        for pid, role, day in connection.execute(statement):
            found[pid] = day if role == "participant" else found.get(pid)
    return found


def _save(connection: Connection, changed: Mapping[int, date | None]) -> None:
    if changed:
        one = update(_person).where(_person.c.number == bindparam("whose")).values(first_day=bindparam("day"))
        connection.execute(one, [{"whose": number, "day": day} for number, day in changed.items()])


def _move(connection: Connection, known: Mapping[int, Any], changed: Mapping[int, date | None]) -> None:
    """Take them out of the month where they were new, and put them where they are."""
    out, into = _by_month({number: known[number].first_day for number in changed}), _by_month(changed)
    months = out.keys() | into.keys()
    statement = select(_newcomers.c.month, _newcomers.c.participants).where(_newcomers.c.month.in_(months))
    kept = {month: set_of(persons) for month, persons in connection.execute(statement)}
    for month in sorted(months):
        persons = (kept.get(month, NOBODY) - out.get(month, NOBODY)) | into.get(month, NOBODY)
        if not persons:
            connection.execute(delete(_newcomers).where(_newcomers.c.month == month))
            continue
        row = {"participants": stored_set(persons)}
        saved = upsert(connection, _newcomers).values(month=month, **row)
        connection.execute(saved.on_conflict_do_update(index_elements=["month"], set_=row))


def _by_month(days: Mapping[int, date | None]) -> dict[date, BitMap]:
    found: dict[date, BitMap] = {}
    for number, day in days.items():
        if day is not None:
            found.setdefault(bucket("month", day).first, BitMap()).add(number)
    return found
