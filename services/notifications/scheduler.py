"""The clock: sleeps until something is due, at most five seconds, and sends a few messages at a time."""

import asyncio
import logging
import time
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from services.notifications.usecases.claiming import Turn, take_turn
from services.notifications.usecases.delivering import Delivered, Delivery, deliver
from services.notifications.usecases.moving_on import move_on
from services.notifications.usecases.replan import replan_what_comes
from shared.observability import Check

_log = logging.getLogger(__name__)
_AT_MOST = 5.0
_SHORTEST = 0.001
_BLOCKED = 0.25
_SILENT = 30.0
_LAST_SENDS = 60.0
_MOVE_ON = 30.0


class Scheduler:
    """Runs until stopped; any number of processes may run one over the same PostgreSQL database."""

    def __init__(self, delivery: Delivery, hands: int = 4) -> None:
        self._delivery, self._hands = delivery, hands
        self._woken, self._stopping = asyncio.Event(), asyncio.Event()
        self._sending: set[asyncio.Task[Delivered]] = set()
        self._last_turn = time.monotonic()
        self._moved_on: float | None = None

    def wake(self) -> None:
        """There may be something to do: events came in, a message is out."""
        self._woken.set()

    async def run(self) -> None:
        """Plan what is missing, then turn after turn; a database that is away is met by the next turn."""
        planned = False
        while not self._stopping.is_set():
            wait = 1.0
            self._woken.clear()
            try:
                if not planned:
                    await self._plan()
                    planned = True
                wait = await self._turn()
                self._last_turn = time.monotonic()
            except SQLAlchemyError as error:
                _log.warning("turn failed", extra={"fields": {"error": type(error).__name__}})
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), wait)
        await self._finish()

    async def stop(self) -> None:
        """Claim nothing more; what is being sent is finished."""
        self._stopping.set()
        self.wake()

    async def check(self) -> Check:
        """`degraded` while no turn succeeds: what is read is right, but nothing goes out."""
        silent = time.monotonic() - self._last_turn
        return Check("degraded", f"no turn for {silent:.0f} s") if silent > _SILENT else Check("ok")

    async def _plan(self) -> None:
        delivery = self._delivery
        new = await asyncio.to_thread(replan_what_comes, delivery.engine, delivery.clock(), delivery.policy)
        if new:
            _log.info("planned what was missing", extra={"fields": {"messages": new}})

    async def _turn(self) -> float:
        """Take what is due, begin sending it; returns the seconds until the next turn."""
        delivery, free = self._delivery, self._hands - len(self._sending)
        await self._move_on()
        turn = await asyncio.to_thread(
            take_turn, delivery.engine, delivery.clock(), free, delivery.policy, delivery.sender.arrived
        )
        for assignment in turn.assignments:
            task = asyncio.create_task(deliver(delivery, assignment))
            self._sending.add(task)
            task.add_done_callback(self._sent)
        return self._wait(turn, delivery.clock())

    async def _move_on(self) -> None:
        """What did not get out in time goes on to the next way; looked for every half minute."""
        if self._moved_on is not None and time.monotonic() - self._moved_on < _MOVE_ON:
            return
        delivery, self._moved_on = self._delivery, time.monotonic()
        sms = delivery.sms is not None
        now, nothing = delivery.clock(), frozenset[str]()
        await asyncio.to_thread(move_on, delivery.engine, now, delivery.policy, down=nothing, sms=sms)

    def _wait(self, turn: Turn, now: datetime) -> float:
        if len(self._sending) >= self._hands or turn.next_at is None:
            return _AT_MOST  # a free hand wakes us
        ahead = (turn.next_at - now).total_seconds()
        return min(max(ahead, _SHORTEST), _AT_MOST) if ahead > 0 else _BLOCKED

    def _sent(self, task: asyncio.Task[Delivered]) -> None:
        self._sending.discard(task)
        if not task.cancelled() and task.exception():
            _log.error("a send broke off", extra={"fields": {"error": type(task.exception()).__name__}})
        self.wake()

    async def _finish(self) -> None:
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=_LAST_SENDS)
            for task in late:
                task.cancel()
        await self._delivery.sender.close()
