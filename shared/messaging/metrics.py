"""What Prometheus sees of a consumer: our own numbers per group, no names, nothing about people (trap T19)."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from shared.database import reading, table_of
from shared.messaging import dead_letters, position
from shared.messaging.tables import AttemptRow
from shared.messaging.vital_signs import VitalSigns

GAUGES: Final[Mapping[str, str]] = {
    "komerbij_consumer_watermark": "Sequence up to which every event of the log had its effect",
    "komerbij_consumer_lag_events": "Last sequence of the stream minus the watermark",
    "komerbij_consumer_silent_seconds": "Seconds since the last contact with both the stream and the database",
    "komerbij_consumer_dead_letters": "Entries that could not be read and events that were given up",
    "komerbij_consumer_open_attempts": "Events that failed and are tried again",
}
COUNTERS: Final[Mapping[str, str]] = {
    "komerbij_consumer_batches": "Batches of entries taken, from the stream or the log",
    "komerbij_consumer_applied_events": "Events that had their effect",
    "komerbij_consumer_duplicate_events": "Events that came again and were dropped",
    "komerbij_consumer_deleted_entries": "Entries that were gone from the stream before they were read: must stay 0",
}
_attempts = table_of(AttemptRow)


class ConsumerMetrics(Collector):
    """Collected when they are asked for. What the database knows is left out while it is away."""

    def __init__(self, group: str, signs: VitalSigns, engine: Engine) -> None:
        self._group, self._signs, self._engine = group, signs, engine

    def describe(self) -> Iterable[Metric]:
        """No name is claimed: two services in one process are told apart by their group."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """One sample each, with the group as label."""
        signs, stored = self._signs, self._stored()
        gauges = {"watermark": signs.watermark, "lag_events": signs.lag, "silent_seconds": signs.silent, **stored}
        counters = {
            "batches": signs.batches,
            "applied_events": signs.applied,
            "duplicate_events": signs.duplicates,
            "deleted_entries": signs.deleted,
        }
        for name, text in GAUGES.items():
            value = gauges.get(name.removeprefix("komerbij_consumer_"))
            if value is not None:
                gauge = GaugeMetricFamily(name, text, labels=["group"])
                gauge.add_metric([self._group], value)
                yield gauge
        for name, text in COUNTERS.items():
            counter = CounterMetricFamily(name, text, labels=["group"])
            counter.add_metric([self._group], counters[name.removeprefix("komerbij_consumer_")])
            yield counter

    def _stored(self) -> dict[str, float]:
        try:
            with reading(self._engine) as connection:
                return {
                    "watermark": position.watermark(connection),
                    "dead_letters": dead_letters.count(connection),
                    "open_attempts": _open(connection),
                }
        except SQLAlchemyError:
            return {}


def _open(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(_attempts)).scalar_one()


@contextmanager
def published(metrics: ConsumerMetrics) -> Iterator[None]:
    """In this process's `/metrics` for the length of a block."""
    REGISTRY.register(metrics)
    try:
        yield
    finally:
        REGISTRY.unregister(metrics)
