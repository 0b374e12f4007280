"""The two clocks of the product: UTC for instants, Amsterdam for the calendar."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present instant, aware, in UTC. Handed to use cases as an argument; never called inside a rule."""
    return datetime.now(UTC)


def local_date(instant: datetime) -> date:
    """The calendar day in Amsterdam on which an instant falls (contract section 1)."""
    return instant.astimezone(AMSTERDAM).date()


def rfc3339(instant: datetime) -> str:
    """An instant as the contract writes it: UTC with an upper-case Z, fractions only where there are any."""
    utc = instant.astimezone(UTC)
    return utc.isoformat(timespec="microseconds" if utc.microsecond else "seconds").replace("+00:00", "Z")
