"""What somebody looks for among the activities."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Which activities; None is no limit. `from_instant` and `to_instant` bound the start, the latter not included."""

    from_instant: datetime | None = None
    to_instant: datetime | None = None
    kinds: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    after: tuple[datetime, str] | None = None
