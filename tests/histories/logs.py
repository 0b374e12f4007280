"""The log that the real registration writes of a history, in every form its events take meanwhile."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine

from services.registration import event_log
from services.registration.app import MIGRATIONS
from services.registration.domain.commands import Post
from services.registration.usecases.coalition import put_partner
from services.registration.usecases.record_events import record
from shared.database import connect, reading, upgrade
from shared.messaging.cloud_event_format import Entry
from tests.histories.steps import BEGIN, Enters, History, Step

MOST = 10_000
_PERSON_KEY = b"p" * 40


@dataclass(frozen=True, slots=True)
class Written:
    """An event of the log, in every form it was sent in: as it was written, and after each erasure that rewrote it."""

    sequence: int
    forms: Sequence[bytes]

    def entry(self, form: int = -1) -> Entry:
        """As the stream brings it."""
        return Entry(f"{self.sequence}-0", self.forms[form])


@dataclass
class Log:
    """What registration has written. `sealed`: the log as a rebuild reads it, when all erasures are confirmed."""

    events: list[Written] = field(default_factory=list)
    sealed: list[Entry] = field(default_factory=list)
    end: datetime = BEGIN

    def in_order(self) -> list[Entry]:
        """As a consumer gets it that was never late: every event in the form of its first day."""
        return [written.entry(0) for written in self.events]

    def states(self) -> Mapping[str, Mapping[str, Any]]:
        """Subject -> its last state by the log, erased people under their token; for a plain recount."""
        wholes = [orjson.loads(entry.body) for entry in self.sealed]
        return {whole["subject"]: {**whole["data"], "event": whole["type"].split(".")[2]} for whole in wholes}

    def lines(self) -> str:
        """The log for somebody who reads a failure."""
        wholes = [orjson.loads(entry.body) for entry in self.in_order()]
        told = (f"{w['sequence']:>3} {w['type'][11:-3]} {w['subject']} v{w['data']['version']}" for w in wholes)
        return "\n".join(("", *told))


@contextmanager
def registration_database(folder: Path) -> Iterator[Engine]:
    """A migrated database that histories are written in, each rolled back at its end."""
    engine = connect(f"sqlite:///{folder / 'registration.db'}")
    upgrade(engine, MIGRATIONS)
    yield engine
    engine.dispose()


def log_of(engine: Engine, history: History) -> Log:
    """What registration makes of a history; nothing of it stays in its database."""
    log = Log()
    with reading(engine) as connection:
        for number, (minutes, step) in enumerate(history, 1):
            log.end += timedelta(minutes=minutes)
            _take(connection, step, number, log.end)
            _note_forms(connection, log)
        event_log.mark_confirmed(connection, MOST)
        log.sealed = [_entry(found) for found in event_log.read(connection, 0, MOST)]
    return log


def _take(connection: Connection, step: Step, number: int, now: datetime) -> None:
    if isinstance(step, Enters):
        left = date(2026, 3, 9) if step.left else None
        put_partner(connection, step.partner, "Avedan", "partner", "GM0141", date(2019, 5, 1), left, now)
        return
    partner = str(next(iter(vars(step).values()))).partition("/")[0]
    key = f"event-{number}"
    record(connection, [Post(partner, "urn:nld:test", key, now, key, step.command())], now, _PERSON_KEY)


def _entry(found: event_log.LogEntry) -> Entry:
    return Entry(f"{found.sequence}-0", found.on_stream())


def _note_forms(connection: Connection, log: Log) -> None:
    for found in event_log.read(connection, 0, MOST):
        sent = found.on_stream()
        if found.sequence > len(log.events):
            log.events.append(Written(found.sequence, (sent,)))
        elif sent != (known := log.events[found.sequence - 1]).forms[-1]:
            log.events[found.sequence - 1] = Written(known.sequence, (*known.forms, sent))
