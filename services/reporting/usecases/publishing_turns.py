"""The monthly turn of the timer: the current year, and the last one where it closed or changed (contract section 5)."""

import logging
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import Engine

from services.reporting.domain.periods import bucket
from services.reporting.domain.publication.records import Publication
from services.reporting.domain.publication.timing import last_due
from services.reporting.store.position import one_moment
from services.reporting.store.publications import latest, stored_sheet, stored_tables, take_turn, turn_is_done
from services.reporting.usecases.publishing import Draft, Publisher, keep
from shared.clock import local_date
from shared.database import reading, transaction
from shared.errors import Refusal

_log: Final = logging.getLogger(__name__)


def publish_if_due(engine: Engine, publisher: Publisher, day: int, now: datetime) -> Sequence[Publication]:
    """What was published now: nothing where that day of the month was done, by whichever process.

    A day that was missed is made up for. A service that never heard of any fact waits until it has.
    """
    due = last_due(local_date(now), day)
    with reading(engine) as connection:
        if not one_moment(connection) or turn_is_done(connection, due):
            return ()
    with publisher.alone():
        drafts = list(_drafts(engine, publisher, now))
        with transaction(engine) as connection:
            if not take_turn(connection, due, now):
                return ()
            for draft in drafts:
                if not keep(connection, draft, now):
                    raise Refusal("lock-timeout", "somebody else published meanwhile")
    return [draft.publication(now) for draft in drafts]


def _drafts(engine: Engine, publisher: Publisher, now: datetime) -> Iterator[Draft]:
    """What there is to publish. A year that the auditor refuses is left out, and an operator hears of it."""
    this = local_date(now).year
    for year in (this - 1, this):
        try:
            draft = publisher.draft(bucket("year", date(year, 1, 1)), now)
        except Refusal as refusal:
            _log.error("a year was not published", extra={"fields": {"year": year, "reason": refusal.detail}})
            continue
        if year == this or _is_news(engine, draft):
            yield draft


def _is_news(engine: Engine, draft: Draft) -> bool:
    """Never published and not empty, closed since, or other bytes than last time."""
    year, contents = draft.id.period, draft.contents
    with reading(engine) as connection:
        last = latest(connection, year)
        if last is None:
            return not contents.empty
        tables, sheet = stored_tables(connection, last.id), stored_sheet(connection, last.id)
    said = (last.closed, last.corrections_held, list(tables), sheet)
    return said != (contents.closed, contents.corrections_held, list(contents.tables), contents.sheet)
