"""What Prometheus sees of the ways out: how sends end, what is closed, leases lost; never a small number of people."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from services.notifications.domain.outcomes import OUTCOME_NAMES, Outcome
from services.notifications.senders.breaker import Breakers

SENDS = "komerbij_notifications_sends"
BREAKER_OPEN = "komerbij_notifications_breaker_open"
LEASES_LOST = "komerbij_notifications_leases_lost"
_STEP = 10
"""Sends are shown in whole tens, fewer not at all: anybody may read this, and nobody may be counted (contract 1)."""


@dataclass(eq=False)
class Tally(Collector):
    """Of one process, since it began."""

    breakers: Breakers
    sends: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(channel, outcome) -> how often."""
    leases_lost: int = 0

    def add(self, channel: str, outcome: Outcome, *, lease_lost: bool) -> None:
        """A send has ended."""
        self.sends[channel, OUTCOME_NAMES[type(outcome)]] += 1
        self.leases_lost += lease_lost

    def describe(self) -> Iterable[Metric]:
        """No name is claimed: a test may run several services in one process."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Asked for by whoever reads `/metrics`."""
        sends = CounterMetricFamily(SENDS, "Sends by channel and outcome, in whole tens", labels=["channel", "outcome"])
        for labels, times in sorted(self.sends.items()):
            if times >= _STEP:
                sends.add_metric(labels, times // _STEP * _STEP)
        closed = GaugeMetricFamily(BREAKER_OPEN, "1 while nothing goes that way but a try now and then", labels=["way"])
        for way, breaker in self.breakers.ways.items():
            closed.add_metric([way], breaker.open)
        lost = CounterMetricFamily(LEASES_LOST, "Sends that ended after another process had taken the message over")
        lost.add_metric([], self.leases_lost)
        yield from (sends, closed, lost)
