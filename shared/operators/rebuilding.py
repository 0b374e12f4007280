"""Rebuilds as tasks of a service: one at a time per database, remembered, ended with the service."""

import asyncio
import logging
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from shared.clock import Clock
from shared.messaging.log_client import LogClient
from shared.operators.generation import remove
from shared.operators.projections import Projections
from shared.operators.rebuild_record import RebuildRecord
from shared.operators.rebuild_work import EventLog, GivenUp, Live, Work

_ANSWER_WITHIN = 60.0
_BEAT = 1.0
_log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


class Rebuilder:
    """Makes a consumer's tables again from registration's log, without Redis; readers notice nothing of it.

    A rebuild ends `done` when the new generation and the live one are equal, row by row, at one place of the log.
    Where they differ it ends `failed` and changes nothing, unless it was asked to replace: then the new one takes the
    place of the live one, in one transaction. Killed at any moment before that, it has changed nothing.
    """

    def __init__(self, live: Live, projections: Projections, log: LogClient, folder: Path, clock: Clock) -> None:
        self._live, self._projections, self._log = live, projections, log
        self._folder, self._clock = folder, clock
        self._stop = threading.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.record = RebuildRecord(live.engine, clock)

    async def start(self, *, replace: bool) -> str:
        """Begin one, or join the one that runs; returns its id."""
        rebuild_id, new = await asyncio.to_thread(self.record.begin)
        if new:
            for left in self._folder.glob(f"rebuild-{self._projections.service}-*.db"):
                remove(left)
            task = asyncio.create_task(self._run(rebuild_id, replace=replace))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return rebuild_id

    async def stop(self) -> None:
        """Give up what runs; nothing was changed by it."""
        self._stop.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, rebuild_id: str, *, replace: bool) -> None:
        work = self._work(asyncio.get_running_loop())
        beating = asyncio.create_task(self._beat(rebuild_id, work))
        members = await self._outcome(work, rebuild_id, replace=replace)
        beating.cancel()
        _log.warning("a rebuild ended", extra={"fields": {"rebuild": rebuild_id, **members}})
        await asyncio.to_thread(self.record.end, rebuild_id, events=work.events, **members)

    async def _beat(self, rebuild_id: str, work: Work) -> None:
        """Say how far it is, and that its process lives."""
        while True:
            await asyncio.sleep(_BEAT)
            try:
                await asyncio.to_thread(self.record.beat, rebuild_id, work.events)
            except SQLAlchemyError as error:
                _log.warning("a rebuild cannot be heard", extra={"fields": {"error": type(error).__name__}})

    async def _outcome(self, work: Work, rebuild_id: str, *, replace: bool) -> dict[str, Any]:
        file = self._folder / f"rebuild-{self._projections.service}-{rebuild_id}.db"
        try:
            ended = await asyncio.to_thread(work.run, file, replace=replace)
        except GivenUp:
            return {"status": "failed", "reason": "the service was stopped; nothing changed"}
        except TimeoutError as error:
            return {"status": "failed", "reason": f"{error or 'no answer in time'}; nothing changed"}
        except Exception as error:  # whatever it was: it is told, and nothing changed
            _log.exception("a rebuild broke off")
            return {"status": "failed", "reason": f"{type(error).__name__}; nothing changed"}
        digests = {"digest": ended.built.text, "live_digest": ended.live.text}
        return {"status": "done" if ended.done else "failed", "reason": ended.reason, **digests}

    def _work(self, loop: asyncio.AbstractEventLoop) -> Work:
        def wait_for(answer: Coroutine[Any, Any, Answer]) -> Answer:
            return asyncio.run_coroutine_threadsafe(answer, loop).result(_ANSWER_WITHIN)

        log = EventLog(lambda after: wait_for(self._log.page(after)), lambda: wait_for(self._log.head()))
        return Work(
            live=self._live,
            projections=self._projections,
            log=log,
            clock=self._clock,
            stop=self._stop,
        )
