"""Every quarter of an hour: is every message there? At the start, too: which letters have to be posted?"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime

from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.notifications.contacts import ContactClient, ContactsAway
from services.notifications.domain.policy import Policy
from services.notifications.usecases.probing import AT_ONCE, look_ahead
from services.notifications.usecases.reconciling import reconcile

LACKING = "komerbij_notifications_lacking_messages"
_EVERY = 900.0
_log = logging.getLogger(__name__)


class Upkeep:
    """One per process; several over one database find less to do each. `wake` is told where messages lacked."""

    def __init__(
        self,
        engine: Engine,
        policy: Policy,
        clock: Callable[[], datetime],
        contacts: ContactClient,
        wake: Callable[[], None],
        every: float = _EVERY,
    ) -> None:
        self._engine, self._policy, self._clock = engine, policy, clock
        self._contacts, self._wake, self._every = contacts, wake, every
        self._stopping = asyncio.Event()
        self.lacking = 0
        """Messages that had to be put in since the process began, apart from what the scheduler plans at its start."""

    async def run(self) -> None:
        """Until stopped; what fails is met by the next turn."""
        REGISTRY.register(metrics := LackingMessages(self))
        try:
            while not self._stopping.is_set():
                await self._guarded(self._letters)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._every):
                        await self._stopping.wait()
                if not self._stopping.is_set():
                    await self._guarded(self._reconcile)
        finally:
            REGISTRY.unregister(metrics)

    async def stop(self) -> None:
        """Begin nothing more."""
        self._stopping.set()

    async def _reconcile(self) -> None:
        lacking = await asyncio.to_thread(reconcile, self._engine, self._clock(), self._policy)
        if lacking:
            self.lacking += lacking
            _log.error("messages lacked", extra={"fields": {"messages": lacking}})
            self._wake()

    async def _letters(self) -> None:
        while not self._stopping.is_set():
            if await look_ahead(self._engine, self._contacts, self._clock(), self._policy) < AT_ONCE:
                return

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except (SQLAlchemyError, ContactsAway) as error:
            _log.warning("upkeep failed", extra={"fields": {"error": type(error).__name__}})
        except Exception:  # a defect must not end the upkeep for good
            _log.exception("upkeep broke off")


class LackingMessages(Collector):
    """Should stay 0: planning puts in every message when it hears of the fact."""

    def __init__(self, upkeep: Upkeep) -> None:
        self._upkeep = upkeep

    def describe(self) -> Iterable[Metric]:
        """No name is claimed: a test may run several services in one process."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """One number, about messages and not about people."""
        counter = CounterMetricFamily(LACKING, "Messages that the reconciler had to put in: must stay 0")
        counter.add_metric([], self._upkeep.lacking)
        yield counter
