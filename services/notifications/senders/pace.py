"""A token bucket for every place that takes messages: nobody is flooded, nothing fails, who is urgent waits least."""

from dataclasses import dataclass, field

_FORGET = 60.0


@dataclass(slots=True)
class Pace:
    """`per_second` messages to one place (a recipient domain), as many at once after a pause. Times are monotonic.

    A wait of up to `patience` seconds is waited out; for a longer one the message goes back to the queue, to come
    again when it is its turn. Each lane has its own row of such turns, so that a cancellation never stands behind the
    reminders of a whole backlog.
    """

    per_second: float = 3.0
    patience: float = 0.5
    _full_at: dict[str, float] = field(default_factory=dict)
    _tails: dict[tuple[str, int], float] = field(default_factory=dict)
    _turns: dict[str, float] = field(default_factory=dict)

    def wait(self, message: str, place: str, lane: int, now: float) -> tuple[bool, float]:
        """(True, s): go, in s seconds. (False, s): come again in s seconds."""
        ahead = self._ahead(place, now)
        its_turn = self._turns.pop(message, None) is not None
        tail = self._tails.get((place, lane), 0.0)
        if ahead <= self.patience and (its_turn or tail <= now):
            self._full_at[place] = max(self._full_at.get(place, now), now) + 1 / self.per_second
            return True, ahead
        turn = now + ahead if its_turn else max(tail, now + ahead) + 1 / self.per_second
        self._tails[place, lane] = max(tail, turn)
        self._turns[message] = turn
        self._forget(now)
        return False, turn - now

    def _ahead(self, place: str, now: float) -> float:
        """Seconds until a token is there."""
        burst = max(round(self.per_second), 1)
        return max(self._full_at.get(place, now) - (burst - 1) / self.per_second - now, 0.0)

    def _forget(self, now: float) -> None:
        """Messages that did not come again: sent by another process, cancelled."""
        for message, turn in list(self._turns.items())[:2]:
            if turn < now - _FORGET:
                del self._turns[message]
