"""Reads the clock that all processes over one database share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from services.notifications.store import instants
from shared.database import reading


@dataclass(frozen=True, slots=True)
class Reading:
    """The database said `instant` when our stopwatch, in seconds, stood at `at` or just before."""

    instant: datetime
    at: float

    def later(self, at: float) -> datetime:
        """What the database says when our stopwatch stands at `at`; never ahead, behind by the way of its answer."""
        return self.instant + timedelta(seconds=at - self.at)


def read_clock(engine: Engine, stopwatch: Callable[[], float]) -> Reading:
    """One cheap question. The stopwatch is read when the answer is there, so that nobody is ever early by it."""
    with reading(engine) as connection:
        instant = instants.present(connection)
        return Reading(instant, stopwatch())
