"""The kinds of fault: what each does, for how long, to which databases it applies, and how often it comes."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from tests.chaos import harm_databases, harm_processes, harm_redis
from tests.chaos.dice import Dice, dice
from tests.chaos.scene import Scene

Act = Callable[[Scene], str]
"""Does the harm and undoes what does not heal by itself; says in a few words what it was."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault. `within` is the time in which it must have healed, where the contract says one."""

    act: Act
    weight: int = 4
    databases: tuple[str, ...] = ("sqlite", "postgresql")
    within: float | None = None
    rare: bool = False
    """Takes a minute: once in a long run, never in a short one."""


_SQLITE, _POSTGRESQL = ("sqlite",), ("postgresql",)
KINDS: Final[Mapping[str, Kind]] = {
    "kill-registration": Kind(harm_processes.kill_registration, 8),
    "kill-notifications": Kind(harm_processes.kill_notifications, 6),
    "kill-reporting": Kind(harm_processes.kill_reporting, 6),
    "rolling-restart": Kind(harm_processes.rolling_restart, 2),
    "pause": Kind(harm_processes.pause, 4),
    "pause-over-a-minute": Kind(harm_processes.pause_over_a_minute, 0, rare=True),
    "kill-redis": Kind(harm_redis.kill_redis, 6),
    "redis-empty": Kind(harm_redis.empty_restart, 6, within=10),
    "flushall": Kind(harm_redis.flushall, 8, within=10),
    "del-stream": Kind(harm_redis.del_stream, 5, within=10),
    "wrong-type": Kind(harm_redis.wrong_type, 3, within=10),
    "lost-tail": Kind(harm_redis.lost_tail, 6, within=10),
    "stray-entry": Kind(harm_redis.stray_entry, 5, within=10),
    "forged-entry": Kind(harm_redis.forged_entry, 5, within=10),
    "garbage-entry": Kind(harm_redis.garbage_entry, 5, within=10),
    "group-destroyed": Kind(harm_redis.group_destroyed, 4, within=10),
    "unread-deleted": Kind(harm_redis.unread_deleted, 4),
    "maxmemory": Kind(harm_redis.maxmemory, 3),
    "redis-paused": Kind(harm_redis.paused, 2),
    "lines-slow": Kind(harm_processes.slow_lines, 3),
    "lines-torn": Kind(harm_processes.torn_lines, 4),
    "lines-cut": Kind(harm_processes.cut_lines, 4),
    "black-hole": Kind(harm_processes.black_hole, 3),
    "smtp-down": Kind(harm_processes.smtp_down, 3),
    "database-locked": Kind(harm_databases.locked, 3),
    "disk-full": Kind(harm_databases.disk_full, 4, _SQLITE),
    "database-read-only": Kind(harm_databases.read_only, 3, _POSTGRESQL),
    "sessions-ended": Kind(harm_databases.sessions_ended, 5, _POSTGRESQL),
    "sessions-refused": Kind(harm_databases.sessions_refused, 3, _POSTGRESQL),
    "kill-postgresql": Kind(harm_databases.kill_postgresql, 4, _POSTGRESQL),
}


def schedule(seed: int, database: str, faults: int, only: tuple[str, ...] = (), *, short: bool = False) -> list[str]:
    """Which faults come, in order: every kind once where there is room, then by weight."""
    rolled = dice(seed, database, "faults")
    possible = [name for name, kind in KINDS.items() if database in kind.databases and not (short and kind.rare)]
    possible = [name for name in possible if not only or name in only]
    first = rolled.sample(possible, min(faults, len(possible)))
    weights = [KINDS[name].weight for name in possible]
    more = rolled.choices(possible, weights, k=faults - len(first)) if faults > len(first) else []
    return rolled.sample(first + more, faults) if not short else first + more


def kills(rolled: Dice, seconds: float) -> tuple[str, ...]:
    """Failure test 7: at every half second a process dies with a chance of 8 %, Redis with one of 2 %."""
    chances = {_PROCESSES: 0.08, _REDIS: 0.02, (): 0.9}
    found = rolled.choices(list(chances), list(chances.values()), k=int(seconds * 2))
    return tuple(rolled.choice(kinds) for kinds in found if kinds)


_PROCESSES = ("kill-registration", "kill-notifications", "kill-reporting")
_REDIS = ("kill-redis", "redis-empty")


@dataclass(slots=True)
class Fault:
    """One that happened. Real seconds; `healed` is None while it has not."""

    kind: str
    began: float
    what: str = ""
    ended: float = 0.0
    head: int = 0
    healed: float | None = None


@dataclass
class FaultLog:
    """All that happened, also read while it grows."""

    faults: list[Fault] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        """Begin one."""
        with self._lock:
            self.faults.append(fault)
