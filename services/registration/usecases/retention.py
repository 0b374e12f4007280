"""Contact data goes by itself; what should have gone can be seen (contract section 7)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from services.registration import event_log
from services.registration.domain.retention import Traces, overdue_since
from services.registration.store import retention
from shared.database import reading, transaction

AT_ONCE = 200
"""People looked at, and forgotten, in one transaction."""
_READS = 1000
_A_YEAR = timedelta(days=365)
GoOn = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many people's contact data should have gone, and since when that of the first should."""

    people: int
    oldest_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How retention fares: `last_run_at` is the last run that did all there was to do; None before the first."""

    days: int
    last_run_at: datetime | None
    overdue: Overdue


def find_overdue(engine: Engine, now: datetime, keep: timedelta) -> Overdue:
    """As it stands; takes no lock."""
    since = [due for traces in _everybody(engine) if (due := overdue_since(traces, now, keep)) is not None]
    return Overdue(len(since), min(since, default=None))


def forget_overdue(engine: Engine, now: datetime, keep: timedelta, go_on: GoOn) -> int:
    """Delete it, some people at a time; returns how many. Repeatable, and ends early where it may not `go_on`.

    Candidates are found without a lock. Whether they still are is decided under the log's lock: whoever writes about
    a person holds it, so that nobody's contact data goes while a sign-up of that person comes in.
    """
    forgotten, found = 0, []
    for traces in _everybody(engine):
        if not go_on():
            break
        if overdue_since(traces, now, keep) is not None:
            found.append(traces.pid)
        if len(found) == AT_ONCE:
            forgotten += _forget(engine, found, now, keep)
            found = []
    return forgotten + (_forget(engine, found, now, keep) if found and go_on() else 0)


def forget_old_reads(engine: Engine, now: datetime, go_on: GoOn) -> int:
    """Delete what the audit has kept for a year; returns how many rows."""
    forgotten, last = 0, _READS
    while last == _READS and go_on():
        with transaction(engine) as connection:
            last = retention.forget_reads(connection, now - _A_YEAR, _READS)
        forgotten += last
    return forgotten


def _forget(engine: Engine, pids: Sequence[str], now: datetime, keep: timedelta) -> int:
    with transaction(engine) as connection:
        event_log.lock(connection)
        gone = [found.pid for found in retention.traces(connection, pids) if overdue_since(found, now, keep)]
        retention.forget_contacts(connection, gone)
    return len(gone)


def _everybody(engine: Engine) -> Iterator[Traces]:
    """Of whom contact data is kept, page by page."""
    last = ""
    while True:
        with reading(engine) as connection:
            page, pids = _page(connection, last)
        yield from page
        if not pids:
            return
        last = pids[-1]


def _page(connection: Connection, after: str) -> tuple[list[Traces], list[str]]:
    pids = retention.people(connection, after, AT_ONCE)
    return retention.traces(connection, pids) if pids else [], pids
