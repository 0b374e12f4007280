"""Reminders of people who want letters stand on the letters days ahead, so that they can be posted in time."""

from datetime import datetime, time, timedelta

from sqlalchemy import Connection, Engine

from services.notifications.contacts import Contact, ContactClient
from services.notifications.domain.calling import LETTER
from services.notifications.domain.facts import REMINDING, Message
from services.notifications.domain.policy import Policy
from services.notifications.domain.posting import moments_to_post
from services.notifications.domain.statuses import moved
from services.notifications.domain.times import AMSTERDAM, wall
from services.notifications.store import attempts, calls
from shared.database import reading, transaction

AT_ONCE = 500
"""Messages that are looked at together: as many as registration answers in one request."""


async def look_ahead(engine: Engine, contacts: ContactClient, now: datetime, policy: Policy) -> int:
    """Look at up to `AT_ONCE` messages that nobody has looked at; how many there were. Raises ContactsAway.

    Each is looked at once, unless it is moved; who asks for letters later gets a call if it is too late for the post.
    """
    found = _waiting(engine, now, policy)
    if not found:
        return 0
    known = await contacts.look_up_many([(row.partner_id, row.pid) for row in found])
    with transaction(engine) as connection:
        for row in sorted(found, key=lambda row: row.id):  # planning's order: nobody waits in a circle
            _note(connection, row, known[row.partner_id, row.pid], now)
    return len(found)


def _waiting(engine: Engine, now: datetime, policy: Policy) -> list[Message]:
    last = moments_to_post(now.astimezone(AMSTERDAM).date(), policy)
    before = wall(last + timedelta(days=1), time())
    with reading(engine) as connection:
        return calls.to_probe(connection, REMINDING, now, before, AT_ONCE)


def _note(connection: Connection, row: Message, contact: Contact | None, now: datetime) -> None:
    if contact is None or contact.reach_via != LETTER:
        calls.note_probe(connection, row, {"probed_at": now})
        return
    values = {
        "status": moved(row.status, "to-call"),
        "channel": LETTER,
        "reason": "prefers-letter",
        "call_since": now,
        "call_reason": "prefers-letter",
        "probed_at": now,
        "generation": row.generation + 1,
    }
    if calls.note_probe(connection, row, values):
        attempts.note(connection, row.id, now, "probe", "to-call", "prefers-letter")
