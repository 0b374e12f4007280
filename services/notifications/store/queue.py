"""The message table as a timer: what is due, who holds it, what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Row,
    Select,
    String,
    bindparam,
    case,
    func,
    literal_column,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.notifications.domain.facts import OPEN, Message
from services.notifications.domain.policy import LANES
from services.notifications.store.rows import MESSAGE_COLUMNS, message, message_table

_m = message_table.c
_LANES = tuple(sorted(set(LANES.values())))
_OPEN = _m.status.in_([literal_column(f"'{status}'") for status in OPEN])
_SENDING = _m.status == literal_column("'sending'")
"""Written out, as the partial indexes have it; a parameter in their place hides the index from the planner."""
_LEADS_BACK = ("address_hash", "transport_ref")
"""Columns of a settled row that lead to an address or a number."""
_NO_LANE = -1
_SPARE = 4
"""Rows looked at beyond the free slots: several may be of one sign-up, which gets one mail at a time."""
_CLAIMS = 8002
"""Any number that only we use: the class of the advisory locks on sign-ups."""
SWEPT_AT_ONCE = 500
"""Rows that one transaction cleans up, so that nobody waits long for one of them."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """When there is something to do next: the first due message of each lane, and the first row to clean up."""

    lanes: Mapping[int, datetime]
    sweep_at: datetime | None

    @property
    def next_at(self) -> datetime | None:
        """The first of all."""
        return min((at for at in (*self.lanes.values(), self.sweep_at) if at), default=None)

    def lanes_due(self, now: datetime) -> list[int]:
        """Highest first."""
        return sorted(lane for lane, at in self.lanes.items() if at <= now)


def ahead(connection: Connection) -> Ahead:
    """One look at the heads of the indexes; costs the same however many rows are finished."""
    heads = [
        *(_head(_m.due_at, "due", lane).where(_OPEN, _m.lane == lane) for lane in _LANES),
        _head(_m.not_after, "too_late").where(_OPEN),
        _head(_m.lease_until, "leased").where(_SENDING),
        _head(_m.resend_at, "second_copies").where(_m.resend_at.is_not(None)),
    ]
    rows: Sequence[Row[Any]] = connection.execute(union_all(*heads)).all()
    found = [(row.lane, row.at) for row in rows if row.at is not None]
    lanes = {lane: at for lane, at in found if lane != _NO_LANE}
    return Ahead(lanes, min((at for lane, at in found if lane == _NO_LANE), default=None))


def _head(column: Any, index: str, lane: int | None = None) -> Select[Any]:
    shown = _NO_LANE if lane is None else lane
    found = select(literal_column(str(shown), Integer).label("lane"), func.min(column).label("at"))
    return _by(index, found)


def _by(index: str, statement: Select[Any]) -> Select[Any]:
    """SQLite takes the first index that begins with a column it knows, unless told."""
    return statement.with_hint(message_table, f"INDEXED BY {index}", "sqlite")


def expire(connection: Connection, now: datetime) -> dict[str, str]:
    """What is too late: expired, or still unknown where a first copy may have arrived; in both cases to be called.

    Id -> status, at most `SWEPT_AT_ONCE`; rows that somebody else is deciding about wait for the next look.
    """
    late = select(_m.id, _m.doubts).where(_OPEN, _m.not_after <= now)
    rows = _picked(connection, late, "too_late", _m.not_after)
    found = {row.id: "unknown" if row.doubts else "expired" for row in rows}
    for status, why in (("expired", "too-late"), ("unknown", "in-doubt")):
        mine = sorted(key for key, ended in found.items() if ended == status)
        values = {"status": status, "reason": "too-late", "call_since": now, "call_reason": why}
        connection.execute(update(message_table).where(_m.id.in_(mine)).values(values))
    return found


def release_second_copies(connection: Connection, now: datetime) -> list[str]:
    """In doubt for long enough: once more, with the same Message-ID. Returns the ids, at most `SWEPT_AT_ONCE`."""
    due = select(_m.id).where(_m.resend_at <= now, _m.status == literal_column("'unknown'"))
    found = [row.id for row in _picked(connection, due, "second_copies", _m.resend_at)]
    values = {"status": "retry", "due_at": now, "resend_at": None, "intent_at": None}
    connection.execute(update(message_table).where(_m.id.in_(found)).values(values))
    return found


def abandoned(connection: Connection, now: datetime) -> list[Message]:
    """Whose lease ran out while it was being sent; locked."""
    statement = select(*MESSAGE_COLUMNS).where(_SENDING, _m.lease_until <= now)
    return [message(row._mapping) for row in _picked(connection, statement, "leased", _m.lease_until)]


def _picked(connection: Connection, statement: Select[Any], index: str, order: Any) -> Sequence[Row[Any]]:
    """Oldest first, locked; rows in other hands are passed over, so that nobody waits for us, nor we for them."""
    chosen = statement.order_by(order).limit(SWEPT_AT_ONCE).with_for_update(skip_locked=True)
    return connection.execute(_by(index, chosen)).all()


def perhaps_told(connection: Connection, restored_at: datetime, lease: timedelta) -> list[Message]:
    """What a backup from before this moment calls open, and was to go out by then; at most `SWEPT_AT_ONCE`, locked.

    Due, being sent, or to be sent once more: in each case it may have gone out since the backup was made.
    """
    due = [("due", _OPEN & (_m.lane == lane) & (_m.due_at <= restored_at)) for lane in _LANES]
    leased = ("leased", _SENDING & (_m.lease_until <= restored_at + lease))
    copies = ("second_copies", (_m.resend_at <= restored_at) & (_m.status == literal_column("'unknown'")))
    found: list[Message] = []
    for index, which in (*due, leased, copies):
        chosen = select(*MESSAGE_COLUMNS).where(which).order_by(_m.id).limit(SWEPT_AT_ONCE - len(found))
        found += [message(row) for row in connection.execute(_by(index, chosen.with_for_update())).mappings()]
    return found


def claim(
    connection: Connection,
    now: datetime,
    free: int,
    token: str,
    until: datetime,
    lanes: Sequence[int] = _LANES,
    closed: frozenset[str] = frozenset(),
    after: datetime | None = None,
) -> list[Message]:
    """Take what is due, highest lane first, oldest first in a lane, at most one of a sign-up; attempts count from here.

    `closed`: channels that nothing gets through just now; their messages stay where they are, without an attempt.
    `after`: what was due until then is not taken.
    Never waits: rows that another process is looking at are passed over (PostgreSQL); SQLite has one writer.
    """
    chosen: dict[str, str] = {}
    for lane in lanes:
        if len(chosen) < free:
            due = _due(now, lane, closed, after).limit(free - len(chosen) + _SPARE)
            ours = _choose(connection, due, chosen)
            chosen |= dict(ours[: free - len(chosen)])
    if not chosen:
        return []
    taken = update(message_table).where(_m.id.in_(list(chosen.values()))).values(
        status="sending", lease_token=token, lease_until=until, attempts=_m.attempts + 1, intent_at=None
    )  # fmt: skip
    rows = [message(row) for row in connection.execute(taken.returning(*MESSAGE_COLUMNS)).mappings()]
    return sorted(rows, key=lambda row: (row.lane, row.due_at, row.id))


def _due(now: datetime, lane: int, closed: frozenset[str], after: datetime | None) -> Select[Any]:
    """Of sign-ups that have no message in sending, oldest first."""
    other = message_table.alias("other")
    busy = select(other.c.id).where(other.c.signup == _m.signup, other.c.status == literal_column("'sending'")).exists()
    due = select(_m.id, _m.signup).where(_OPEN, _m.lane == lane, _m.due_at <= now, _m.not_after > now, ~busy)
    if after is not None:
        due = due.where(_m.due_at > after)
    if closed:
        due = due.where(_m.channel.not_in(sorted(closed)))
    return _by("due", due.order_by(_m.due_at, _m.id))


def _choose(connection: Connection, due: Select[Any], chosen: Mapping[str, str]) -> list[tuple[str, str]]:
    """(sign-up, message), in order, one each, of sign-ups that have none chosen and that are ours alone; locked."""
    first: dict[str, str] = {}
    for row in connection.execute(due.with_for_update(skip_locked=True)):
        if row.signup not in chosen:
            first.setdefault(row.signup, row.id)
    ours = _ours_alone(connection, list(first)) if first else frozenset()
    return [(signup, row_id) for signup, row_id in first.items() if signup in ours]


def _ours_alone(connection: Connection, signups: Sequence[str]) -> frozenset[str]:
    """Of these the ones for which nobody else claims or sends anything, and will not until we commit.

    Row locks do not say so: two processes may hold two messages of one sign-up. Whoever gets the lock on the sign-up
    second looks, in a statement of its own, at what the first has committed.
    """
    if connection.dialect.name != "postgresql":
        return frozenset(signups)
    wanted = bindparam("signups", list(signups), type_=ARRAY(String))
    one = func.unnest(wanted).column_valued("one")
    locked = select(one).where(func.pg_try_advisory_xact_lock(_CLAIMS, func.hashtext(one)))
    held = set(connection.execute(locked).scalars())
    sending = select(_m.signup).where(_SENDING, _m.signup.in_(sorted(held)))
    return frozenset(held.difference(connection.execute(sending).scalars()))


def hold_intent(connection: Connection, held: Message, version: int, now: datetime, until: datetime) -> bool:
    """The last look said yes: from here on the mail may leave. False: the row is not ours any more."""
    mine = _ours(held) & (_m.generation == held.generation) & (_m.not_after > now) & (_m.lease_until > now)
    values = {"intent_at": now, "told_version": version, "lease_until": until}
    return bool(connection.execute(update(message_table).where(mine).values(values)).rowcount)


def settle(connection: Connection, held: Message, values: Mapping[str, Any]) -> str | None:
    """Write the outcome; returns whose message it is by now, None when the lease was lost: somebody else has decided.

    Of who was erased since the last look no way back is written.
    """
    same = {name: case((_m.pid == held.pid, values[name]), else_=None) for name in _LEADS_BACK if values.get(name)}
    written = update(message_table).where(_ours(held)).values({**values, **same}).returning(_m.pid)
    pid: str | None = connection.execute(written).scalar()
    return pid


def arrived_after_all(connection: Connection, message_id: str, now: datetime) -> None:
    """A late answer says that a message in doubt was taken: nobody has to call about it."""
    doubtful = (_m.id == message_id) & _m.status.in_(("unknown", "retry")) & (_m.doubts > 0)
    values = {"status": "sent", "sent_at": now, "reason": None, "resend_at": None, "call_since": None}
    connection.execute(update(message_table).where(doubtful).values(values))


def _ours(held: Message) -> Any:
    return (_m.id == held.id) & (_m.lease_token == held.lease_token) & _SENDING
