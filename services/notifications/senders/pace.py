"""A token bucket for every place that takes messages: nobody is flooded, nothing fails, who is urgent goes first."""

from dataclasses import dataclass, field
from itertools import islice

_FORGET = 60.0
_TICK = 1e-6
"""Seconds that are nobody's wait: what sums of fractions leave."""
_LATE = 5.0
"""Seconds after its turn in which a message that waited still goes before those of lower lanes."""


@dataclass(slots=True)
class Row:
    """The messages of one lane that wait for one place: message -> its turn. `tail` is the last turn given out."""

    turns: dict[str, float] = field(default_factory=dict)
    tail: float = 0.0

    def stands_before(self, now: float) -> bool:
        """Somebody waits whose turn is still to come, or came just now."""
        return bool(self.turns) and self.tail + _LATE > now

    def forget(self, now: float) -> None:
        """Messages that did not come again: sent by another process, cancelled; a few at a time, oldest first."""
        for message, turn in list(islice(self.turns.items(), 2)):
            if turn < now - _FORGET:
                del self.turns[message]


@dataclass(slots=True)
class Pace:
    """`per_second` messages to one place (a recipient domain), as many at once after a pause. Times are monotonic.

    A wait of up to `patience` seconds is waited out; for a longer one the message goes back to the queue, to come
    again when it is its turn. Each lane has its own row of such turns; while somebody stands there, nothing of a lower
    lane goes, so that a cancellation never waits for the reminders of a whole backlog, nor sees them pass.
    """

    per_second: float = 3.0
    patience: float = 0.5
    _full_at: dict[str, float] = field(default_factory=dict)
    _rows: dict[str, dict[int, Row]] = field(default_factory=dict)
    """Place -> lane -> who waits."""

    def wait(self, message: str, place: str, lane: int, now: float) -> tuple[bool, float]:
        """(True, s): go, in s seconds. (False, s): come again in s seconds."""
        rows, ahead = self._rows.setdefault(place, {}), self._ahead(place, now)
        row = rows.setdefault(lane, Row())
        row.forget(now)
        its_turn = row.turns.pop(message, None) is not None
        urgent = max((one.tail for higher, one in rows.items() if higher < lane and one.stands_before(now)), default=0)
        if ahead <= self.patience + _TICK and not urgent and (its_turn or row.tail <= now + _TICK):
            self._full_at[place] = max(self._full_at.get(place, now), now) + 1 / self.per_second
            return True, ahead
        first = max(now + ahead, urgent + 1 / self.per_second if urgent else 0)
        turn = first if its_turn else max(row.tail, first) + 1 / self.per_second
        row.tail = max(row.tail, turn)
        row.turns[message] = turn
        return False, turn - now

    def _ahead(self, place: str, now: float) -> float:
        """Seconds until a token is there."""
        burst = max(round(self.per_second), 1)
        return max(self._full_at.get(place, now) - (burst - 1) / self.per_second - now, 0.0)
