"""Whether a way out is to be used: pure state, told how sends end and what time it is (monotonic seconds)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from services.notifications.domain.outcomes import (
    MAIL_SERVER,
    REGISTRATION,
    SMS_PROVIDER,
    Outcome,
    Postponed,
    Retry,
    Unknown,
)

WAYS: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    MAIL_SERVER: ("the mail server", frozenset({"email"})),
    SMS_PROVIDER: ("the SMS provider", frozenset({"sms"})),
    REGISTRATION: ("registration's contact look-up", frozenset({"email", "sms"})),
}
"""What can be in trouble -> its name in words, and the channels that need it."""
_SAYS: Final = {"connect": MAIL_SERVER, "hello": MAIL_SERVER, "mail": MAIL_SERVER, "rcpt": MAIL_SERVER,
                "data": MAIL_SERVER, "mailbox": MAIL_SERVER, "sms": SMS_PROVIDER}  # fmt: skip
"""Phase -> who answered in it."""


@dataclass(slots=True)
class Breaker:
    """Of one way out. Open: nothing goes that way but a probe every `probe_every` seconds, with one message."""

    trips: int = 3
    """So many failures in a row open it, unless one opens it at once."""
    probe_every: float = 30.0
    failures: int = 0
    open_since: float | None = None
    reason: str = ""
    next_probe: float = 0.0

    def failed(self, reason: str, now: float, *, at_once: bool = False) -> bool:
        """A send failed for the whole way. True: that opened it."""
        self.failures += 1
        self.reason, self.next_probe = reason, now + self.probe_every
        if self.open_since is not None or not (at_once or self.failures >= self.trips):
            return False
        self.open_since = now
        return True

    def worked(self) -> bool:
        """The other side answered as it should. True: that closed it."""
        was_open = self.open_since is not None
        self.failures, self.open_since = 0, None
        return was_open

    def said_nothing(self, now: float) -> None:
        """A probe ended before it got that far: the next may go now."""
        self.next_probe = min(self.next_probe, now)

    @property
    def open(self) -> bool:
        """Is nothing to go that way?"""
        return self.open_since is not None


@dataclass(frozen=True, slots=True)
class Gate:
    """What may be claimed now: at most `most` messages (None: any number), none of the channels in `closed`."""

    most: int | None = None
    closed: frozenset[str] = frozenset()
    probes: tuple[str, ...] = ()
    """Ways that the one message is to try."""


@dataclass(slots=True)
class Breakers:
    """One for each way. What opened and closed since it was last asked stands in `news`: (way, opened, alarm)."""

    trips: int = 3
    probe_every: float = 30.0
    ways: dict[str, Breaker] = field(init=False)
    news: list[tuple[str, bool, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ways = {name: Breaker(self.trips, self.probe_every) for name in WAYS}

    def seen(self, outcome: Outcome, now: float, probes: Iterable[str] = ()) -> None:
        """How a send ended, and which ways it was to try. What comes after the look-up shows that the look-up works."""
        trouble = _trouble(outcome)
        if trouble != REGISTRATION and outcome.phase != "accident":
            self._worked(REGISTRATION)
        if trouble:
            self._failed(trouble, outcome, now)
        elif not isinstance(outcome, Postponed) and outcome.phase in _SAYS:
            self._worked(_SAYS[outcome.phase])
        for way in probes:
            if way != trouble:
                self.ways[way].said_nothing(now)

    def gate(self, now: float) -> Gate:
        """What the next turn may claim. Who claims under a gate with probes says so by `probing`."""
        tripped = {way: breaker for way, breaker in self.ways.items() if breaker.open}
        if not tripped:
            return Gate()
        due = tuple(way for way, breaker in tripped.items() if breaker.next_probe <= now)
        waiting = [WAYS[way][1] for way in tripped if way not in due]
        closed = frozenset[str]().union(*waiting)
        if REGISTRATION in tripped and REGISTRATION not in due:
            return Gate(most=0, closed=closed)
        return Gate(most=1 if due else None, closed=closed, probes=due)

    def probing(self, gate: Gate, now: float) -> None:
        """A message was claimed under this gate: the next probe is a while later."""
        for way in gate.probes:
            self.ways[way].next_probe = now + self.probe_every

    def next_probe(self) -> float | None:
        """When the next one may go; None: all is well."""
        return min((breaker.next_probe for breaker in self.ways.values() if breaker.open), default=None)

    def in_words(self, now: float) -> str | None:
        """Why nothing goes out; None: all is well."""
        said = [
            f"{WAYS[way][0]}: {breaker.reason}, for {now - since:.0f} s, a try every {breaker.probe_every:.0f} s"
            for way, breaker in self.ways.items()
            if (since := breaker.open_since) is not None
        ]
        return "; ".join(said) or None

    def _worked(self, way: str) -> None:
        if self.ways[way].worked():
            self.news.append((way, False, False))

    def _failed(self, way: str, outcome: Outcome, now: float) -> None:
        alarm = isinstance(outcome, Retry) and outcome.alarm
        if self.ways[way].failed(_reason(outcome), now, at_once=alarm):
            self.news.append((way, True, alarm))


def _trouble(outcome: Outcome) -> str | None:
    """What a send says is in trouble as a whole. A server that takes mails in silence leaves everybody in doubt."""
    if isinstance(outcome, Retry):
        return outcome.trouble
    if isinstance(outcome, Unknown) and outcome.reason == "no-answer":
        return _SAYS.get(outcome.phase)
    return None


def _reason(outcome: Outcome) -> str:
    if isinstance(outcome, Retry | Unknown):
        code = f" {outcome.code}" if outcome.code else ""
        return f"{outcome.reason}{code} at {outcome.phase}"
    return outcome.phase
