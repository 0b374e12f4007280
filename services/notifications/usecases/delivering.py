"""Send one message: whose address, what words, out; then write down how it ended."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.notifications.contacts import Contact, ContactClient, ContactsAway
from services.notifications.domain.outcomes import Failed, Outcome, Retry, Suppressed, ToCall, Unknown
from services.notifications.domain.policy import Policy
from services.notifications.domain.wording import words
from services.notifications.senders.calendar import carries_entry, entry
from services.notifications.senders.headers import MalformedMail
from services.notifications.senders.mail import BadAddress, Letterhead, compose, mail_address
from services.notifications.senders.sender import Mail, Sender
from services.notifications.usecases.claiming import Assignment
from services.notifications.usecases.last_look import last_look
from services.notifications.usecases.settling import settle

_log = logging.getLogger(__name__)
_SETTLE_AGAIN = timedelta(seconds=1)
_BY_HAND = {"phone": ToCall("phone", "prefers-phone"), "letter": ToCall("letter", "prefers-letter")}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What sending needs; built once, by the app."""

    engine: Engine
    policy: Policy
    clock: Callable[[], datetime]
    contacts: ContactClient
    sender: Sender
    letterhead: Letterhead


async def deliver(delivery: Delivery, assignment: Assignment) -> None:
    """Send, settle. Never raises for what a mail, a person or a server can do."""
    outcome = await _attempt(delivery, assignment)
    while True:
        now = delivery.clock()
        try:
            await asyncio.to_thread(settle, delivery.engine, assignment, outcome, now, delivery.policy)
        except SQLAlchemyError as error:
            _log.warning("settling failed", extra={"fields": {"error": type(error).__name__}})
            await asyncio.sleep(_SETTLE_AGAIN.total_seconds())
        else:
            return


async def _attempt(delivery: Delivery, assignment: Assignment) -> Outcome:
    """How it ended. An accident before the last look is surely no mail; after it nobody knows."""
    looked = False

    async def look() -> bool:
        nonlocal looked
        now = delivery.clock()
        looked = await asyncio.to_thread(last_look, delivery.engine, assignment, now, delivery.policy)
        return looked

    try:
        return await _send(delivery, assignment, look)
    except Exception as error:  # no defect of ours may cost anybody more than this one message
        fields = {"message": assignment.message.id, "error": type(error).__name__}
        _log.error("sending failed", extra={"fields": fields})
        return Unknown("data", "accident") if looked else Retry("accident", "accident")


async def _send(delivery: Delivery, assignment: Assignment, look: Callable[[], Awaitable[bool]]) -> Outcome:
    message = assignment.message
    try:
        contact = await delivery.contacts.look_up(message.partner_id, message.pid)
    except ContactsAway:
        return Retry("contact", "contacts-away")
    address = _address(contact)
    if not isinstance(address, str):
        return address
    try:
        mail = _mail(delivery, assignment, contact, address)
    except MalformedMail:
        _log.error("no mail made", extra={"fields": {"kind": message.kind, "error": "MalformedMail"}})
        return Failed("compose", "malformed")
    except Exception as error:  # a template that fails now fails the next time, too
        _log.error("no mail made", extra={"fields": {"kind": message.kind, "error": type(error).__name__}})
        return Failed("compose", "template")
    return await delivery.sender.send(mail, look)


def _address(contact: Contact | None) -> str | ToCall | Suppressed:
    """Where to write, or what else happens (contract section 6: channel by person)."""
    if contact is None:
        return ToCall("none", "no-address")
    if contact.reach_via == "none":
        return Suppressed("reach-none")
    if contact.reach_via in _BY_HAND:
        return _BY_HAND[contact.reach_via]
    by_hand = "phone" if contact.phone else "none"
    if contact.reach_via == "sms":
        return ToCall(by_hand, "no-sms-provider")
    if not contact.email:
        return ToCall(by_hand, "no-address")
    try:
        return mail_address(contact.email)
    except BadAddress:
        return ToCall(by_hand, "bad-address")


def _mail(delivery: Delivery, assignment: Assignment, contact: Contact | None, address: str) -> Mail:
    message, signup, activity, head = assignment.message, assignment.signup, assignment.activity, delivery.letterhead
    now = delivery.clock()
    text = words(message.kind, signup, activity, assignment.known)
    ics = None
    if carries_entry(message.kind, signup):
        ics = entry(signup, activity, head.domain, head.sender.addr_spec, address, now)
    return compose(head, message.id, address, contact.name if contact else None, text, ics, now)
