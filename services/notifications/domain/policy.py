"""What the operator and we have chosen about telling: reminders, quiet hours, leases, waits."""

from dataclasses import dataclass, field
from datetime import timedelta

from services.notifications.domain.times import Offset, QuietHours, offset, quiet_hours

KINDS = ("confirmation", "waiting-list", "promotion", "reminder", "change", "cancellation", "volunteer-shift")
"""The contract's kinds of message (section 6)."""
LANES = {
    "cancellation": 0,
    "change": 1,
    "promotion": 2,
    "reminder": 3,
    "volunteer-shift": 3,
    "confirmation": 4,
    "waiting-list": 5,
}
"""Whoever has the most to lose by waiting goes first."""
RESENT = frozenset({"cancellation", "change", "promotion", "reminder", "volunteer-shift"})
"""Go once more, with the same Message-ID, when nobody knows whether they arrived (contract section 6)."""


def _default_reminders() -> tuple[Offset, ...]:
    return (offset("P1D"),)


@dataclass(frozen=True, slots=True)
class Policy:
    """The choices. `lease` is above all time-outs of one send together."""

    reminders: tuple[Offset, ...] = field(default_factory=_default_reminders)
    quiet: QuietHours | None = field(default_factory=lambda: quiet_hours("21:00-08:00"))
    lease: timedelta = timedelta(seconds=90)
    resend_after: timedelta = timedelta(minutes=15)
    most_crashes: int = 5
    """A message that so often took its worker along fails, so that the others flow."""
    posting: int = 2
    """Working days that a letter takes: posted on Monday it is there on Wednesday."""
    letters_ahead: int = 2
    """Working days on which a reminder stands on the letters before the last day on which it may be posted."""
