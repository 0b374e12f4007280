"""One message on its way out: look the person up, choose the way, make the words, hand them over."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine

from services.notifications.contacts import Contact, ContactClient, ContactsAway
from services.notifications.domain.channels import CONTACTS_AWAY, EMAIL, NOT_OUT, PHONE, SMS, Reach, Way, choose
from services.notifications.domain.outcomes import REGISTRATION, Failed, LetGo, Outcome, Retry, ToCall
from services.notifications.domain.policy import Policy
from services.notifications.domain.wording import sms_text, words
from services.notifications.senders.calendar import carries_entry, entry
from services.notifications.senders.headers import MalformedMail
from services.notifications.senders.mail import BadAddress, Letter, Letterhead, compose, mail_address
from services.notifications.senders.numbers import telephone
from services.notifications.senders.sender import LastLook, Mail, Sender
from services.notifications.senders.sms import SmsSender, TextMessage
from services.notifications.store import ways
from services.notifications.usecases.addresses import known_addresses
from services.notifications.usecases.claiming import Assignment
from services.notifications.usecases.settling import Taken
from services.notifications.usecases.unsubscribing import link
from shared.database import transaction

_log = logging.getLogger(__name__)
Sending = tuple[Outcome, Taken]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What sending needs; built once, by the app. Without `sms` nobody gets text messages."""

    engine: Engine
    policy: Policy
    clock: Callable[[], datetime]
    contacts: ContactClient
    sender: Sender
    letterhead: Letterhead
    sms: SmsSender | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """Whom a message is for, in memory while it is sent. Has no readable form."""

    name: str | None
    reach: Reach
    addresses: dict[str, str]
    """Channel -> where it goes, of the channels that can be used at all."""


def person(contact: Contact) -> Person:
    """What a contact means for us."""
    addresses: dict[str, str] = {}
    try:
        if contact.email:
            addresses[EMAIL] = mail_address(contact.email)
    except BadAddress:
        pass  # as if there were none; `email_given` says so
    number = telephone(contact.phone) if contact.phone else None
    if number is not None and number.mobile:
        addresses[SMS] = number.e164
    given = (bool(contact.email), SMS in addresses, bool(contact.phone))
    return Person(contact.name, Reach(contact.reach_via, EMAIL in addresses, *given), addresses)


async def send_out(delivery: Delivery, assignment: Assignment, last_look: LastLook) -> Sending:
    """How it ended, and which way it went. `last_look` is asked once, just before it may leave."""
    message = assignment.message
    try:
        contact = await delivery.contacts.look_up(message.partner_id, message.pid)
    except ContactsAway:
        if message.channel == PHONE and not message.doubts:
            return ToCall(PHONE, NOT_OUT, phase="planning"), Taken()
        return Retry("contact", CONTACTS_AWAY, trouble=REGISTRATION), Taken(message.channel)
    who = person(contact) if contact else Person(None, Reach(), {})
    known = await asyncio.to_thread(known_addresses, delivery.engine, message.pid, _comparable(who))
    way = choose(who.reach if contact else None, message, known.refused, sms=delivery.sms is not None)
    if not isinstance(way, Way):
        return way, Taken()
    taken = Taken(way.channel, way.then, known.hashes[way.channel])
    if way.channel != message.channel and not await asyncio.to_thread(_take, delivery.engine, assignment, way.channel):
        return LetGo(), taken
    if way.channel == SMS and delivery.sms is not None:
        return await _by_sms(delivery.sms, assignment, who, last_look, taken)
    return await _by_mail(delivery, assignment, who, last_look), taken


def _comparable(who: Person) -> dict[str, str]:
    """Two ways to write an address are one address."""
    return {channel: address.casefold() for channel, address in who.addresses.items()}


def _take(engine: Engine, assignment: Assignment, channel: str) -> bool:
    with transaction(engine) as connection:
        return ways.take(connection, assignment.message, channel)


async def _by_sms(sender: SmsSender, assignment: Assignment, who: Person, last_look: LastLook, taken: Taken) -> Sending:
    """Asked about first where an earlier attempt went this way, so that nothing goes twice knowingly."""
    message = assignment.message
    try:
        text = sms_text(message.kind, assignment.signup, assignment.activity, assignment.known)
    except Exception as error:  # words that fail now fail the next time, too
        return _not_made(message.kind, error), taken
    before = message.channel == SMS and (message.doubts > 0 or message.attempts > 1)
    reply = await sender.send(TextMessage(message.id, who.addresses[SMS], text), last_look, ask_first=before)
    version = message.told_version if reply.earlier else None
    return reply.outcome, replace(taken, transport_ref=reply.reference, version=version)


async def _by_mail(delivery: Delivery, assignment: Assignment, who: Person, last_look: LastLook) -> Outcome:
    now, head, message = delivery.clock(), delivery.letterhead, assignment.message
    stop = await asyncio.to_thread(link, delivery.engine, message, head.public_url)
    try:
        text = words(message.kind, assignment.signup, assignment.activity, assignment.known)
        mail = _mail(head, assignment, Letter(who.addresses[EMAIL], who.name, text, stop), now)
    except Exception as error:  # a template that fails now fails the next time, too
        return _not_made(message.kind, error)
    return await delivery.sender.send(mail, last_look)


def _mail(head: Letterhead, assignment: Assignment, letter: Letter, now: datetime) -> Mail:
    message, signup, activity = assignment.message, assignment.signup, assignment.activity
    ics = None
    if carries_entry(message.kind, signup):
        ics = entry(signup, activity, head.domain, head.sender.addr_spec, letter.recipient, now)
    return compose(head, message.id, letter, now, ics=ics, lane=message.lane)


def _not_made(kind: str, error: Exception) -> Failed:
    """Our own fault, told to the operator without a word of the message."""
    _log.error("no message made", extra={"fields": {"kind": kind, "error": type(error).__name__}})
    return Failed("compose", "malformed" if isinstance(error, MalformedMail) else "template")
