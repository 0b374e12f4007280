"""How many connections a mail server wants at once: half of them after a complaint, slowly more again."""

from dataclasses import dataclass

_MOST = 16
_ONE_MORE_AFTER = 30.0


@dataclass(slots=True)
class Width:
    """Times are monotonic seconds."""

    _at_most: int = _MOST
    _since: float | None = None

    def narrow(self, now: float, most: int) -> None:
        """The server said that there are too many; `most` were in use."""
        self._at_most, self._since = max(min(self.at(now) or _MOST, most) // 2, 1), now

    def at(self, now: float) -> int | None:
        """None: as many as we like."""
        if self._since is None:
            return None
        wide = self._at_most + int((now - self._since) // _ONE_MORE_AFTER)
        return wide if wide < _MOST else None
