"""Activities with all versions seen, sign-ups with the highest: the same rows whatever the order of the events."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import Connection, select, text

from services.notifications.domain.facts import Activity, ActivityVersion, Signup
from services.notifications.store.rows import (
    ACTIVITY_COLUMNS,
    SIGNUP_COLUMNS,
    activity_table,
    chunks,
    signup_table,
)
from shared.database import upsert

_PLANNER = 8002
"""Any number that only we use: the advisory lock of planning."""


def one_planner(connection: Connection) -> None:
    """Until the commit nobody else plans or claims, so that no two transactions each miss what the other does.

    SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _PLANNER})


def save_activities(connection: Connection, versions: Sequence[ActivityVersion]) -> None:
    """Add versions; one that is there stays as it is."""
    if versions:
        statement = upsert(connection, activity_table).on_conflict_do_nothing(index_elements=["ref", "version"])
        connection.execute(statement, [asdict(version) for version in versions])


def save_signups(connection: Connection, signups: Iterable[Signup]) -> None:
    """Keep the highest version of each."""
    rows = [asdict(signup) for signup in signups]
    if not rows:
        return
    statement = upsert(connection, signup_table)
    newer = statement.excluded.version > signup_table.c.version
    values = {name: statement.excluded[name] for name in rows[0] if name != "ref"}
    connection.execute(statement.on_conflict_do_update(index_elements=["ref"], set_=values, where=newer), rows)


def activities(connection: Connection, refs: Iterable[str]) -> dict[str, Activity]:
    """Those that are known, each with its history, lowest version first."""
    found: dict[str, list[ActivityVersion]] = {}
    for some in chunks(sorted(set(refs))):
        statement = select(*ACTIVITY_COLUMNS).where(activity_table.c.ref.in_(some)).order_by(activity_table.c.version)
        for row in connection.execute(statement).mappings():
            found.setdefault(row["ref"], []).append(ActivityVersion(**row))
    return {ref: Activity(tuple(versions)) for ref, versions in found.items()}


def signups(connection: Connection, refs: Iterable[str]) -> list[Signup]:
    """Those that are known."""
    return [
        Signup(**row)
        for some in chunks(sorted(set(refs)))
        for row in connection.execute(select(*SIGNUP_COLUMNS).where(signup_table.c.ref.in_(some))).mappings()
    ]


def signups_for(connection: Connection, activity_refs: Iterable[str]) -> list[str]:
    """The references of all sign-ups for some activities."""
    return [
        ref
        for some in chunks(sorted(set(activity_refs)))
        for ref in connection.execute(select(signup_table.c.ref).where(signup_table.c.activity.in_(some))).scalars()
    ]


def signups_of(connection: Connection, pids: Iterable[str]) -> list[str]:
    """The references of all sign-ups of some people."""
    return [
        ref
        for some in chunks(sorted(set(pids)))
        for ref in connection.execute(select(signup_table.c.ref).where(signup_table.c.pid.in_(some))).scalars()
    ]
