"""A clock that stands elsewhere and may run faster: the same one in the driver and in every service it starts."""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

VARIABLE = "CHAOS_CLOCK"


@dataclass(frozen=True, slots=True)
class FastClock:
    """Said `starts` at the real second `origin`, and has gone `pace` times as fast since."""

    starts: datetime
    origin: float
    pace: float = 1.0

    def __call__(self) -> datetime:
        """The moment it shows."""
        return self.starts + timedelta(seconds=(time.time() - self.origin) * self.pace)

    def environment(self) -> dict[str, str]:
        """How a child process gets the same clock."""
        return {VARIABLE: f"{self.starts.isoformat()} {self.origin!r} {self.pace!r}"}


def inherited() -> FastClock:
    """The clock of the driver that started this process; the real one where there is none."""
    given = os.environ.get(VARIABLE)
    if not given:
        return FastClock(datetime.now(UTC), time.time())
    starts, origin, pace = given.split()
    return FastClock(datetime.fromisoformat(starts), float(origin), float(pace))
