"""Whose clock counts: PostgreSQL's for every process over it; on SQLite they share a machine, and with it a clock."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import Popen

import httpx
import pytest
import time_machine
from aiosmtpd.smtp import SMTP
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from services.notifications.app import MIGRATIONS, build
from services.notifications.senders.mailbox import MailboxSender
from services.notifications.timekeeper import Timekeeper
from shared.clock import utc_now
from shared.database import connect
from tests.databases import migrated_on
from tests.integration.notifications.crowd import due_reminders
from tests.integration.notifications.mail_servers import Moody
from tests.integration.notifications.off_clock import READY, Place, working
from tests.integration.notifications.registration import ContactServer
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import EARLY
from tests.integration.notifications.test_app import settings
from tests.servers import ADMIN, eventually, free_port

OFF = timedelta(minutes=5)
HANDS, MANY = 4, 8
PATIENCE = 30.0


@pytest.fixture(name="postgres")
def postgres_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """On SQLite there is nothing to differ: all processes over a file have the clock of their machine."""
    with migrated_on(request, "postgresql").engine(MIGRATIONS) as engine:
        yield engine


@dataclass
class Watchful(Moody):
    """Notes when it hears RCPT; answers none before two processes wait for it, and each had time to see the other's."""

    heard: list[datetime] = field(default_factory=list)

    async def reply(self, server: SMTP, phase: str, normal: str) -> str:
        if phase == "rcpt":
            self.heard.append(datetime.now(UTC))
            while len(self.heard) <= HANDS:
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.5)
        return await super().reply(server, phase, normal)


def sent_by(process: Popen[str]) -> set[str]:
    """What it began to send; it is told to stop."""
    return set(process.communicate(timeout=PATIENCE)[0].split())


def test_f19_with_one_clock_ahead_and_one_behind_nothing_is_early_and_nothing_twice(
    postgres: Engine, contacts: ContactServer, tmp_path: Path
) -> None:
    """Five minutes are more than a lease: by its own clock the one ahead would take away what the other is sending."""
    rig = Rig(postgres, MailboxSender(tmp_path), contacts)
    moody = Watchful()
    with moody:
        place = Place(postgres.url.render_as_string(hide_password=False), moody.port, contacts.url)
        with working(place.off_by(OFF)) as ahead, working(place.off_by(-OFF)) as behind:
            for process in (ahead, behind):
                assert process.stdout
                assert process.stdout.readline().strip() == READY
            due = datetime.now(UTC) + timedelta(seconds=1.0)
            due_reminders(postgres, MANY, due + timedelta(days=1))
            eventually(lambda: len(rig.rows(kind="reminder", status="sent")) == MANY, PATIENCE, "all are sent")
            first, second = sent_by(ahead), sent_by(behind)
    rows = rig.rows(kind="reminder")
    assert min(moody.heard) >= due
    assert (len(moody.mails), {row["attempts"] for row in rows}) == (MANY, {1})
    assert {len(first), len(second)} == {HANDS}
    assert first | second == {row["id"] for row in rows}
    assert all(due <= row["sent_at"] <= datetime.now(UTC) for row in rows)


def test_on_postgresql_a_machine_that_is_wrong_and_set_right_meanwhile_moves_nothing(postgres: Engine) -> None:
    with time_machine.travel(utc_now() + OFF) as own:
        clock = Timekeeper(postgres)
        clock.follow()
        with postgres.connect() as connection:
            theirs = connection.execute(text("select clock_timestamp()")).scalar_one()
        assert abs(clock() - theirs) < timedelta(seconds=5)
        before = clock()
        own.shift(-2 * OFF)
        assert timedelta() <= clock() - before < timedelta(seconds=5)


def test_on_postgresql_the_clock_goes_by_the_stopwatch_between_two_readings(postgres: Engine) -> None:
    seconds = [10.0]
    clock = Timekeeper(postgres, stopwatch=lambda: seconds[0])
    clock.follow()
    before = clock()
    seconds[0] += 90
    assert clock() - before == timedelta(seconds=90)


def test_on_postgresql_a_slow_answer_puts_the_clock_behind_the_database_s_and_never_ahead(postgres: Engine) -> None:
    seconds = [10.0]

    def slowly(*_statement: object) -> None:
        seconds[0] += 60

    event.listen(postgres, "before_cursor_execute", slowly)
    event.listen(postgres, "after_cursor_execute", slowly)
    clock = Timekeeper(postgres, stopwatch=lambda: seconds[0])
    clock.follow()
    ours = clock()
    with postgres.connect() as connection:
        assert ours <= connection.execute(text("select clock_timestamp()")).scalar_one()


@pytest.mark.parametrize("given", [None, EARLY])
async def test_the_service_goes_by_the_database_s_clock_unless_it_is_given_one(
    postgres: Engine, tmp_path: Path, redis_url: str, given: datetime | None
) -> None:
    url = postgres.url.render_as_string(hide_password=False)
    chosen = settings(tmp_path, KOMERBIJ_REDIS_URL=redis_url, NOTIFICATIONS_DATABASE_URL=url)
    now = utc_now()
    with time_machine.travel(now + OFF):
        app = build(chosen, (lambda: given) if given else None)
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
        async with app.router.lifespan_context(app), http:
            key = {"scopes": ["messages:read"], "label": "any"}
            await http.post("/v1/keys", headers=ADMIN, json=key)
            [made] = (await http.get("/v1/keys", headers=ADMIN)).json()["items"]
    assert (given or now) <= datetime.fromisoformat(made["createdAt"]) <= (given or now + OFF / 5)


def test_on_sqlite_the_clock_is_the_machine_s(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'any.db'}")
    clock = Timekeeper(engine)
    clock.follow()
    with time_machine.travel(utc_now() + OFF, tick=False):
        assert clock() == utc_now()
    engine.dispose()


async def test_a_wrong_clock_is_told_to_the_operator(postgres: Engine, caplog: pytest.LogCaptureFixture) -> None:
    Timekeeper(postgres).follow()
    assert caplog.records == []
    with time_machine.travel(utc_now() + OFF):
        Timekeeper(postgres).follow()
    [record] = caplog.records
    assert record.__dict__["fields"] == {"seconds": 300}


async def test_the_clock_is_followed_again_and_again_and_a_database_that_is_away_ends_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    engine = connect(f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    clock = Timekeeper(engine, every=0.01)
    with pytest.raises(SQLAlchemyError):
        clock.follow()
    running = asyncio.create_task(clock.run())
    deadline = time.monotonic() + PATIENCE
    while len(caplog.records) < 2 and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    await clock.stop()
    await running
    assert {record.message for record in caplog.records} == {"the database's clock was not read"}
    assert len(caplog.records) >= 2
    engine.dispose()
