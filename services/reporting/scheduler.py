"""The timer of publications: looks once a minute whether the day has come."""

import asyncio
import logging
from contextlib import suppress

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.reporting.usecases.publishing import Publisher
from services.reporting.usecases.publishing_turns import publish_if_due
from shared.clock import Clock
from shared.errors import Refusal

_EVERY = 60.0
_log = logging.getLogger(__name__)


class PublishingTimer:
    """Publishes on a day of the month (`REPORTING_PUBLISH_DAY`), 0: never.

    Any number of processes may run one over the same database; a day that all of them missed is made up for.
    """

    def __init__(self, engine: Engine, publisher: Publisher, day: int, clock: Clock, every: float = _EVERY) -> None:
        self._engine, self._publisher, self._day = engine, publisher, day
        self._clock, self._every = clock, every
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Look until stopped; what fails is tried again at the next look."""
        while self._day and not self._stopping.is_set():
            await self._look()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._every)

    async def stop(self) -> None:
        """Look no more; a publication that is being made is finished."""
        self._stopping.set()

    async def _look(self) -> None:
        try:
            made = await asyncio.to_thread(publish_if_due, self._engine, self._publisher, self._day, self._clock())
        except (SQLAlchemyError, Refusal) as error:
            _log.warning("nothing was published", extra={"fields": {"error": type(error).__name__}})
        except Exception:  # a defect must not end the timer for good
            _log.exception("a look of the timer broke off")
        else:
            for publication in made:
                _log.info("published", extra={"fields": {"publication": str(publication.id)}})
