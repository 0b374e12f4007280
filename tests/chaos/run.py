"""One run over one kind of database: load and faults together, then quiet, then every question of the oracle."""

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.chaos import healing, past
from tests.chaos.centre import Centre, Said
from tests.chaos.clock import FastClock
from tests.chaos.coming import AUTUMN, SPRING, Plan, coming
from tests.chaos.dice import dice
from tests.chaos.faults import FaultLog, schedule
from tests.chaos.ledger import Ledger
from tests.chaos.posters import Pace, Poster
from tests.chaos.scene import Scene
from tests.chaos.story import PARTNERS, Mix, Voice, story
from tests.chaos.system import ChaosSystem

_log = logging.getLogger("chaos")


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of one run. `load_seconds`: how long load and faults are expected to take."""

    database: str
    events: int
    faults: int
    seed: int
    folder: Path
    load_seconds: float = 660.0
    clock_pace: float = 6.0
    coming: int = 14
    signups: int = 26
    limit_seconds: float = 1500.0
    patience: float = 1.0
    rough: int = 15
    """Of a thousand mails, so many meet each kind of roughness."""
    short: bool = False
    sabotage: str = ""
    only: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """The faults themselves, in order; else they are drawn."""
    older: Path | None = None
    """A tree of an earlier version, for the second process of notifications."""


@dataclass
class Outcome:
    """What a run left behind for the oracle and the report."""

    order: Order
    ledger: Ledger = field(default_factory=Ledger)
    faults: FaultLog = field(default_factory=FaultLog)
    scene: Scene | None = None
    said: Said = field(default_factory=Said)
    began: float = field(default_factory=time.time)
    load_seconds: float = 0.0


def begin_clock(order: Order) -> FastClock:
    """So that the night in which the clock changes comes past the middle: spring for SQLite, autumn for PostgreSQL."""
    night = SPRING if order.database == "sqlite" else AUTUMN
    length = order.load_seconds * order.clock_pace
    return FastClock(night - timedelta(seconds=length * 0.55), time.time(), order.clock_pace)


@contextlib.contextmanager
def running(order: Order) -> Iterator[ChaosSystem]:
    """The system of a run, ended at its end whatever happened."""
    twin = order.database == "postgresql"  # SQLite is for one process
    clock = begin_clock(order)
    system = ChaosSystem(
        order.folder, order.database, clock, order.seed, order.sabotage, order.rough, twin=twin, older=order.older
    )
    try:
        yield system.start()
    finally:
        system.stop()


def load_and_harm(system: ChaosSystem, order: Order) -> Outcome:
    """Post everything while one fault follows the other; ends when both are done."""
    outcome = Outcome(order)
    outcome.scene = Scene(system, dice(order.seed, order.database, "scene"), order.short)
    put_partners(system)
    share = order.events / max(1, order.faults)
    pace = Pace(order.events / order.load_seconds, share * 2)
    stopped = threading.Event()
    posters = start_posters(system, order, outcome.ledger, pace, stopped)
    centre = Centre(system, f"{order.seed}-{order.database}", stopped)
    outcome.said = centre.said
    centre.start()
    deadline = time.monotonic() + order.limit_seconds
    _harm(outcome, outcome.scene, pace, posters, deadline)
    pace.allow(order.events)
    _end(posters, stopped, deadline + 60, outcome)
    centre.join(60)
    if centre.error or centre.is_alive():
        outcome.faults.troubles.append(f"the people at work broke off: {centre.error!r}")
    outcome.load_seconds = time.time() - outcome.began
    return outcome


def _harm(outcome: Outcome, scene: Scene, pace: Pace, posters: list[Poster], deadline: float) -> None:
    """Fault after fault, each beside its share of the load."""
    order = outcome.order
    share = order.events / max(1, order.faults)
    drawn = schedule(order.seed, order.database, order.faults, order.only, short=order.short)
    for number, kind in enumerate(order.kinds or drawn):
        pace.allow(share * (number + 2))
        _await_load(pace, share * number, deadline, posters)
        if time.monotonic() > deadline:
            outcome.faults.troubles.append(f"time over: {number} of {order.faults} faults done")
            break
        fault = healing.do(scene, outcome.faults, kind, order.patience)
        _log.info(
            "%s %d of %d: %s, healed after %s s", order.database, number + 1, order.faults, fault.what, fault.healed
        )


def put_partners(system: ChaosSystem) -> None:
    """The operator's part, before anything is posted."""
    with system.client("registration") as client:
        for number, partner in enumerate(PARTNERS):
            kind = "chain-partner" if number % 2 else "partner"
            body = {"name": partner, "kind": kind, "municipality": "GM0141", "joinedOn": "2020-01-01", "leftOn": None}
            client.put(f"/v1/partners/{partner}", json=body).raise_for_status()


def start_posters(
    system: ChaosSystem, order: Order, ledger: Ledger, pace: Pace, stopped: threading.Event
) -> list[Poster]:
    """One for each partner; every other one goes through the proxy."""
    length = timedelta(seconds=order.load_seconds * order.clock_pace)
    plan = Plan(order.coming, order.signups, system.clock.starts, length, order.database == "sqlite")
    found = []
    for number, partner in enumerate(PARTNERS):
        voice = Voice(partner, order.seed, system.clock)
        mix = Mix(past.session, coming(voice, plan), past.coalition)
        events = order.events // len(PARTNERS) + (number < order.events % len(PARTNERS))
        url = system.url("registration")
        if number % 2:
            url = f"http://127.0.0.1:{system.proxy.ports['posters-registration']}"
        tale = story(voice, mix, events)
        found.append(Poster(url, tale, ledger, pace, f"{order.seed}-{partner}", stopped))
    for poster in found:
        poster.start()
    return found


def _await_load(pace: Pace, events: float, deadline: float, posters: list[Poster]) -> None:
    while pace.taken < events and time.monotonic() < deadline and any(poster.is_alive() for poster in posters):
        time.sleep(0.02)


def _end(posters: list[Poster], stopped: threading.Event, deadline: float, outcome: Outcome) -> None:
    for poster in posters:
        poster.join(max(1.0, deadline - time.monotonic()))
    stopped.set()
    for poster in posters:
        if poster.is_alive():
            outcome.faults.troubles.append("a poster did not come to an end")
        poster.join(40)
        if poster.error:
            outcome.faults.troubles.append(f"a poster broke off: {poster.error!r}")
