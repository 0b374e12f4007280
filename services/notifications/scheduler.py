"""The clock: sleeps until something is due, at most five seconds, and sends a few messages at a time."""

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from prometheus_client import REGISTRY
from sqlalchemy.exc import SQLAlchemyError

from services.notifications.senders.breaker import Breakers
from services.notifications.senders.tally import Tally
from services.notifications.usecases.claiming import Assignment, Turn, take_turn
from services.notifications.usecases.delivering import Delivery, deliver
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

    def __init__(self, delivery: Delivery, hands: int = 4, breakers: Breakers | None = None) -> None:
        self._delivery, self._hands = delivery, hands
        self._breakers = breakers or Breakers()
        self.tally = Tally(self._breakers)
        self._woken, self._stopping = asyncio.Event(), asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()
        self._last_turn = time.monotonic()
        self._moved_on: float | None = None

    def wake(self) -> None:
        """There may be something to do: events came in, a message is out."""
        self._woken.set()

    async def run(self) -> None:
        """Plan what is missing, then turn after turn; a database that is away is met by the next turn."""
        REGISTRY.register(self.tally)
        try:
            await self._run()
        finally:
            REGISTRY.unregister(self.tally)

    async def _run(self) -> None:
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
            except Exception:  # a defect must not end all sending for good
                _log.exception("a turn broke off")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), wait)
        await self._finish()

    async def stop(self) -> None:
        """Claim nothing more; what is being sent is finished."""
        self._stopping.set()
        self.wake()

    async def check(self) -> Check:
        """`degraded` while no turn succeeds or a way out is closed: what is read is right, but nothing goes there."""
        now = time.monotonic()
        if now - self._last_turn > _SILENT:
            return Check("degraded", f"no turn for {now - self._last_turn:.0f} s")
        trouble = self._breakers.in_words(now)
        return Check("degraded", trouble) if trouble else Check("ok")

    async def _plan(self) -> None:
        delivery = self._delivery
        new = await asyncio.to_thread(replan_what_comes, delivery.engine, delivery.clock(), delivery.policy)
        if new:
            _log.info("planned what was missing", extra={"fields": {"messages": new}})

    async def _turn(self) -> float:
        """Take what is due, begin sending it; returns the seconds until the next turn."""
        delivery, gate = self._delivery, self._breakers.gate(time.monotonic())
        await self._move_on()
        most = self._free if gate.most is None else min(self._free, gate.most)
        arrived, closed = delivery.sender.arrived, gate.closed
        turn = await asyncio.to_thread(
            take_turn, delivery.engine, delivery.clock(), most, delivery.policy, arrived, closed=closed
        )
        if turn.assignments:
            self._breakers.probing(gate, time.monotonic())
        for assignment in turn.assignments:
            task = asyncio.create_task(self._send(assignment, gate.probes))
            self._sending.add(task)
            task.add_done_callback(self._sent)
        return self._wait(turn, delivery.clock())

    @property
    def _free(self) -> int:
        """Hands that have nothing to do, and that the mail server has room for."""
        width = self._delivery.sender.width()
        return max((self._hands if width is None else min(self._hands, width)) - len(self._sending), 0)

    async def _send(self, assignment: Assignment, probes: Sequence[str]) -> None:
        """And learn from how it ended what goes on with the ways out."""
        delivered = await deliver(self._delivery, assignment)
        self.tally.add(delivered.channel, delivered.outcome, lease_lost=delivered.lease_lost)
        self._breakers.seen(delivered.outcome, time.monotonic(), probes)
        for news in self._breakers.news:
            level = logging.ERROR if news.alarm else logging.WARNING
            said = "a way out is closed" if news.opened else "a way out is open again"
            _log.log(level, said, extra={"fields": {"way": news.way, "reason": news.reason}})
            if news.opened:
                self._moved_on = None  # what cannot wait goes on at once
        self._breakers.news.clear()

    async def _move_on(self) -> None:
        """What did not get out in time goes on to the next way; looked for every half minute."""
        if self._moved_on is not None and time.monotonic() - self._moved_on < _MOVE_ON:
            return
        delivery, self._moved_on = self._delivery, time.monotonic()
        now, down, sms = delivery.clock(), self._breakers.down, delivery.sms is not None
        await asyncio.to_thread(move_on, delivery.engine, now, delivery.policy, down=down, sms=sms)

    def _wait(self, turn: Turn, now: datetime) -> float:
        if not self._free or turn.next_at is None:
            return _AT_MOST  # a free hand wakes us
        ahead = (turn.next_at - now).total_seconds()
        if ahead > 0:
            return min(max(ahead, _SHORTEST), _AT_MOST)
        probe = self._breakers.next_probe()
        return _BLOCKED if probe is None else min(max(probe - time.monotonic(), _BLOCKED), _AT_MOST)

    def _sent(self, task: asyncio.Task[None]) -> None:
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
