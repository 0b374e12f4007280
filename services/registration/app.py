"""Composition root: settings -> engine, writer, relay, routes; nothing else builds anything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from services.registration.api.activities import activity_routes
from services.registration.api.audit import ReadAudit
from services.registration.api.code_lists import code_list_routes
from services.registration.api.events import event_routes
from services.registration.api.narrow_calls import narrow_routes
from services.registration.api.partners import partner_routes
from services.registration.api.presence import presence_routes
from services.registration.api.reads import read_routes
from services.registration.api.retention import retention_routes
from services.registration.api.signups import signup_routes
from services.registration.relay.loop import Relay
from services.registration.scheduler import Scheduler
from services.registration.schemas.event_bodies import event_schemas
from services.registration.settings import Settings
from services.registration.usecases.remembering import Remembering
from services.registration.writer.door import WriteDoor
from services.registration.writer.group_commit import GroupCommit
from shared.clock import Clock, utc_now
from shared.database import connect, upgrade
from shared.http.application import create_app
from shared.http.health import database_check
from shared.http.key_routes import key_routes
from shared.http.keys import Keyring
from shared.observability import Check

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations" / "registration"


def build(settings: Settings, clock: Clock = utc_now) -> FastAPI:
    """The service, ready to be served; its tasks live as long as the application."""
    settings.data.mkdir(parents=True, exist_ok=True)
    engine = connect(settings.database_url)
    keyring = Keyring(engine, settings.admin_key, settings.service_key, clock, per_minute=settings.rate_limit)
    relay = Relay(engine, settings.redis_url)
    key = settings.person_key.encode()
    remembering = Remembering(engine, key, clock, settings.data / "registration-erasures.jsonl")
    scheduler = Scheduler(engine, clock, settings.contact_retention_days, remembering)
    writer = GroupCommit(engine, key, clock, relay.wake, remembering.after)
    audit = ReadAudit(engine, clock, writer.in_turn)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(upgrade, engine, MIGRATIONS)
        await asyncio.to_thread(remembering.at_start)  # before anybody reads or sends what a restored backup holds
        tasks = [asyncio.create_task(writer.run()), asyncio.create_task(relay.run())]
        retention = asyncio.create_task(scheduler.run())
        try:
            yield
        finally:
            scheduler.stop()
            for task in tasks:
                await end(task)
            await retention
            await relay.close()
            engine.dispose()

    async def redis() -> Check:
        return relay.check()

    return create_app(
        title="KomErbij aanmelden",
        description="Partners vertellen hier wat er gebeurt, als CloudEvents. Ook het logboek, en wat er te doen is.",
        contact=settings.api_contact,
        cors_origins=settings.cors_origins,
        keyring=keyring,
        routers=(
            event_routes(WriteDoor(writer, key, clock), keyring),
            partner_routes(engine, keyring, clock, relay.wake),
            key_routes(keyring),
            activity_routes(engine),
            signup_routes(engine, keyring, audit),
            presence_routes(engine, keyring, audit),
            read_routes(engine, keyring),
            retention_routes(scheduler.standing, keyring),
            narrow_routes(engine, keyring, audit),
            code_list_routes(),
        ),
        checks={"database": database_check(engine), "redis": redis, "retention": scheduler.check},
        lifespan=lifespan,
        schemas=event_schemas(),
    )


async def end(task: asyncio.Task[None]) -> None:
    """Cancel until it has ended: on Python 3.11 redis-py (through `wait_for`) may swallow a cancellation."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.5)
