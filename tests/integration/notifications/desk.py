"""Notifications without HTTP and mail servers: events come in, due messages go out as a test decides, all is noted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, select

from services.notifications.consumer import inbox
from services.notifications.domain.channels import LETTER, PHONE, SMS
from services.notifications.domain.facts import DONE, ActivityVersion, Message
from services.notifications.domain.outcomes import (
    AddressRefused,
    LetGo,
    Outcome,
    Retry,
    Sent,
    Suppressed,
    ToCall,
    Unknown,
)
from services.notifications.domain.policy import Policy
from services.notifications.domain.times import offset
from services.notifications.tables import metadata
from services.notifications.usecases.claiming import Assignment, take_turn
from services.notifications.usecases.last_look import last_look
from services.notifications.usecases.settling import settle
from shared.database import reading, transaction
from shared.messaging.cloud_event_format import Entry
from tests.integration.notifications.adding_up import adds_up

Row = dict[str, Any]
ENDS = ("sent", "sent", "sent", "retry", "unknown", "dies before", "dies after", "refused")
"""How an attempt may end; a worker that dies leaves its message to whoever finds the lease run out."""
WAYS = ("email", "email", "email", "call", "call", "letter", "none")
"""How somebody wants to be told."""
_NO_MAIL: dict[str, Outcome] = {
    "retry": Retry("connect", "refused"),
    "call": ToCall(PHONE, "prefers-phone"),
    "letter": ToCall(LETTER, "prefers-letter"),
    "none": Suppressed("reach-none"),
    "refused": AddressRefused("rcpt", 550),
}
"""What ends an attempt before the last look."""


@dataclass(frozen=True)
class Told:
    """A mail that may have left, or a call in which somebody was spoken to."""

    message: Message
    activity: ActivityVersion
    at: datetime
    how: str

    @property
    def surely(self) -> bool:
        return self.how == "sent" or self.by_phone

    @property
    def by_phone(self) -> bool:
        return self.how in DONE


def _by_email(_pid: str) -> str:
    return "email"


@dataclass
class Desk:
    """`now` is what the clock says; `told`: every mail that may have left and every call, in order."""

    engine: Engine
    now: datetime
    policy: Policy = field(default_factory=lambda: Policy(reminders=(offset("P1D"), offset("PT2H"))))
    told: list[Told] = field(default_factory=list)
    way: Callable[[str], str] = _by_email
    """Of a person, by pid: one of `WAYS`."""

    def empty(self, now: datetime) -> "Desk":
        """As on the first day."""
        with transaction(self.engine) as connection:
            for table in metadata.tables.values():
                connection.execute(delete(table))
        self.now = now
        self.told.clear()
        self.way = _by_email
        return self

    def hear(self, batches: Sequence[Sequence[Entry]]) -> int:
        """Take in batches; returns how many events had an effect."""
        reader = inbox(self.engine, lambda: self.now, self.policy)
        outcomes = [(reader.process(batch), len(batch)) for batch in batches]
        assert all(len(outcome.acknowledge) == size for outcome, size in outcomes), "an event failed"
        adds_up(self.engine, self.now, self.policy)
        return sum(outcome.applied for outcome, _ in outcomes)

    def turn(self, ends: Callable[[], str]) -> int:
        """Send what is due once; returns how many messages were tried."""
        turn = take_turn(self.engine, self.now, 4, self.policy, lambda _id: None)
        for assignment in turn.assignments:
            self._try(assignment, ends())
        adds_up(self.engine, self.now, self.policy)
        return len(turn.assignments)

    def _try(self, assignment: Assignment, how: str) -> None:
        if how == "dies before":
            return
        way = self.way(assignment.message.pid)
        how = how if way == "email" or how == "retry" else way
        by_hand = assignment.message.channel in (SMS, PHONE)  # as nobody is set to send text messages
        if by_hand or how in _NO_MAIL:
            outcome = ToCall(PHONE, assignment.message.reason or "no-address") if by_hand else _NO_MAIL[how]
            settle(self.engine, assignment, outcome, self.now, self.policy)
            return
        if not last_look(self.engine, assignment, self.now, self.policy):
            settle(self.engine, assignment, LetGo(), self.now, self.policy)
            return
        self.told.append(Told(assignment.message, assignment.activity, self.now, how))
        if how != "dies after":
            ended = Sent() if how == "sent" else Unknown("data", "broke")
            settle(self.engine, assignment, ended, self.now, self.policy)

    def finish(self) -> None:
        """All goes well from here on, until nothing is due, in doubt or in dead hands."""
        for _ in range(12):
            self._all_that_is_due()
            self.now += timedelta(minutes=20)

    def wait_for_the_last(self) -> None:
        """And on, until nothing at all is left to send."""
        for _ in range(200):
            if (moment := self._all_that_is_due()) is None:
                return
            self.now = max(self.now + timedelta(seconds=1), moment)
        raise AssertionError("there is no end to it")

    def _all_that_is_due(self) -> datetime | None:
        for _ in range(50):
            turn = take_turn(self.engine, self.now, 4, self.policy, lambda _id: None)
            for assignment in turn.assignments:
                self._try(assignment, "sent")
            adds_up(self.engine, self.now, self.policy)
            if not turn.assignments:
                return turn.next_at
        raise AssertionError("the same is due again and again")

    def rows(self, table: str) -> list[Row]:
        """What a table holds, in a fixed order."""
        with reading(self.engine) as connection:
            found = [dict(row) for row in connection.execute(select(metadata.tables[table])).mappings()]
        return sorted(found, key=lambda row: repr(tuple(row.values())))

    def messages(self) -> list[Row]:
        """Of people who are not erased, in order of what they tell."""
        rows = [row for row in self.rows("message") if not row["dedup_key"].startswith("erased:")]
        return sorted(rows, key=lambda row: str(row["dedup_key"]))


def columns(row: Mapping[str, Any], *without: str) -> Row:
    """A row without some of its columns."""
    return {name: value for name, value in row.items() if name not in without}
