"""What doctor knows when it judges: settings as they are given, and what the machine and the servers said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["wrong", "look"]
"""`wrong`: it hurts already, or will for certain; `look`: it may be meant."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that will hurt, and what to do about it."""

    level: Level
    subject: str
    says: str
    do: str


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """One database as it answers. `seconds_off`: its clock ahead of this machine's. `trouble`: why it does not answer.

    `used`: a service has made its tables.
    """

    kind: Literal["sqlite", "postgresql"]
    used: bool = False
    version: int = 0
    encoding: str = "UTF8"
    max_connections: int = 0
    seconds_off: float = 0.0
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class RedisFacts:
    """The Redis that is given by its URL."""

    version: int = 0
    policy: str = "noeviction"
    keeps: bool = True
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """The data folder. `modes`: path -> permission bits, of itself and of its keys. Sizes in bytes."""

    modes: Mapping[str, int] = field(default_factory=dict)
    free: int = 1 << 40
    size: int = 1 << 40
    filesystem: str = "ext4"


@dataclass(frozen=True, slots=True)
class Situation:
    """`settings`: the environment; what is absent has its default. `keys`: variable -> key, where one was found.

    `redis`: None where `komerbij run` starts its own.
    """

    settings: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    folder: FolderFacts = field(default_factory=FolderFacts)
    databases: Mapping[str, DatabaseFacts] = field(default_factory=dict)
    redis: RedisFacts | None = None
