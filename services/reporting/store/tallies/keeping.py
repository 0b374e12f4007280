"""Counting activities anew when something about them changed; what hangs on them follows in the same transaction."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from pyroaring import BitMap
from sqlalchemy import Connection, Table, delete, exists, insert, select

from services.reporting.domain.tallies.counting import ActivityFacts, Counted, Properties, counted
from services.reporting.domain.tally import PARTS, SETS
from services.reporting.store.facts import FactsOfActivities
from services.reporting.store.tallies import months, persons
from services.reporting.store.tallies.rows import Kept, columns_of, in_parts, key_of, numbered, stored_key, tally_of
from services.reporting.tables import ActivityRow, ActivityTallyRow, AudienceTally, AudienceTallyRow
from shared.database import table_of

_activity, _tally, _audience = table_of(ActivityRow), table_of(ActivityTallyRow), table_of(AudienceTallyRow)
_PROPERTIES: Final = tuple(_tally.c[name] for name in Properties._fields)
_OF_PERSONS: Final = tuple(name for name in PARTS if name in AudienceTally.model_fields)


def count_anew(connection: Connection, activities: Iterable[str]) -> None:
    """Bring every tally in line with the facts of these activities; those not seen yet count for nothing so far.

    To be called once per transaction, when all facts are as they will be, by whoever holds `position.lock`.
    """
    moves = persons.Moves()
    for refs in in_parts(sorted(activities)):
        _count_anew(connection, refs, moves)
    persons.follow(connection, moves)


def not_counted(connection: Connection, at_most: int) -> list[str]:
    """Activities without a tally, the earliest first: those of a database that knew no tallies."""
    missing = ~exists().where(_tally.c.activity == _activity.c.ref)
    statement = select(_activity.c.ref).where(missing).order_by(_activity.c.day, _activity.c.ref).limit(at_most)
    return list(connection.execute(statement).scalars())


def _count_anew(connection: Connection, refs: Collection[str], moves: persons.Moves) -> None:
    before = _kept(connection, refs)
    found = {ref: counted(facts) for ref, facts in _facts(connection, refs).items()}
    numbers = persons.numbers_of(
        connection, (pid for one in found.values() for name in SETS for pid in getattr(one.whole, name))
    )
    after = {ref: _numbered(one, numbers) for ref, one in found.items()}
    changed = [ref for ref, one in after.items() if before.get(ref) != one]
    _write(connection, [after[ref] for ref in changed])
    months.move(connection, [before[ref] for ref in changed if ref in before], [after[ref] for ref in changed])
    for ref in changed:
        moves.note(before.get(ref), after[ref])


def _numbered(one: Counted[frozenset[str]], numbers: Mapping[str, int]) -> Counted[BitMap]:
    audiences = {part: numbered(tally, numbers) for part, tally in one.audiences.items()}
    return Counted(one.properties, numbered(one.whole, numbers), audiences)


def _facts(connection: Connection, refs: Collection[str]) -> dict[str, ActivityFacts]:
    facts = FactsOfActivities(connection, tuple(refs))
    found = {ref: ActivityFacts(activity) for ref, activity in facts.activities.items()}
    for attendance in facts.of("attendances"):
        found[attendance.activity.ref].attendances.append(attendance)
    for signup in facts.of("signups"):
        found[signup.activity.ref].signups.append(signup)
    for head_count in facts.of("head-counts"):
        found[head_count.activity.ref].head_counts.append(head_count)
    for joining in facts.of("joinings"):
        found[joining.activity.ref].joinings.append(joining)
    return found


def _kept(connection: Connection, refs: Collection[str]) -> dict[str, Counted[BitMap]]:
    t, a = _tally.c, _audience.c
    audiences: dict[str, dict[tuple[str, str | None], Kept]] = {}
    parts = select(a.activity, a.dimension, a.key, *(a[name] for name in _OF_PERSONS)).where(a.activity.in_(refs))
    for ref, dimension, key, *values in connection.execute(parts):
        audiences.setdefault(ref, {})[dimension, key_of(key)] = tally_of(_OF_PERSONS, values)
    wholes = select(*_PROPERTIES, *(t[name] for name in PARTS)).where(t.activity.in_(refs))
    found = {}
    for row in connection.execute(wholes):
        properties = Properties(*row[: len(_PROPERTIES)])
        whole = tally_of(PARTS, row[len(_PROPERTIES) :])
        found[properties.activity] = Counted(properties, whole, audiences.get(properties.activity, {}))
    return found


def _write(connection: Connection, changed: Collection[Counted[BitMap]]) -> None:
    refs = [one.properties.activity for one in changed]
    for table in (_tally, _audience):
        connection.execute(delete(table).where(table.c.activity.in_(refs)))
    _insert(connection, _tally, [{**one.properties._asdict(), **columns_of(one.whole, PARTS)} for one in changed])
    _insert(connection, _audience, [row for one in changed for row in _audiences(one)])


def _audiences(one: Counted[BitMap]) -> Iterator[dict[str, Any]]:
    for (dimension, key), tally in one.audiences.items():
        named = {"activity": one.properties.activity, "dimension": dimension, "key": stored_key(key)}
        yield named | columns_of(tally, _OF_PERSONS)


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)
