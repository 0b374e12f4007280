"""The composition root: settings -> engine, consumer, scheduler, sender, routes; nothing else builds anything."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import Engine

from services.notifications.api.completeness import completeness_routes
from services.notifications.api.lists import ListDesk, list_routes
from services.notifications.api.messages import message_routes
from services.notifications.api.outcomes import outcome_routes
from services.notifications.api.receipts import receipt_routes
from services.notifications.api.unsubscribe import unsubscribe_routes
from services.notifications.consumer import inbox, stream_consumer
from services.notifications.contacts import ContactClient
from services.notifications.domain.policy import Policy
from services.notifications.domain.times import offset, quiet_hours
from services.notifications.scheduler import Scheduler
from services.notifications.senders.breaker import Breakers
from services.notifications.senders.mail import letterhead
from services.notifications.senders.mailbox import MailboxSender
from services.notifications.senders.pace import Pace
from services.notifications.senders.sender import Sender
from services.notifications.senders.sms import SmsSender
from services.notifications.senders.sms_account import sms_account
from services.notifications.senders.smtp import SmtpSender, mail_server
from services.notifications.settings import Settings
from services.notifications.timekeeper import Timekeeper
from services.notifications.upkeep import Upkeep
from services.notifications.usecases.calling import CallDesk
from services.notifications.usecases.delivering import Delivery
from services.notifications.usecases.rebuilding import rebuildable
from services.notifications.withdrawals import WithdrawalClient
from shared.clock import Clock
from shared.database import connect, upgrade
from shared.http.application import Lifespan, create_app
from shared.http.health import CheckFunction, database_check
from shared.http.key_routes import key_routes
from shared.http.keys import Keyring
from shared.messaging.log_client import LogClient
from shared.messaging.subscription import StreamConsumer
from shared.observability import Check
from shared.operators.certainty import Certainty
from shared.operators.dead_letter_box import DeadLetterBox
from shared.operators.dead_letter_routes import dead_letter_routes
from shared.operators.rebuild_routes import rebuild_routes
from shared.operators.rebuild_work import Live
from shared.operators.rebuilding import Rebuilder

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations" / "notifications"


def build(settings: Settings, clock: Clock | None = None) -> FastAPI:
    """The service, ready to be served; its database is brought up to date when it starts.

    `clock`: without one the database's, as Timekeeper reads it.

    ValueError for reminders, quiet hours, a sender, an address, a mail server or an SMS provider that cannot be read.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    engine, policy = connect(settings.database_url), policy_of(settings)
    timekeeper = Timekeeper(engine)
    clock = clock or timekeeper
    head = letterhead(settings.sender, settings.public_url)
    keyring = Keyring(engine, settings.admin_key, settings.service_key, clock, per_minute=settings.rate_limit)
    contacts = ContactClient(settings.registration_url, settings.service_key)
    sms = _sms(settings)
    delivery = Delivery(engine, policy, clock, contacts, sender_of(settings, head.domain), head, sms)
    scheduler = Scheduler(delivery, breakers=Breakers())
    upkeep = Upkeep(engine, policy, clock, contacts, scheduler.wake)
    withdrawals = WithdrawalClient(settings.registration_url, settings.service_key)
    log = LogClient(settings.registration_url, settings.service_key)
    entries = inbox(engine, clock, policy)
    consumer = stream_consumer(entries, settings.redis_url, log, settings.port, scheduler.wake)
    rebuilder = Rebuilder(Live(engine, entries), rebuildable(clock, policy), log, settings.data, clock)
    return create_app(
        title="KomErbij berichten",
        description="Wat aan wie is verteld, wanneer, en waarom niet.",
        contact=settings.api_contact,
        cors_origins=settings.cors_origins,
        keyring=keyring,
        routers=(
            message_routes(engine, keyring, head.domain),
            receipt_routes(engine, keyring, head.domain, policy, clock),
            list_routes(ListDesk(engine, policy, clock, contacts, head.sender.display_name or head.domain), keyring),
            outcome_routes(CallDesk(engine, policy, clock, withdrawals), keyring, head.domain),
            completeness_routes(engine, keyring, policy, clock),
            unsubscribe_routes(engine, policy, clock),
            key_routes(keyring),
            rebuild_routes(rebuilder, keyring),
            dead_letter_routes(DeadLetterBox(entries, log), keyring, scheduler.wake),
        ),
        checks={
            "database": database_check(engine),
            "consumer": _consumer_check(consumer),
            "scheduler": scheduler.check,
        },
        lifespan=_lifespan(
            engine,
            timekeeper,
            (consumer, scheduler, upkeep, Certainty(engine, rebuilder)),
            rebuilder,
            [contacts, withdrawals, *([sms] if sms else [])],
        ),
    )


def policy_of(settings: Settings) -> Policy:
    """The operator's choices, read; ValueError names the one that cannot be. A moment that is written twice is one."""
    given = [offset(part.strip()) for part in settings.reminders.split(",") if part.strip()]
    reminders = {(one.days, one.elapsed): one for one in given}
    return Policy(reminders=tuple(reminders.values()), quiet=quiet_hours(settings.quiet_hours))


def sender_of(settings: Settings, domain: str) -> Sender:
    """The mail server, at the operator's pace, or the mailbox folder; ValueError for an address that cannot be read."""
    if settings.smtp_url:
        pace = Pace(settings.mails_per_second) if settings.mails_per_second else None
        return SmtpSender(mail_server(settings.smtp_url), domain, pace=pace)
    return MailboxSender(settings.data / "mailbox")


def _sms(settings: Settings) -> SmsSender | None:
    account = sms_account(settings.sms_url, settings.sms_key)
    return SmsSender(account) if account else None


def _lifespan(
    engine: Engine,
    timekeeper: Timekeeper,
    others: tuple[StreamConsumer, Scheduler, Upkeep, Certainty],
    rebuilder: Rebuilder,
    clients: Sequence[ContactClient | WithdrawalClient | SmsSender],
) -> Lifespan:
    workers = (timekeeper, *others)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(upgrade, engine, MIGRATIONS)
        await asyncio.to_thread(timekeeper.follow)
        running = [asyncio.create_task(worker.run()) for worker in workers]
        try:
            yield
        finally:
            for worker in (*workers, rebuilder):
                await worker.stop()
            await asyncio.gather(*running)
            for client in clients:
                await client.close()
            engine.dispose()

    return lifespan


def _consumer_check(consumer: StreamConsumer) -> CheckFunction:
    async def check() -> Check:
        return consumer.check()

    return check
