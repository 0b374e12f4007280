"""That an erasure outlives backups: its mark stands in a ledger that no restored database takes back."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from services.registration import event_log
from services.registration.domain.commands import EraseParticipant, Post
from services.registration.domain.forgetting import hashed_person
from services.registration.domain.persons import Participant, person_id
from services.registration.store import erased, references
from services.registration.store.ledger import Ledger
from services.registration.store.references import Reference
from services.registration.usecases.erasure import forget, forget_reference
from services.registration.usecases.work import Work
from shared.clock import Clock
from shared.database import reading, scrub, transaction

_AT_ONCE = 50
"""People forgotten in one transaction."""
_JUST_NOW = timedelta(hours=1)
_NOBODY = "komerbij"
_log = logging.getLogger(__name__)


class _Back(NamedTuple):
    """Somebody who was erased and is back: the pid, its hash, and the reference that it is made of, where it stands."""

    pid: str
    person: str
    told_as: Reference | None


class Remembering:
    """Ledger and database of one process: each gets from the other what it lacks (contract section 7)."""

    def __init__(self, engine: Engine, person_key: bytes, clock: Clock, ledger: Path) -> None:
        self._engine, self._key, self._clock, self._ledger = engine, person_key, clock, Ledger(ledger)
        self.trouble: str | None = None
        """Why the ledger lacks what the database knows."""

    def at_start(self) -> None:
        """Before anything else: a mark that the database does not know says that an older backup was restored."""
        try:
            again = forget_again(self._engine, self._key, self._ledger.read(), self._clock())
        except BaseException:
            self._engine.dispose()  # whoever cannot start keeps nothing open
            raise
        if again:
            _log.warning("a restored database: erasures after its backup took place once more")
        self.complete()

    def after(self, posts: Sequence[Post]) -> None:
        """Between commit and answer of accepted posts. Never fails them: what is left, the next round does."""
        if any(isinstance(post.command, EraseParticipant) for post in posts):
            self._write(self._clock() - _JUST_NOW)
            self.clean()

    def complete(self) -> None:
        """Everything that the database knows into the ledger: of other processes' erasures too, and late."""
        self._write(None)

    def clean(self) -> None:
        """Leave no former page on disk; where somebody reads too long, the next erasure or hour tries again."""
        try:
            if not scrub(self._engine):
                _log.warning("former pages stay on disk: somebody reads")
        except Exception:
            _log.exception("former pages may still be on disk")

    def _write(self, since: datetime | None) -> None:
        try:
            with reading(self._engine) as connection:
                marks = erased.marks(connection, since)
            self._ledger.add(marks)
            self.trouble = None
        except Exception as error:  # the disk is full, the folder is gone: tried again within the hour
            self.trouble = f"{type(error).__name__}: erasures cannot be written into the ledger"
            _log.exception("the ledger of erasures lacks an erasure")


def forget_again(engine: Engine, person_key: bytes, ledger: Mapping[str, str], now: datetime) -> int:
    """Everybody whom a mark of the ledger names and who is back; returns how many. Marks that are known stay unused.

    So a person who registered after an erasure that this database knows is left alone.
    """
    with reading(engine) as connection:
        unknown = _unknown(connection, ledger)
        people = dict.fromkeys(erased.people(connection)) if unknown else {}
        told = sorted(references.every(connection)) if unknown else []
    wanted = set(unknown.values())
    named: dict[str, Reference | None] = {**people, **{person_id(person_key, *one, None): one for one in told}}
    hashes = ((pid, hashed_person(person_key, pid)) for pid in sorted(named))
    found = [_Back(pid, person, named[pid]) for pid, person in hashes if person in wanted]
    for start in range(0, len(found), _AT_ONCE):
        with transaction(engine) as connection:
            _forget(connection, person_key, found[start : start + _AT_ONCE], unknown, now)
    with transaction(engine) as connection:
        erased.remember(connection, unknown, now)
    if found:
        scrub(engine)
    return len(found)


def _forget(
    connection: Connection,
    person_key: bytes,
    people: Sequence[_Back],
    marks: Mapping[str, str],
    now: datetime,
) -> None:
    """Decided once more under the lock: another process may have begun at the same time."""
    event_log.lock(connection)
    work = Work(connection, now, person_key)
    theirs = {back.person for back in people}
    unknown = _unknown(connection, {mark: person for mark, person in marks.items() if person in theirs})
    for back in people:
        if back.person in unknown.values():
            forget(work, _stand_in(erased.partner_of(connection, back.pid) or _NOBODY, now), back.pid)
        if back.person in unknown.values() and back.told_as:
            partner_id, ref = back.told_as
            forget_reference(work, _stand_in(partner_id, now), ref)
    erased.remember(connection, unknown, now)
    work.flush()


def _unknown(connection: Connection, marks: Mapping[str, str]) -> dict[str, str]:
    known = erased.known(connection, marks)
    return {mark: person for mark, person in marks.items() if mark not in known}


def _stand_in(partner_id: str, now: datetime) -> Post:
    """Nobody posted it: what the erasure's events say of their origin."""
    return Post(partner_id, "", "", now, "", EraseParticipant(Participant("")))
