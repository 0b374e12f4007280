"""A new generation of a consumer's tables, in a file of its own beside the live ones; gone when it is closed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Table, delete, event, insert, select

from shared.clock import Clock
from shared.database import connect, reading, transaction
from shared.messaging.cloud_event_format import Entry
from shared.messaging.inbox import MAX_ATTEMPTS, Inbox
from shared.operators.digests import Digest
from shared.operators.projections import Projections

Page = Callable[[int], Sequence[Entry]]
"""The events after a sequence, in order; empty at the head of the log."""
_ERASED = b"participant-erased"
_AT_ONCE = 2000


class Tainted(Exception):  # noqa: N818  -- no error: the work is done again
    """An erasure was recorded and sealed while the log was read, so pages read before it may name the person."""


class Generation:
    """Filled from the event log through the consumer's own handler. A SQLite file, whatever the live database is."""

    def __init__(self, engine: Engine, projections: Projections, clock: Clock, began_at: int) -> None:
        self._engine, self._projections, self._began_at = engine, projections, began_at
        self._inbox = Inbox(engine, projections.apply, clock)
        self.position = 0

    def advance(self, page: Page, upto: int, heard: Callable[[int], None] = lambda _: None) -> None:
        """Apply the log as far as `upto` (at most its head); `heard` gets the position after each page.

        Raises Tainted where what was read so far cannot be trusted any more.
        """
        while self.position < upto:
            entries = [entry for entry in page(self.position) if _sequence(entry) <= upto]
            if not entries:
                return
            self._refuse_sealed(entries)
            self._apply(entries)
            heard(self.position)

    def digest(self) -> Digest:
        """Of the tables that a switch would bring."""
        with reading(self._engine) as connection:
            return self._projections.digest(connection)

    def copy_to(self, live: Connection) -> None:
        """Put these rows in the place of the live ones, within the transaction of `live`."""
        with reading(self._engine) as connection:
            for table in (*self._projections.tables, *self._projections.derived):
                live.execute(delete(table))
                for rows in _chunks(connection, table):
                    live.execute(insert(table), rows)

    def _apply(self, entries: Sequence[Entry]) -> None:
        """One that fails is given up after as many attempts as the live consumer makes."""
        for _ in range(MAX_ATTEMPTS):
            self._inbox.process(entries, from_log=True)
            self.position = self._inbox.watermark()
            if self.position >= _sequence(entries[-1]):
                return
        raise RuntimeError("the log has a gap")

    def _refuse_sealed(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if _sequence(entry) > self._began_at and _ERASED in entry.body:
                data = orjson.loads(entry.body)["data"]
                if data["pid"] == data["token"]:
                    raise Tainted


@contextmanager
def new_generation(file: Path, projections: Projections, clock: Clock, began_at: int) -> Iterator[Generation]:
    """An empty one; `began_at` is the log's head before the first page is read. Its file goes at the end."""
    remove(file)
    engine = connect(f"sqlite:///{file.absolute()}")
    event.listen(engine, "connect", _in_no_hurry_for_the_disk)
    try:
        with transaction(engine) as connection:
            projections.metadata.create_all(connection)
        yield Generation(engine, projections, clock, began_at)
    finally:
        engine.dispose()
        remove(file)


def remove(file: Path) -> None:
    """The file of a generation and what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            Path(f"{file}{suffix}").unlink()


def _in_no_hurry_for_the_disk(connection: Any, _record: Any) -> None:
    """A generation that a crash takes with it is built anew."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


def _chunks(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    found = connection.execute(select(table).execution_options(yield_per=_AT_ONCE)).mappings()
    for part in found.partitions(_AT_ONCE):
        yield [dict(row) for row in part]


def _sequence(entry: Entry) -> int:
    return int(entry.stream_id.partition("-")[0])
