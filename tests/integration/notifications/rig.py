"""A notifications service in one hand: a real database, events applied to it, a clock that can be set, real senders."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Engine, select

from services.notifications.consumer import inbox
from services.notifications.contacts import ContactClient
from services.notifications.domain.policy import Policy
from services.notifications.senders.mail import Letterhead, letterhead
from services.notifications.senders.sender import Sender
from services.notifications.senders.sms import SmsSender
from services.notifications.senders.sms_account import SmsAccount
from services.notifications.tables import MessageAttemptRow, MessageRow
from services.notifications.usecases.claiming import take_turn
from services.notifications.usecases.delivering import Delivery, deliver
from shared.database import reading, table_of
from shared.events.envelope import StreamEvent, cloud_event
from shared.messaging.cloud_event_format import Entry
from tests.integration.notifications.adding_up import adds_up
from tests.integration.notifications.registration import ContactServer
from tests.integration.notifications.story import EARLY
from tests.servers import SERVICE_KEY

SENDER = "KomErbij <afzender@example.org>"
Row = dict[str, Any]


@dataclass
class Rig:
    """`now` is what the service's clock says, None the real time; `looked_at` when it was asked last (monotonic)."""

    engine: Engine
    sender: Sender
    contacts: ContactServer
    now: datetime | None = EARLY
    policy: Policy = field(default_factory=Policy)
    head: Letterhead = field(default_factory=lambda: letterhead(SENDER))
    looked_at: float = field(default_factory=time.monotonic)
    sms: SmsAccount | None = None

    def clock(self) -> datetime:
        self.looked_at = time.monotonic()
        return self.now or datetime.now(UTC)

    def apply(self, *events: StreamEvent) -> None:
        """Through the inbox, in one batch, each as it stands on the stream."""
        entries = [Entry(f"{event.sequence}-0", _bytes(event)) for event in events]
        outcome = inbox(self.engine, self.clock, self.policy).process(entries)
        assert len(outcome.acknowledge) == len(entries)
        adds_up(self.engine, self.clock(), self.policy)

    def each(self, events: Sequence[StreamEvent]) -> None:
        """One batch an event."""
        for event in events:
            self.apply(event)

    async def work(self, *, rounds: int = 40) -> None:
        """Send everything that is due now, as the scheduler does, until nothing is."""
        client = ContactClient(self.contacts.url, SERVICE_KEY)
        delivery = self.delivery(client)
        try:
            for _ in range(rounds):
                turn = take_turn(self.engine, self.clock(), 4, self.policy, self.sender.arrived)
                if not turn.assignments:
                    return
                await asyncio.gather(*(deliver(delivery, one) for one in turn.assignments))
                adds_up(self.engine, self.clock(), self.policy)
        finally:
            await client.close()
            if delivery.sms:
                await delivery.sms.close()
            await self.sender.close()
        raise AssertionError("there is no end to it")

    def delivery(self, client: ContactClient) -> Delivery:
        sms = SmsSender(self.sms, timeout=2.0) if self.sms else None
        return Delivery(self.engine, self.policy, self.clock, client, self.sender, self.head, sms)

    def at(self, moment: datetime) -> "Rig":
        """The same, at another time."""
        self.now = moment
        return self

    def later(self, **by: float) -> "Rig":
        """The same, a while later."""
        return self.at(self.clock() + timedelta(**by))

    def choose(self, **changes: Any) -> None:
        """Other choices of the operator."""
        self.policy = replace(self.policy, **changes)

    def rows(self, **where: Any) -> list[Row]:
        """Message rows, in order of their key."""
        table = table_of(MessageRow)
        with reading(self.engine) as connection:
            found = connection.execute(select(table).order_by(table.c.dedup_key)).mappings().all()
        return [dict(row) for row in found if all(row[name] == value for name, value in where.items())]

    def row(self, kind: str, **where: Any) -> Row:
        """The only row of a kind."""
        [found] = self.rows(kind=kind, **where)
        return found

    def statuses(self) -> dict[str, str]:
        """key -> status."""
        return {row["dedup_key"].replace("avedan/", ""): row["status"] for row in self.rows()}

    def attempts(self, message_id: str) -> list[tuple[str, str, str | None]]:
        """(phase, outcome, detail) in order."""
        table = table_of(MessageAttemptRow)
        with reading(self.engine) as connection:
            found = connection.execute(select(table).where(table.c.message == message_id).order_by(table.c.number))
            return [(row.phase, row.outcome, row.detail) for row in found]


def _bytes(event: StreamEvent) -> bytes:
    whole = cloud_event(event.id, event.subject, event.type, event.time, event.data, event.extensions)
    return orjson.dumps({**whole, "sequence": str(event.sequence)})
