"""The clock: at the start and every hour contact data goes that is due, and the ledger of erasures is made complete."""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine

from services.registration.usecases.remembering import Remembering
from services.registration.usecases.retention import Standing, find_overdue, forget_old_reads, forget_overdue
from shared.clock import Clock
from shared.observability import Check

GAUGES = {
    "komerbij_retention_last_run_timestamp_seconds": "When contact data was last looked through; 0: never",
    "komerbij_retention_oldest_overdue_seconds": "For how long the oldest contact data should have been gone; 0: none",
}
_EVERY = 3600.0
_LATE = timedelta(days=1)
_log = logging.getLogger(__name__)


class Scheduler:
    """One per process; that several run over one database does no harm, each finds less to do."""

    def __init__(
        self, engine: Engine, clock: Clock, days: int, remembering: Remembering, every: float = _EVERY
    ) -> None:
        self._engine, self._clock, self._remembering, self._every = engine, clock, remembering, every
        self._keep = timedelta(days=days)
        self._stopping = asyncio.Event()
        self._begun = clock()
        self._oldest_due_at: datetime | None = None
        self.last_run_at: datetime | None = None
        """When a run that did all there was to do began."""

    async def run(self) -> None:
        """Until stopped; what fails is met by the next turn."""
        REGISTRY.register(metrics := RetentionMetrics(self))
        try:
            while not self._stopping.is_set():
                await asyncio.to_thread(self.turn)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._every):
                        await self._stopping.wait()
        finally:
            REGISTRY.unregister(metrics)

    def stop(self) -> None:
        """End after the chunk at hand."""
        self._stopping.set()

    def turn(self) -> None:
        """All there is to do now. Never raises: a job that fails shows in `check` and the metrics."""
        now = self._clock()
        try:
            self._remembering.complete()
            forget_overdue(self._engine, now, self._keep, self._going_on)
            forget_old_reads(self._engine, now, self._going_on)
            self._remembering.clean()  # always: a reader may have been in the way of an earlier time
            if self._going_on():
                self.last_run_at, self._oldest_due_at = now, None
        except Exception as error:  # the database is away, or a defect: tried again within the hour
            _log.exception("retention failed", extra={"fields": {"error": type(error).__name__}})
            self._look(now)

    def standing(self) -> Standing:
        """As it is now: looked up anew."""
        return Standing(self._keep.days, self.last_run_at, find_overdue(self._engine, self._clock(), self._keep))

    @property
    def overdue_for(self) -> timedelta:
        """How long ago the oldest contact data that is still there should have gone, as far as is known."""
        due = self._oldest_due_at
        return max(timedelta(), self._clock() - due) if due else timedelta()

    async def check(self) -> Check:
        """`degraded` where contact data is a day late, nobody has looked for a day, or the ledger lacks something."""
        silent = self._clock() - (self.last_run_at or self._begun)
        if self.overdue_for > _LATE:
            return Check("degraded", f"contact data is overdue for {self.overdue_for.days} days: see the log")
        if silent > _LATE:
            return Check("degraded", f"contact data was not looked through for {silent.days} days: see the log")
        trouble = self._remembering.trouble
        return Check("degraded", trouble) if trouble else Check("ok")

    def _going_on(self) -> bool:
        return not self._stopping.is_set()

    def _look(self, now: datetime) -> None:
        """After a failure: how late it is by now."""
        try:
            self._oldest_due_at = find_overdue(self._engine, now, self._keep).oldest_due_at
        except Exception:
            _log.exception("what is overdue cannot be seen")


class RetentionMetrics(Collector):
    """Moments and ages, never a number of people."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def describe(self) -> Iterable[Metric]:
        """No name is claimed: a test may run several services in one process."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Both, as they stand."""
        last = self._scheduler.last_run_at
        values = (last.timestamp() if last else 0.0, self._scheduler.overdue_for.total_seconds())
        for (name, text), value in zip(GAUGES.items(), values, strict=True):
            gauge = GaugeMetricFamily(name, text)
            gauge.add_metric([], value)
            yield gauge
