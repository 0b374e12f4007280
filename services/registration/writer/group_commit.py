"""One writer per process: waiting posts share a transaction, and are answered after its commit."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from services.registration.domain.commands import Post
from services.registration.domain.results import Accepted, Failed, Result
from services.registration.usecases.record_events import Recorded, record, rehearse
from shared.clock import Clock
from shared.database import transaction, waited_in_vain
from shared.errors import Refusal

AT_ONCE = 500
"""Posts in one transaction, at most."""
_AWAY_STATES = ("08", "53", "57P")
_log = logging.getLogger(__name__)
_BUSY = Failed(Refusal("lock-timeout", "the database was busy; post this event again"))
_AWAY = Failed(Refusal("internal", "the database is away; post this event again"))


@dataclass(frozen=True, slots=True)
class _Waiting:
    posts: Sequence[Post]
    answer: asyncio.Future[Recorded]


class _DryRun(Exception):  # noqa: N818  -- leaves the transaction, so that it is rolled back
    def __init__(self, recorded: Recorded) -> None:
        self.recorded = recorded


class GroupCommit:
    """Drains the queue into one transaction after another (decision: one disk flush and one head lock serve all)."""

    def __init__(
        self,
        engine: Engine,
        person_key: bytes,
        clock: Clock,
        on_commit: Callable[[], None],
        before_answer: Callable[[Sequence[Post]], None],
    ) -> None:
        """`before_answer` gets a chunk's accepted posts after its commit, in the writer's thread; never raises."""
        self._engine, self._key, self._clock, self._on_commit = engine, person_key, clock, on_commit
        self._before_answer = before_answer
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._head = 0

    async def run(self) -> None:
        """Until cancelled, which the server does when no request is open any more."""
        while True:
            jobs = [await self._queue.get()]
            while not self._queue.empty() and sum(len(job.posts) for job in jobs) < AT_ONCE:
                jobs.append(self._queue.get_nowait())
            try:
                await self._commit(jobs)
            except Exception as error:  # a defect may cost these posts their answer, not the writer its life
                _log.exception("the writer failed")
                for job in jobs:
                    if not job.answer.done():
                        job.answer.set_exception(error)

    async def submit(self, posts: Sequence[Post]) -> Recorded:
        """Decide and commit up to AT_ONCE posts together with whatever else waits; one result per post."""
        answer: asyncio.Future[Recorded] = asyncio.get_running_loop().create_future()
        await self._queue.put(_Waiting(posts, answer))
        return await answer

    async def rehearse(self, posts: Sequence[Post]) -> Recorded:
        """Decide and store nothing (`dryRun`): the transaction is rolled back, later posts see earlier ones."""
        return await self._in_thread(lambda: self._rehearse(posts))

    def in_turn(self, work: Callable[[], None]) -> None:
        """A small write of another kind, from a thread that may wait.

        On SQLite between two transactions of posts: beside a busy writer, polling for the one write lock takes seconds.
        """
        if self._engine.dialect.name == "sqlite":
            self._thread.submit(work).result()
        else:
            work()

    async def _in_thread(self, work: Callable[[], Recorded]) -> Recorded:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _commit(self, jobs: Sequence[_Waiting]) -> None:
        posts = [post for job in jobs for post in job.posts]
        recorded = await self._in_thread(lambda: self._settle(posts))
        self._on_commit()
        start = 0
        for job in jobs:
            mine = recorded.results[start : start + len(job.posts)]
            start += len(job.posts)
            if not job.answer.done():
                job.answer.set_result(Recorded(mine, recorded.head))

    def _settle(self, posts: Sequence[Post]) -> Recorded:
        recorded = self._record(posts)
        both = zip(posts, recorded.results, strict=True)
        self._before_answer([post for post, result in both if isinstance(result, Accepted)])
        return recorded

    def _record(self, posts: Sequence[Post]) -> Recorded:
        """All together; where that fails, each by itself, so that one bad post harms no other."""
        try:
            return self._together(posts)
        except Exception as error:
            outage = _outage(error)
            if outage:
                return Recorded([outage] * len(posts), self._head)
            _log.warning("a chunk of %d posts failed; deciding each by itself", len(posts), exc_info=True)
        results: list[Result] = []
        for post in posts:
            results.append(results[-1] if results and results[-1] in (_BUSY, _AWAY) else self._alone(post))
        return Recorded(results, self._head)

    def _together(self, posts: Sequence[Post]) -> Recorded:
        try:
            recorded = self._once(posts)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            _log.warning("the database connection was lost; once more on another")
            recorded = self._once(posts)  # if it was committed after all, these are duplicates now
        self._head = recorded.head
        return recorded

    def _once(self, posts: Sequence[Post]) -> Recorded:
        with transaction(self._engine) as connection:
            return record(connection, posts, self._clock(), self._key)

    def _alone(self, post: Post) -> Result:
        try:
            return self._together([post]).results[0]
        except Exception as error:
            outage = _outage(error)
            if outage:
                return outage
            _log.exception("a post failed")
            return Failed(Refusal("internal", "nothing was stored; post this event again"))

    def _rehearse(self, posts: Sequence[Post]) -> Recorded:
        try:
            with transaction(self._engine) as connection:
                raise _DryRun(rehearse(connection, posts, self._clock(), self._key))
        except _DryRun as done:
            return done.recorded


def _outage(error: Exception) -> Failed | None:
    """The answer to everybody where no post is to blame; None where one may be.

    Busy: somebody else held a lock too long (SQLite, PostgreSQL) or this was chosen to end a deadlock. Away: no
    connection, or one that ended (PostgreSQL; psycopg knows no state for a connection that could not be made).
    """
    if not isinstance(error, OperationalError):
        return None
    if waited_in_vain(error):
        return _BUSY
    state: str | None = getattr(error.orig, "sqlstate", "")
    return _AWAY if state is None or state.startswith(_AWAY_STATES) else None
