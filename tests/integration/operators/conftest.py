"""A real registration with a history, and consumers of its log on a database of their own."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, select, text

from services.notifications import app as notifications
from services.notifications.consumer import inbox as inbox_of_notifications
from services.notifications.domain.policy import Policy
from services.notifications.usecases.rebuilding import rebuildable as notifications_projections
from services.reporting import app as reporting
from services.reporting.consumer import inbox as inbox_of_reporting
from services.reporting.usecases.rebuilding import rebuildable as reporting_projections
from shared.database import reading, transaction
from shared.messaging.cloud_event_format import Entry
from shared.messaging.inbox import Inbox
from shared.operators.projections import Projections
from shared.operators.rebuild_work import Ended, EventLog, Live, Work
from tests.databases import DATABASES, migrated_on
from tests.e2e.programme import event, two_thousand
from tests.integration.registration.running import Registration, running_registration
from tests.servers import ADMIN

Row = dict[str, Any]


@dataclass
class History:
    """Registration, its log as a consumer reads it, and what a test makes happen between two pages."""

    registration: Registration
    page_size: int = 40
    before_page: Callable[[int], None] = lambda _after: None

    def page(self, after: int) -> Sequence[Entry]:
        self.before_page(after)
        answer = self.registration.http.get(
            "/v1/log", params={"after": after, "limit": self.page_size}, headers=ADMIN
        ).json()
        return [Entry(f"{item['sequence']}-0", orjson.dumps(item)) for item in answer["items"]]

    def head(self) -> int:
        head: int = self.registration.http.get("/v1/log", params={"limit": 1}, headers=ADMIN).json()["head"]
        return head

    def post(self, events: Sequence[Row]) -> None:
        results = self.registration.results(*events, key=ADMIN)
        assert {result["outcome"] for result in results} == {"accepted"}, results

    def erase(self, ref: str) -> None:
        now = self.registration.clock.now
        self.post([event("participant-erased", f"erase-{ref}-{self.head()}", now, {"participant": {"ref": ref}})])


@dataclass
class LiveConsumer:
    """A consumer's live database, as the stream would have filled it."""

    engine: Engine
    inbox: Inbox
    projections: Projections
    history: History
    folder: Path
    heard: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def follow(self) -> None:
        """Take in the log to its head."""
        while entries := self.history.page(self.inbox.watermark()):
            self.inbox.process(entries)

    def rebuild(self, *, replace: bool = False) -> Ended:
        log = EventLog(self.history.page, self.history.head)
        live = Live(self.engine, self.inbox)
        work = Work(live, self.projections, log, self.history.registration.clock, self.stop)
        try:
            return work.run(self.folder / "rebuild-test.db", replace=replace)
        finally:
            self.heard = work.events

    def everything(self) -> dict[str, list[Row]]:
        """Every row of every table, in the order of its key."""
        with reading(self.engine) as connection:
            return {
                name: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
                for name, table in self.projections.metadata.tables.items()
            }

    def rows(self, table: str) -> list[Row]:
        return self.everything()[table]

    def harm(self, statement: str) -> None:
        """Do to the database what no program of ours does; it must have hurt."""
        before = self.everything()
        with transaction(self.engine) as connection:
            connection.execute(text(statement))
        assert self.everything() != before


@pytest.fixture(name="history")
def fresh_history(tmp_path: Path) -> Iterator[History]:
    """About 170 events of a past and a coming programme."""
    (tmp_path / "registration").mkdir()
    with running_registration(tmp_path / "registration") as registration:
        history = History(registration)
        programme = two_thousand(registration.clock.now)
        history.post([e for e in programme if e["id"].startswith(("past-10", "past-11", "coming-1", "coming-2"))])
        yield history


def live_reporting(history: History, engine: Engine, folder: Path) -> LiveConsumer:
    entries = inbox_of_reporting(engine, history.registration.clock)
    return LiveConsumer(engine, entries, reporting_projections(), history, folder)


def live_notifications(history: History, engine: Engine, folder: Path) -> LiveConsumer:
    clock, policy = history.registration.clock, Policy()
    entries = inbox_of_notifications(engine, clock, policy)
    return LiveConsumer(engine, entries, notifications_projections(clock, policy), history, folder)


_LIVE = {
    "reporting": (reporting.MIGRATIONS, live_reporting),
    "notifications": (notifications.MIGRATIONS, live_notifications),
}


@pytest.fixture(name="kind", params=DATABASES)
def kind_of_database(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@contextmanager
def live(
    request: pytest.FixtureRequest, service: str, kind: str, history: History, folder: Path
) -> Iterator[LiveConsumer]:
    migrations, made = _LIVE[service]
    with migrated_on(request, kind).engine(migrations) as engine:
        yield made(history, engine, folder)


@pytest.fixture(name="consumer", params=list(_LIVE))
def either_consumer(
    request: pytest.FixtureRequest, kind: str, history: History, tmp_path: Path
) -> Iterator[LiveConsumer]:
    """Each of the two, on each database."""
    with live(request, request.param, kind, history, tmp_path) as found:
        yield found


@pytest.fixture(name="notifications")
def only_notifications(
    request: pytest.FixtureRequest, kind: str, history: History, tmp_path: Path
) -> Iterator[LiveConsumer]:
    with live(request, "notifications", kind, history, tmp_path) as found:
        yield found
