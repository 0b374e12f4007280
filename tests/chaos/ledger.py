"""What was posted and what the write door answered: the one thing that a run holds against the services."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
FINAL = ("accepted", "duplicate", "rejected")


@dataclass(slots=True)
class Posted:
    """One event of the story. `meant`: what the story expects, where it is sure (`duplicate`, or a problem's code)."""

    partner: str
    name: str
    time: str
    data: Json
    event_id: str
    meant: str = ""
    outcome: str = ""
    code: str = ""
    decision: Json | None = None
    overrides: tuple[str, ...] = ()
    tries: int = 0
    order: int = 0
    """Rank among the answers; a retry is ranked by its last answer."""

    @property
    def accepted(self) -> bool:
        """It is in registration's database; a `duplicate` after a lost answer as well."""
        return self.outcome in ("accepted", "duplicate")

    @property
    def identity(self) -> tuple[str, str, str]:
        """Equal for repeats of one event; an id that was used again for something else differs."""
        return (self.partner, self.event_id, self.time)

    @property
    def envelope(self) -> Json:
        """The CloudEvent."""
        return {
            "specversion": "1.0",
            "id": self.event_id,
            "source": f"urn:nld:chaos:{self.partner}",
            "type": f"nl.meedoen.{self.name}.v1",
            "time": self.time,
            "partnerid": self.partner,
            "data": self.data,
        }

    def body(self) -> bytes:
        """As JSON."""
        return json.dumps(self.envelope).encode()

    def settle(self, result: Json, order: int) -> bool:
        """Take an answer in; False where it has to be posted again."""
        if result["outcome"] not in FINAL:
            return False
        self.outcome, self.order = result["outcome"], order
        self.code = (result.get("problem") or {}).get("code", "") or result.get("code") or ""
        self.decision, self.overrides = result.get("decision"), tuple(result.get("overrides") or ())
        return True


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that was none: no line, 5xx, or `failed`; `at` in seconds since 1970."""

    at: float
    what: str


@dataclass
class Ledger:
    """Everything posted, by whichever poster."""

    posted: list[Posted] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    answers: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, events: Iterable[Posted]) -> None:
        """Answered for good."""
        with self._lock:
            self.posted.extend(events)

    def next_order(self) -> int:
        """The rank of the next answer."""
        with self._lock:
            self.answers += 1
            return self.answers

    def failed(self, what: str) -> None:
        """Keep the moment."""
        with self._lock:
            self.failures.append(Failure(time.time(), what))

    def failures_between(self, begin: float, end: float) -> list[Failure]:
        """Answers that failed in a stretch of real time."""
        return [failure for failure in self.failures if begin <= failure.at <= end]

    def accepted(self) -> list[Posted]:
        """Every event that is in registration's database, once, in the order of the answers."""
        found: dict[tuple[str, str, str], Posted] = {}
        for event in sorted(self.posted, key=lambda one: one.order):
            if event.accepted:
                found.setdefault(event.identity, event)
        return list(found.values())

    def outcomes(self) -> Counter[str]:
        """How many of each."""
        return Counter(event.outcome for event in self.posted)
