"""The real service as a process that can be killed, on a Redis of its own; registration and mail server are ours."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import redis
from sqlalchemy import Engine, select

from services.notifications.consumer import GROUP
from services.notifications.tables import MessageRow
from shared.database import connect, reading, table_of
from shared.events.envelope import StreamEvent, cloud_event
from shared.events.streams import FIELD, STREAM
from shared.messaging import position
from tests.http_double import Answer, Request, as_json
from tests.integration.notifications.mail_servers import Moody
from tests.integration.notifications.registration import ContactServer
from tests.integration.notifications.story import Story
from tests.servers import RedisServer, System, eventually

PATIENCE = 60.0
_SERVICE = "notifications"
Row = dict[str, Any]


def on_the_wire(event: StreamEvent) -> Row:
    """An event as the relay writes it, and as the log has it."""
    whole = cloud_event(event.id, event.subject, event.type, event.time, event.data, event.extensions)
    found: Row = orjson.loads(orjson.dumps({**whole, "sequence": str(event.sequence)}))
    return found


@dataclass
class LogAndContacts(ContactServer):
    """Registration, as far as notifications asks it: contacts, and the log of what was published."""

    log: list[Row] = field(default_factory=list)

    def respond(self, request: Request) -> Answer:
        if request.method == "POST":
            return super().respond(request)
        asked = parse_qs(urlsplit(request.path).query)
        after, limit = int(asked.get("after", ["0"])[0]), int(asked.get("limit", ["1000"])[0])
        items = [item for item in self.log if int(item["sequence"]) > after][:limit]
        return as_json(200, {"items": items, "head": len(self.log), "next": None})


@dataclass
class Living:
    """`events` are told by `story`, all of them at one activity in twenty days."""

    system: System
    redis: RedisServer
    registration: LogAndContacts
    mails: Moody
    engine: Engine
    story: Story = field(
        default_factory=lambda: Story(datetime.now(UTC) + timedelta(days=20), datetime.now(UTC) - timedelta(days=1))
    )

    def start(self) -> None:
        self.system.start(_SERVICE)

    def kill(self) -> None:
        """kill -9."""
        self.system.kill(_SERVICE)

    def publish(self, *events: StreamEvent) -> None:
        """To the log and to the stream, as registration and its relay do."""
        self.registration.log += [on_the_wire(event) for event in events]
        self.write(*events)

    def write(self, *events: StreamEvent) -> None:
        """To the stream alone, as the relay does with what a Redis lost; all at once."""
        with self.redis.client() as client, client.pipeline(transaction=True) as lot:
            for event in events:
                lot.xadd(STREAM, {FIELD: orjson.dumps(on_the_wire(event))}, id=f"{event.sequence}-0")
            lot.execute()

    def rows(self, *keys: str) -> list[Row]:
        """Messages of these sign-ups, in order of their key."""
        table = table_of(MessageRow)
        wanted = table.c.signup.in_([f"avedan/{key}" for key in keys])
        with reading(self.engine) as connection:
            found = connection.execute(select(table).where(wanted).order_by(table.c.dedup_key)).mappings()
            return [dict(row) for row in found]

    def told(self, *keys: str) -> list[Row]:
        """The same, once each has been told that it has a place."""
        eventually(lambda: self._sent(keys), PATIENCE, f"{keys} have their confirmations")
        return self.rows(*keys)

    def _sent(self, keys: tuple[str, ...]) -> bool:
        told = [row for row in self.rows(*keys) if (row["kind"], row["status"]) == ("confirmation", "sent")]
        return len(told) == len(keys)

    def watermark(self) -> int:
        """The last sequence up to which all has had its effect."""
        with reading(self.engine) as connection:
            return position.watermark(connection)

    def inbox(self, key: str) -> int:
        """Mails that came for a sign-up's person."""
        return sum(f"pid-{key}@" in str(message_from_bytes(mail)["To"]) for mail in self.mails.mails)

    def most_copies(self) -> int:
        """Of any one Message-ID."""
        return max(Counter(str(message_from_bytes(mail)["Message-ID"]) for mail in self.mails.mails).values())

    def unacknowledged(self) -> int:
        """Entries that were fetched, and of which Redis does not know that they are done; -1: no group, no stream."""
        try:
            with self.redis.client() as client:
                pending: int = client.xpending(STREAM, GROUP)["pending"]
                return pending
        except redis.ResponseError:
            return -1

    def acknowledge(self, event: StreamEvent) -> None:
        """As if the service's own acknowledgement of this one had got through."""
        with self.redis.client() as client:
            assert client.xack(STREAM, GROUP, f"{event.sequence}-0") == 1

    @contextmanager
    def refusing(self, command: str) -> Iterator[None]:
        """Redis refuses this command to everybody, until the block is left."""
        with self.redis.client() as client:
            client.acl_setuser("default", enabled=True, commands=[f"-{command}"])
            try:
                yield
            finally:
                client.acl_setuser("default", enabled=True, commands=[f"+{command}"])


@contextmanager
def living(folder: Path, database_url: str) -> Iterator[Living]:
    """Everything but the service itself is up."""
    with ExitStack() as open_now:
        mails, registration = open_now.enter_context(Moody()), open_now.enter_context(LogAndContacts())
        server = RedisServer(folder / "redis").start()
        open_now.callback(server.kill)
        extra = {
            "NOTIFICATIONS_SMTP_URL": f"smtp://127.0.0.1:{mails.port}",
            "NOTIFICATIONS_SENDER": "KomErbij <afzender@example.org>",
            "NOTIFICATIONS_QUIET_HOURS": "",
            "REGISTRATION_URL": registration.url,
        }
        system = System(folder / "data", server.url, extra, databases={_SERVICE: database_url})
        open_now.callback(system.stop)
        engine = connect(database_url)
        open_now.callback(engine.dispose)
        yield Living(system, server, registration, mails, engine)
