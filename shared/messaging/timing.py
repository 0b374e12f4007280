"""How patient a consumer is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds, but for `batch` (entries) and `block_ms`.

    `claim_idle` is above twice the worst batch. `hole` to `hole_most`: how long an event may be missing before the log
    is asked. `deaf`: a reader that long without an answer hangs. `gone_after`: a consumer that long idle is removed,
    looked for every `tidy`.
    """

    probe: float = 1.0
    back_off_most: float = 2.0
    claim_idle: float = 60.0
    hole: float = 3.0
    hole_most: float = 60.0
    deaf: float = 20.0
    down_after: float = 30.0
    tidy: float = 60.0
    gone_after: float = 3600.0
    batch: int = 200
    block_ms: int = 1000
