"""Everybody who watches: one look at the database a second for all of them, and an end when the server stops."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from services.reporting.usecases.moments import Moment
from shared.errors import Refusal

EVERY: Final = 1.0
"""Seconds between two looks, and the least between two tellings (contract section 9)."""
QUIET: Final = 15.0
"""Seconds without news after which a watcher hears that the line is alive."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look found: where the figures are, and which of the watchers' keys open nothing any more."""

    moment: Moment
    gone: frozenset[str]


class Watch:
    """The watchers of one process. `look` is called in a thread with the ids of their keys, while somebody watches.

    `most`: how many may watch at once. `every`, `quiet`: seconds, as above.
    """

    def __init__(
        self, look: Callable[[Collection[str]], Seen], most: int, *, every: float = EVERY, quiet: float = QUIET
    ) -> None:
        self._look, self._most, self._every, self._quiet = look, most, every, quiet
        self._watchers: Counter[str] = Counter()
        self._looking: asyncio.Task[None] | None = None
        self._seen: Seen | None = None
        self._at = 0.0
        self._turn = asyncio.Event()
        self._over = False

    @contextmanager
    def place(self, key_id: str) -> Iterator[None]:
        """A place among the watchers; Refusal `lock-timeout` when all are taken, or the server is stopping."""
        if self._over or self._watchers.total() >= self._most:
            raise Refusal("lock-timeout", f"at most {self._most} watch at the same time; try again")
        self._watchers[key_id] += 1
        try:
            yield
        finally:
            self._watchers -= Counter([key_id])
            if not self._watchers:
                self._rest()

    async def moves(self, key_id: str) -> AsyncIterator[int | None]:
        """How far the figures are: at once, then whenever they moved, at most once in `every` seconds.

        None: nothing moved for a while. Ends when the key is taken back or the server stops. Needs a place.
        """
        now = asyncio.get_running_loop().time
        told, spoke = None, now()
        while await self._next(at_once=told is None):
            seen = self._seen
            if seen and key_id in seen.gone:
                return
            if seen and told is None:
                told, spoke = seen.moment, now()
                yield int(seen.moment[0])
            elif seen and seen.moment != told and self._at - spoke >= self._every:
                told, spoke = seen.moment, self._at
                yield int(seen.moment[0])
            elif self._at - spoke >= self._quiet:
                spoke = self._at
                yield None

    def end(self) -> None:
        """Let everybody go: a server that stops waits for its answers to end."""
        self._over = True
        self._rest()

    async def _next(self, *, at_once: bool) -> bool:
        """Wait for the next look, but not where somebody has just come and there was one; False at the end."""
        if self._looking is None and not self._over:
            self._looking = asyncio.create_task(self._keep_looking())
        if not (at_once and self._seen) and not self._over:
            await self._turn.wait()
        return not self._over

    def _rest(self) -> None:
        """Nobody is there any more, or nobody may be."""
        if self._looking:
            self._looking.cancel()
        self._looking = self._seen = None
        self._wake()

    def _wake(self) -> None:
        self._turn.set()
        self._turn = asyncio.Event()

    async def _keep_looking(self) -> None:
        while True:
            self._at = asyncio.get_running_loop().time()
            try:
                self._seen = await asyncio.to_thread(self._look, frozenset(self._watchers))
            except Exception:  # the database is away, say: watchers wait, and hear that the line is alive
                _log.warning("could not look whether figures moved", exc_info=True)
            self._wake()
            await asyncio.sleep(self._every)
