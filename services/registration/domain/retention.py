"""When contact data goes: some days after its person's last activity (contract section 7)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.registration.domain.order import Stamp

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class Traces:
    """What still needs a person's contact data, at whatever partner.

    `last_end`: the latest end of an activity with a sign-up or an attendance. `last_day`: the latest day of a released
    assignment. `told`: the rank of the latest fact that gave contact data.
    """

    pid: str
    told: Stamp
    last_end: datetime | None = None
    last_day: date | None = None
    assigned: bool = False

    @property
    def last_activity(self) -> datetime | None:
        """None while an assignment is open; without any activity the moment at which the contact data was given."""
        if self.assigned:
            return None
        ends = [moment for moment in (self.last_end, _end_of(self.last_day)) if moment is not None]
        return max(ends, default=_instant(self.told))


def overdue_since(traces: Traces, now: datetime, keep: timedelta) -> datetime | None:
    """When the contact data should have gone; None while it may stay."""
    last = traces.last_activity
    return last + keep if last is not None and now - last >= keep else None


def _end_of(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.max, _AMSTERDAM).astimezone(UTC)


def _instant(told: Stamp) -> datetime:
    return datetime.fromisoformat(told[:26]).replace(tzinfo=UTC)
