"""What a fault works on: the system, a seeded die, and the list of what it put where it does not belong."""

import time
from dataclasses import dataclass, field

from tests.chaos.dice import Dice
from tests.chaos.system import ChaosSystem


@dataclass
class Scene:
    """`short` runs keep every fault to a second or two."""

    system: ChaosSystem
    dice: Dice
    short: bool = False
    injected: set[str] = field(default_factory=set)
    """Stream ids of entries that nobody recorded."""
    forged_ids: set[str] = field(default_factory=set)
    """Event ids of forged entries that can be read."""
    unsent_at_death: int = 0
    """Times that registration died between commit and send."""
    unmarked_at_death: int = 0
    """Times that it died between send and mark."""

    def some_seconds(self, least: float, most: float) -> float:
        """How long this one lasts."""
        return (
            self.dice.uniform(least, least + min(1.0, most - least)) if self.short else self.dice.uniform(least, most)
        )

    def wait(self, least: float, most: float) -> float:
        """Let it last; returns how long."""
        seconds = self.some_seconds(least, most)
        time.sleep(seconds)
        return seconds
