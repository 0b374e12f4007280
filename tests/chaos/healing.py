"""How long it takes after a fault until both consumers have what the log held when it ended."""

import time
from collections.abc import Callable

from tests.chaos import stores
from tests.chaos.faults import KINDS, Fault, FaultLog
from tests.chaos.scene import Scene
from tests.chaos.system import ChaosSystem

PATIENCE = 90.0
_SILENCE = 2.0


def do(scene: Scene, log: FaultLog, kind: str, patience: float = 1.0) -> Fault:
    """One fault, from its beginning until it has healed; what does not heal in time is told, not raised."""
    fault = Fault(kind, time.time())
    log.add(fault)
    try:
        fault.what = KINDS[kind].act(scene)
    except Exception as error:  # a harm that could not be done is a defect of the run
        log.troubles.append(f"{kind}: {type(error).__name__}: {error}")
    fault.ended = time.time()
    fault.head = _head(scene.system)
    fault.healed = _level(scene.system, fault.head, fault.ended, PATIENCE * patience)
    for service in scene.system.died():
        log.troubles.append(f"{service} ended by itself after {kind}")
        scene.system.launch(service)
    return fault


def _head(system: ChaosSystem) -> int:
    found = await_(lambda: stores.head(system.stores) + 1, PATIENCE)
    return (found or 1) - 1


def _level(system: ChaosSystem, head: int, since: float, seconds: float) -> float | None:
    """Seconds from `since` until both watermarks have passed `head`: what came after the fault must come through, too.

    Where nothing is recorded any more, reaching `head` is all there is.
    """
    reached, quiet, open_door = 0.0, 0.0, False
    while time.time() < since + seconds:
        now, marks = time.time(), min(stores.watermark(system.stores, name) for name in stores.CONSUMERS)
        if marks > head:
            return now - since
        if marks == head:
            reached, quiet = reached or now, quiet or now
            if now - quiet > _SILENCE and _nobody_posts(system, head):
                if open_door:
                    return reached - since
                open_door, quiet = True, now  # it may have opened just now
        time.sleep(0.05)
    return None


def _nobody_posts(system: ChaosSystem, head: int) -> bool:
    """The door is open, and nothing comes."""
    return system.health("registration")[0] == 200 and stores.head(system.stores) == head


def await_(look: Callable[[], int], seconds: float) -> int | None:
    """What is seen first that is true; None when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    return None
