"""The work of a rebuild, in a thread: build, bring both generations to one place of the log, compare, switch."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine

from shared.clock import Clock
from shared.database import reading, scrub, transaction
from shared.messaging import dead_letters, doubt
from shared.messaging.cloud_event_format import Entry
from shared.messaging.inbox import Inbox
from shared.messaging.position import hole, lock, watermark
from shared.operators.digests import Digest
from shared.operators.generation import Generation, Page, Tainted, new_generation
from shared.operators.projections import Projections

_TRIES = 5
_LEVEL_WITHIN = 120.0
_LOOK_AGAIN = 0.1
_NO_END = 2**62
Found = TypeVar("Found")


class GivenUp(Exception):  # noqa: N818  -- told to stop
    """The service stops; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Live:
    """The generation that answers: its database, and the inbox through which it takes events."""

    engine: Engine
    inbox: Inbox


@dataclass(frozen=True, slots=True)
class EventLog:
    """Registration's log as a thread reads it."""

    page: Page
    head: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Ended:
    """Both digests at the same place of the log, and what was done about it."""

    built: Digest
    live: Digest
    switched: bool

    @property
    def done(self) -> bool:
        """Equal, or replaced as asked."""
        return self.switched or self.built == self.live

    @property
    def reason(self) -> str | None:
        """What an operator should read; None where all is as it should be."""
        if self.built == self.live:
            return None
        differences = f"differed: {self.live.differences(self.built)}"
        return f"replaced what {differences}" if self.switched else f"the live tables {differences}; nothing changed"


@dataclass(slots=True)
class Work:
    """Everything one rebuild needs. `events` says how far it is; `stop` ends it at the next page."""

    live: Live
    projections: Projections
    log: EventLog
    clock: Clock
    stop: threading.Event
    events: int = 0

    def run(self, file: Path, *, replace: bool) -> Ended:
        """Build in `file`, compare, and switch where that was asked and they differ.

        Raises what the log or a database raises, GivenUp, or TimeoutError where the live generation does not settle.
        """
        for _ in range(_TRIES):
            try:
                with new_generation(file, self.projections, self.clock, self.log.head()) as generation:
                    generation.advance(self._page, _NO_END, self._heard)
                    return self._settle(generation, replace=replace)
            except Tainted:
                continue
        raise TimeoutError("people were erased again and again while the log was read")

    def _settle(self, generation: Generation, *, replace: bool) -> Ended:
        built, live = self._when_level(generation, self._compared)
        if built != live and replace:
            self._when_level(generation, self._switched)
            scrub(self.live.engine)
        elif built == live:
            self._equal(generation.position)
        return Ended(built, live, switched=built != live and replace)

    def _when_level(self, generation: Generation, step: Callable[[Generation], Found | None]) -> Found:
        """Try until both generations hold the same events: the live one goes on meanwhile."""
        deadline = time.monotonic() + _LEVEL_WITHIN
        while time.monotonic() < deadline:
            self._bring_live_to(generation.position)
            generation.advance(self._page, self.live.inbox.watermark(), self._heard)
            found = step(generation)
            if found is not None:
                return found
            if self.stop.wait(_LOOK_AGAIN):
                raise GivenUp
        raise TimeoutError("the live generation has events open below others; look at the dead letters and the log")

    def _bring_live_to(self, position: int) -> None:
        """Without Redis the live generation gets what it lacks from the log, too; its inbox makes that safe."""
        while (mark := self.live.inbox.watermark()) < position:
            self.live.inbox.process(self._page(mark), from_log=True)
            if self.live.inbox.watermark() == mark:
                return

    def _compared(self, generation: Generation) -> tuple[Digest, Digest] | None:
        """Both digests, at one moment of the live database; None while that is not level."""
        with reading(self.live.engine) as connection:
            if not self._level(connection, generation):
                return None
            return generation.digest(), self.projections.digest(connection)

    def _switched(self, generation: Generation) -> bool | None:
        """Replace the live rows in one transaction; commits only if they then are what was built."""
        with transaction(self.live.engine) as connection:
            lock(connection)
            if not self._level(connection, generation):
                return None
            generation.copy_to(connection)
            if self.projections.digest(connection) != generation.digest():
                raise RuntimeError("the copy is not what was built")
            self.projections.follow_up(connection)
            self._end_doubt(connection, generation.position)
        return True

    def _equal(self, position: int) -> None:
        """The tables are right as they are; a doubt may have been about the rest."""
        with transaction(self.live.engine) as connection:
            lock(connection)
            ended = self._end_doubt(connection, position)
        if ended:
            scrub(self.live.engine)

    def _end_doubt(self, connection: Connection, position: int) -> bool:
        if not doubt.dispel(connection, position):
            return False
        self.projections.forget_the_rest(connection)
        dead_letters.forget_bodies(connection)
        return True

    def _level(self, connection: Connection, generation: Generation) -> bool:
        """Bring the new generation to where the live one is; False while events are open there, or it lags."""
        mark = watermark(connection)
        if mark < generation.position or hole(connection):
            return False
        generation.advance(self._page, mark)
        return generation.position == mark

    def _heard(self, position: int) -> None:
        self.events = position

    def _page(self, after: int) -> Sequence[Entry]:
        if self.stop.is_set():
            raise GivenUp
        return self.log.page(after)
