"""The truth: lock first, append last; joins the caller's transaction, gives dense numbers, never commits."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from services.registration.tables import EventLogRow, LogHeadRow, RelayStateRow
from shared.database import table_of
from shared.events.envelope import cloud_event, write_event
from shared.events.model import EventData
from shared.events.streams import EVENT_TYPES

_log, _head, _relay = table_of(EventLogRow), table_of(LogHeadRow), table_of(RelayStateRow)
_MAIN = "main"
_my_head, _my_relay = _head.c.name == _MAIN, _relay.c.name == _MAIN
CHANNEL = "komerbij_event_log"
"""PostgreSQL's NOTIFY channel: something was appended and committed."""
_ERASED = "nl.meedoen.participant-erased.v1"


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event to go out: the full new state of its subject. `pid` names the person it is about, if any."""

    subject: str
    data: EventData
    pid: str | None = None
    extensions: Mapping[str, Any] = field(default_factory=dict)


class Head(NamedTuple):
    """The last number given, the last one sent, and the one every consumer has confirmed."""

    assigned: int
    published: int
    replay_floor: int


class LogEntry(NamedTuple):
    """A stored event with its place."""

    sequence: int
    event_id: str
    payload: str

    def on_stream(self) -> bytes:
        """As it goes into Redis."""
        return write_event(orjson.loads(self.payload), self.sequence, on_stream=True)

    def in_answer(self) -> dict[str, Any]:
        """As `GET /v1/log` shows it."""
        shown: dict[str, Any] = orjson.loads(write_event(orjson.loads(self.payload), self.sequence, on_stream=False))
        return shown


def lock(connection: Connection) -> int:
    """The first statement of every write transaction that decides: one at a time, over all processes; returns the head.

    Whatever is read after it is as the transaction before left it, and cannot change before the commit (decision 0011).
    """
    head: int = connection.execute(select(_head.c.assigned).where(_my_head).with_for_update()).scalar_one()
    return head


def append(connection: Connection, announcements: Sequence[Announcement], now: datetime) -> int:
    """Number and store events as the last act of a write transaction; returns the log's head.

    The head row is locked until the commit, so commit order is log order and no number is ever missing
    (traps T24, N1 to N4). A rollback takes the numbers back.
    """
    assigned = lock(connection)
    if not announcements:
        return assigned
    rows = [_row(announcement, assigned + place, now) for place, announcement in enumerate(announcements, 1)]
    connection.execute(insert(_log), rows)
    connection.execute(update(_head).where(_my_head).values(assigned=assigned + len(rows)))
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_notify(CHANNEL, "")))  # told at the commit, and once however often it is said
    return assigned + len(rows)


def _row(announcement: Announcement, sequence: int, now: datetime) -> dict[str, Any]:
    event_id, event_type = str(uuid.uuid4()), EVENT_TYPES[type(announcement.data)]
    whole = cloud_event(event_id, announcement.subject, event_type, now, announcement.data, announcement.extensions)
    return {
        "sequence": sequence,
        "event_id": event_id,
        "type": event_type,
        "subject": announcement.subject,
        "version": announcement.data.version,
        "pid": announcement.pid,
        "payload": orjson.dumps(whole).decode(),
        "recorded_at": now,
    }


def head(connection: Connection) -> Head:
    """Where the log stands, and where the stream does."""
    columns = (_head.c.assigned, _relay.c.published, _relay.c.replay_floor)
    return Head(*connection.execute(select(*columns).where(_my_head, _relay.c.name == _head.c.name)).one())


def read(connection: Connection, after: int, limit: int) -> list[LogEntry]:
    """Entries after a sequence, in order."""
    columns = (_log.c.sequence, _log.c.event_id, _log.c.payload)
    statement = select(*columns).where(_log.c.sequence > after).order_by(_log.c.sequence).limit(limit)
    return [LogEntry(*row) for row in connection.execute(statement)]


def event_id_at(connection: Connection, sequence: int) -> str | None:
    """The id of the event at a place; None if there is none."""
    return connection.execute(select(_log.c.event_id).where(_log.c.sequence == sequence)).scalar()


def mark_published(connection: Connection, sequence: int) -> None:
    """Remember how far the stream is; also moves back after a loss."""
    connection.execute(update(_relay).where(_my_relay).values(published=sequence))


def mark_confirmed(connection: Connection, sequence: int) -> int | None:
    """Every consumer has confirmed up to here: a replay need not begin below. Seals erasures that all have applied.

    Returns the place of the last one that was sealed just now; None: there was none.
    """
    above = _my_relay & (_relay.c.replay_floor < sequence)
    if connection.execute(update(_relay).where(above).values(replay_floor=sequence)).rowcount:
        return _seal(connection, sequence)
    return None


def forget(connection: Connection, pid: str, token: str) -> None:
    """Put the token in the place of a pid in every stored event; numbers and rows stay.

    An earlier erasure of the same pid keeps its own token: what came after it is another person.
    """
    _rewrite(connection, (_log.c.pid == pid) & (_log.c.type != _ERASED), pid, token)


def _seal(connection: Connection, upto: int) -> int | None:
    """An erasure that every consumer has applied loses its own pid: nothing leads back from the token."""
    mine = (_log.c.type == _ERASED) & (_log.c.sequence <= upto) & _log.c.pid.is_not(None)
    columns = (_log.c.sequence, _log.c.pid, _log.c.payload)
    found = connection.execute(select(*columns).where(mine)).all()
    for sequence, pid, payload in found:
        _rewrite(connection, _log.c.sequence == sequence, pid, orjson.loads(payload)["data"]["token"])
    return max((row.sequence for row in found), default=None)


def _rewrite(connection: Connection, which: ColumnElement[bool], pid: str, token: str) -> None:
    changes = {
        "payload": func.replace(_log.c.payload, pid, token),
        "subject": func.replace(_log.c.subject, pid, token),
        "pid": None,
    }
    connection.execute(update(_log).where(which).values(changes))
