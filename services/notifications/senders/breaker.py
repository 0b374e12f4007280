"""Whether a way out is to be used: pure state, told how sends end and what time it is (monotonic seconds)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from services.notifications.domain.outcomes import (
    MAIL_SERVER,
    REGISTRATION,
    SMS_PROVIDER,
    Outcome,
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
                "data": MAIL_SERVER, "mailbox": MAIL_SERVER, "sms": SMS_PROVIDER, "sms-ask": SMS_PROVIDER}  # fmt: skip
"""Phase -> who answered in it."""
_WITHOUT_LOOK_UP: Final = ("accident", "planning")
"""Phases of sends that ended without an answer from registration."""
_SILENCE: Final = ("no-answer", "sms-no-answer")
_REST: Final = 1.0
"""Seconds before the next try, at the least."""
_FORGET: Final = 600.0
"""Seconds without anything to try with, after which nobody knows any more whether the way is still closed."""


@dataclass(frozen=True, slots=True)
class News:
    """A way opened or closed its breaker. `alarm`: somebody has to set something right."""

    way: str
    opened: bool
    reason: str
    alarm: bool = False


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

    def failed(self, reason: str, now: float, *, at_once: bool = False, after: float | None = None) -> bool:
        """A send failed for the whole way; `after`: it asked for so many seconds of rest. True: that opened it."""
        self.failures += 1
        self.reason, self.next_probe = reason, now + (self.probe_every if after is None else max(after, _REST))
        if self.open_since is not None or not (at_once or after is not None or self.failures >= self.trips):
            return False
        self.open_since = now
        return True

    def worked(self) -> bool:
        """The other side answered as it should. True: that closed it."""
        was_open = self.open_since is not None
        self.failures, self.open_since = 0, None
        return was_open

    def forget(self, now: float) -> bool:
        """Nothing has been due for long. True: that closed it; the next failure opens it again at once."""
        if self.open_since is None or now < self.next_probe + _FORGET:
            return False
        self.failures, self.open_since = self.trips - 1, None
        return True

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
    """One for each way. What opened and closed since somebody took it away stands in `news`."""

    trips: int = 3
    probe_every: float = 30.0
    ways: dict[str, Breaker] = field(init=False)
    news: list[News] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ways = {name: Breaker(self.trips, self.probe_every) for name in WAYS}

    def seen(self, outcome: Outcome, now: float, probes: Iterable[str] = ()) -> None:
        """How a send ended, and which ways it was to try. What comes after the look-up shows that the look-up works."""
        trouble = _trouble(outcome)
        if trouble != REGISTRATION and outcome.phase not in _WITHOUT_LOOK_UP and not _accident(outcome):
            self._worked(REGISTRATION)
        if trouble:
            self._failed(trouble, outcome, now)
        elif outcome.phase in _SAYS and not _accident(outcome):
            self._worked(_SAYS[outcome.phase])
        for way in probes:
            if way != trouble:
                self.ways[way].said_nothing(now)

    def gate(self, now: float) -> Gate:
        """What the next turn may claim. Who claims under a gate with probes says so by `probing`."""
        for way, breaker in self.ways.items():
            if breaker.forget(now):
                self.news.append(News(way, opened=False, reason="nothing to try it with"))
        tripped = {way: breaker for way, breaker in self.ways.items() if breaker.open}
        if not tripped:
            return Gate()
        due = tuple(way for way, breaker in tripped.items() if breaker.next_probe <= now)
        waiting = [WAYS[way][1] for way in tripped if way not in due]
        closed = frozenset[str]().union(*waiting)
        if REGISTRATION in tripped and REGISTRATION not in due:
            return Gate(most=0, closed=closed)
        return Gate(most=1 if due else None, closed=closed, probes=due)

    @property
    def down(self) -> frozenset[str]:
        """Channels whose own way is open. A look-up that is away is no reason to call: the numbers come from it."""
        tripped = (WAYS[way][1] for way, breaker in self.ways.items() if breaker.open and way != REGISTRATION)
        return frozenset[str]().union(*tripped)

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
            self.news.append(News(way, opened=False, reason=self.ways[way].reason))

    def _failed(self, way: str, outcome: Outcome, now: float) -> None:
        alarm = isinstance(outcome, Retry) and outcome.alarm
        after, reason = outcome.after if isinstance(outcome, Retry) else None, _reason(outcome)
        if self.ways[way].failed(reason, now, at_once=alarm, after=after):
            self.news.append(News(way, opened=True, reason=reason, alarm=alarm))


def _trouble(outcome: Outcome) -> str | None:
    """What a send says is in trouble as a whole. A server that takes mails in silence leaves everybody in doubt."""
    if isinstance(outcome, Retry):
        return outcome.trouble
    if isinstance(outcome, Unknown) and outcome.reason in _SILENCE:
        return _SAYS.get(outcome.phase)
    return None


def _accident(outcome: Outcome) -> bool:
    """Something of ours broke: that says nothing about anybody else."""
    return isinstance(outcome, Retry | Unknown) and outcome.reason == "accident"


def _reason(outcome: Outcome) -> str:
    if isinstance(outcome, Retry | Unknown):
        code = f" {outcome.code}" if outcome.code else ""
        return f"{outcome.reason}{code} at {outcome.phase}"
    return outcome.phase
