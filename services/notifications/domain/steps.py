"""From the messages there are to those that must exist: insert, rewrite, close, list again, call off a copy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notifications.domain.facts import ENDED, REFUSED, Message, slot
from services.notifications.domain.planning import Wanted


@dataclass(frozen=True, slots=True)
class Insert:
    """A fact nobody has planned yet."""

    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A row that has told nothing serves this now: moved, closed or revived. Whoever holds its lease loses it."""

    message: Message
    wanted: Wanted

    @property
    def status(self) -> str:
        """What the row says afterwards."""
        return self.wanted.closed.status if self.wanted.closed else "scheduled"


@dataclass(frozen=True, slots=True)
class Close:
    """Not wanted any more, nor is a call about it. One that may have arrived stays `unknown`, without a second copy."""

    message: Message
    reason: str

    @property
    def status(self) -> str:
        """What the row says afterwards."""
        found = self.message
        if found.status in ENDED:
            return found.status
        if found.doubts and found.pending:
            return "unknown"
        return "suppressed" if self.reason in REFUSED else "cancelled"


@dataclass(frozen=True, slots=True)
class Relist:
    """A call that was called off has to be made after all: what it tells is so again, and nobody has told it."""

    message: Message

    @property
    def reason(self) -> str:
        """Why somebody has to call."""
        return self.message.call_reason or "in-doubt"


Step = Insert | Rewrite | Close | Relist


def steps(
    wanted: Sequence[Wanted],
    messages: Sequence[Message],
    reason: Callable[[str], str],
    now: datetime,
    *,
    begun: bool = False,
) -> list[Step]:
    """What to do about one sign-up. `reason` says for a kind why a message is not wanted any more.

    `begun`: the activity has. Whoever was not called by then was not called: that stays as it is.
    """
    pairs, left = _matched(wanted, messages)
    found: list[Step] = []
    for want, row in pairs:
        if row is None:
            found.append(Insert(want))
        elif row.rewritable:
            found += [Rewrite(row, want)] if _differs(row, want) else []
        elif want.closed and _can_be_closed(row):
            found.append(Close(row, want.closed.reason))
        elif not want.closed and row.called_off:
            found.append(Relist(row))
    gone = [row for row in left if _can_be_closed(row, begun=begun) and not _expires(row, now)]
    return found + [Close(row, reason(row.kind)) for row in gone]


def _matched(
    wanted: Sequence[Wanted], messages: Sequence[Message]
) -> tuple[list[tuple[Wanted, Message | None]], list[Message]]:
    """Each wanted with its row: the one with its key, else one of the same slot that has told nothing."""
    by_key = {message.dedup_key: message for message in messages}
    keys = {want.key for want in wanted}
    spare = [m for m in messages if m.dedup_key not in keys and m.rewritable]
    pairs: list[tuple[Wanted, Message | None]] = []
    for want in wanted:
        row = by_key.get(want.key) or next((m for m in spare if m.slot == slot(want.kind, want.key)), None)
        if row in spare:
            spare.remove(row)
        pairs.append((want, row))
    used = {row.id for _, row in pairs if row}
    return pairs, [m for m in messages if m.id not in used]


def _differs(row: Message, want: Wanted) -> bool:
    """The due time of an open row is its own: a retry or quiet hours may have moved it."""
    plan = (row.dedup_key, row.moment_at, row.not_after, row.subject_version)
    if plan != (want.key, want.moment_at, want.not_after, want.version):
        return True
    if want.closed:
        return (row.status, row.reason, row.due_at) != (want.closed.status, want.closed.reason, want.due_at)
    return not row.pending


def _can_be_closed(row: Message, *, begun: bool = False) -> bool:
    return row.pending or row.resend_at is not None or (row.listed and not begun)


def _expires(row: Message, now: datetime) -> bool:
    """Too late anyway: the sweep says so, with the truer word."""
    return row.pending and row.not_after <= now
