"""The day's calls and letters: read from what is so now, so that what is said and printed is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from services.notifications.contacts import Contact, ContactClient, Pair
from services.notifications.domain.calling import Call, Listed, calls
from services.notifications.domain.policy import Policy
from services.notifications.store import calls as rows
from services.notifications.store import messages, projections

CALL_LIST, LETTERS = "call-list", "letters"


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """A call, and whom it is to. Has no readable form, as it holds a name."""

    call: Call
    contact: Contact | None


def calls_of(
    connection: Connection, day: date, now: datetime, policy: Policy, partners: Sequence[str] | None
) -> list[Call]:
    """Everybody who has to be called or written to on a day; of the sign-ups that these partners placed, None: all."""
    open_ = rows.on_a_list(connection, now, partners)
    signups = {one.ref: one for one in projections.signups(connection, {row.signup for row in open_})}
    activities = projections.activities(connection, {row.activity for row in open_})
    known = messages.of_signups(connection, signups, lock=False)
    listed = [
        Listed(row, signups[row.signup], activities[row.activity], known[row.signup])
        for row in open_
        if row.signup in signups and row.activity in activities
    ]
    return calls(listed, day, now, policy)


async def addressed(found: list[Call], contacts: ContactClient, wanted: str) -> list[Entry]:
    """The calls of one list with names and numbers, as registration knows them now. Raises ContactsAway.

    A letter to somebody without a postal address is a call.
    """
    people: list[Pair] = [(call.first.signup.partner_id, call.first.signup.pid) for call in found]
    known = await contacts.look_up_many(people) if people else {}
    entries = [Entry(call, known.get(person)) for call, person in zip(found, people, strict=True)]
    return [entry for entry in entries if _list_of(entry) == wanted]


def _list_of(entry: Entry) -> str:
    written = entry.call.by_letter and entry.contact is not None and entry.contact.address is not None
    return LETTERS if written else CALL_LIST
