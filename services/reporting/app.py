"""The composition root: settings -> engine, consumer, routes; nothing else builds anything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import Engine

from services.reporting.api.external_figures import external_figure_routes
from services.reporting.api.fact_sheets import fact_sheet_routes
from services.reporting.api.indicators import indicator_routes
from services.reporting.api.live_figures import live_routes
from services.reporting.api.public_statistics import public_statistics_routes
from services.reporting.api.publications import publication_routes
from services.reporting.api.statistics import statistics_routes
from services.reporting.api.stream import stream_routes, watch_of
from services.reporting.consumer import inbox, stream_consumer
from services.reporting.scheduler import PublishingTimer
from services.reporting.settings import Settings
from services.reporting.usecases.adding_up import add_up
from services.reporting.usecases.publishing import Publisher
from services.reporting.usecases.rebuilding import rebuildable
from shared.clock import utc_now
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

MIGRATIONS = Path(__file__).parents[2] / "migrations" / "reporting"


def build(settings: Settings) -> FastAPI:
    """The service, ready to be served; its database is brought up to date when it starts.

    `state.before_the_end` is to be called as soon as the server is told to stop: it ends answers that go on.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    engine = connect(settings.database_url)
    keyring = Keyring(engine, settings.admin_key, settings.service_key, utc_now, per_minute=settings.rate_limit)
    log = LogClient(settings.registration_url, settings.service_key)
    entries = inbox(engine, utc_now)
    consumer = stream_consumer(entries, settings.redis_url, log, settings.port)
    rebuilder = Rebuilder(Live(engine, entries), rebuildable(), log, settings.data, utc_now)
    publisher = Publisher(engine, utc_now)
    timer = PublishingTimer(engine, publisher, settings.publish_day, utc_now)
    watch = watch_of(engine, keyring, settings.live_connections)
    app = create_app(
        title="KomErbij cijfers",
        description="Cijfers en het cijferblad van de coalitie, zonder persoonsgegevens.",
        contact=settings.api_contact,
        cors_origins=settings.cors_origins,
        keyring=keyring,
        routers=(
            indicator_routes(),
            statistics_routes(engine, keyring),
            stream_routes(keyring, watch),
            publication_routes(engine, publisher, keyring),
            public_statistics_routes(engine),
            fact_sheet_routes(engine, keyring),
            live_routes(),
            external_figure_routes(engine, keyring),
            key_routes(keyring),
            rebuild_routes(rebuilder, keyring),
            dead_letter_routes(DeadLetterBox(entries, log), keyring),
        ),
        checks={"database": database_check(engine), "consumer": _consumer_check(consumer)},
        lifespan=_lifespan(engine, consumer, Certainty(engine, rebuilder), rebuilder, timer),
    )
    app.state.before_the_end = watch.end
    return app


def _lifespan(
    engine: Engine, consumer: StreamConsumer, certainty: Certainty, rebuilder: Rebuilder, timer: PublishingTimer
) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(upgrade, engine, MIGRATIONS)
        await asyncio.to_thread(add_up, engine)
        running = [asyncio.create_task(part.run()) for part in (consumer, certainty, timer)]
        try:
            yield
        finally:
            for part in (timer, certainty, rebuilder, consumer):
                await part.stop()
            await asyncio.gather(*running)
            engine.dispose()

    return lifespan


def _consumer_check(consumer: StreamConsumer) -> CheckFunction:
    async def check() -> Check:
        return consumer.check()

    return check
