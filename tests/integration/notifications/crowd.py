"""Many people with a reminder that is due, and rows that are finished: put into the tables as planning would."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Table, insert

from services.notifications.tables import ActivityVersionRow, MessageRow, SignupRow
from shared.database import table_of, transaction

Row = dict[str, Any]
_AT_ONCE = 10_000


def due_reminders(engine: Engine, people: int, start: datetime, together: int = 20) -> None:
    """`people` who were told that they are in, and whose reminder is due since the day before `start`.

    `together` of them at each activity: numbers 0 to `together` - 1 at the activity `a0`, and so on.
    """
    recorded = start - timedelta(days=20)
    at = [f"avedan/a{number // together}" for number in range(people)]
    _add(engine, table_of(ActivityVersionRow), (_activity(ref, start, recorded) for ref in at[::together]))
    _add(engine, table_of(SignupRow), (_signup(n, ref, recorded) for n, ref in enumerate(at)))
    _add(engine, table_of(MessageRow), (_told(f"s{n}", ref, start, recorded) for n, ref in enumerate(at)))
    _add(engine, table_of(MessageRow), (_reminder(n, ref, start, recorded) for n, ref in enumerate(at)))


def finished(engine: Engine, rows: int, start: datetime) -> None:
    """Confirmations of long ago."""
    recorded = start - timedelta(days=20)
    _add(engine, table_of(MessageRow), (_told(f"old{n}", "avedan/old", start, recorded) for n in range(rows)))


def _add(engine: Engine, table: Table, rows: Iterator[Row]) -> None:
    some: list[Row] = []
    for row in rows:
        some.append(row)
        if len(some) == _AT_ONCE:
            _insert(engine, table, some)
            some.clear()
    _insert(engine, table, some)


def _insert(engine: Engine, table: Table, rows: Sequence[Row]) -> None:
    if rows:
        with transaction(engine) as connection:
            connection.execute(insert(table), list(rows))


def _activity(ref: str, start: datetime, recorded: datetime) -> Row:
    return {
        "ref": ref,
        "version": 1,
        "title": "Bingo in de Schelf",
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        "place": "De Schelf",
        "status": "scheduled",
        "recorded_at": recorded,
    }


def _signup(number: int, activity: str, recorded: datetime) -> Row:
    return {
        "ref": f"avedan/s{number}",
        "partner_id": "avedan",
        "activity": activity,
        "pid": f"pid-s{number}",
        "role": "participant",
        "party_size": 1,
        "reminders": True,
        "status": "confirmed",
        "arrived_at": recorded,
        "confirmed_at": recorded,
        "promoted": False,
        "version": 1,
        "sequence": number + 1,
    }


def _message(signup: str, activity: str, moment: datetime, recorded: datetime) -> Row:
    return {
        "partner_id": "avedan",
        "activity": activity,
        "signup": f"avedan/{signup}",
        "pid": f"pid-{signup}",
        "subject_version": 1,
        "channel": "email",
        "moment_at": moment,
        "due_at": moment,
        "attempts": 0,
        "crashes": 0,
        "doubts": 0,
        "generation": 0,
        "created_at": recorded,
    }


def _told(signup: str, activity: str, start: datetime, recorded: datetime) -> Row:
    sent = {"status": "sent", "sent_at": recorded, "told_version": 1, "attempts": 1}
    return {
        **_message(signup, activity, recorded, recorded),
        **sent,
        "id": f"c-{signup}",
        "dedup_key": f"confirmation:avedan/{signup}",
        "kind": "confirmation",
        "lane": 4,
        "not_after": start,
    }


def _reminder(number: int, activity: str, start: datetime, recorded: datetime) -> Row:
    return {
        **_message(f"s{number}", activity, start - timedelta(days=1), recorded),
        "id": str(UUID(int=number)),
        "dedup_key": f"reminder:avedan/s{number}:P1D:{start.astimezone(UTC):%Y-%m-%dT%H%M%SZ}",
        "kind": "reminder",
        "lane": 3,
        "not_after": start - timedelta(hours=2),
        "status": "scheduled",
    }
