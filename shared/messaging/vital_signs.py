"""What a consumer knows of itself: contact, counts, how far it is; for readiness and metrics."""

import time
from dataclasses import dataclass, field

from shared.observability import Check


@dataclass(slots=True)
class VitalSigns:
    """Written by the event loop alone, read from anywhere. `watermark` and `lag` are None until they are known."""

    down_after: float
    reason: str | None = "starting"
    watermark: int | None = None
    lag: int | None = None
    batches: int = 0
    applied: int = 0
    duplicates: int = 0
    deleted: int = 0
    """Entries that were gone from the stream before they were acknowledged: must stay 0."""
    _contact: float = field(default_factory=time.monotonic)

    def beat(self) -> None:
        """Contact, just now."""
        self._contact = time.monotonic()

    @property
    def silent(self) -> float:
        """Seconds since the last contact with both stream and database."""
        return time.monotonic() - self._contact

    def check(self) -> Check:
        """`ok` with the lag; `degraded` while out of contact; `down` when it lasts (contract section 1: 30 s)."""
        if self.silent > self.down_after:
            return Check("down", self.reason or f"silent for {self.silent:.0f} s", self.watermark, self.lag)
        if self.reason:
            return Check("degraded", self.reason, self.watermark, self.lag)
        return Check("ok", None, self.watermark, self.lag)
