"""Four real processes over one database, a crowd of due reminders: each goes to one process, and out once."""

import email
import os
import resource
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from services.notifications.tables import MessageAttemptRow, MessageRow
from shared.database import reading, table_of
from tests.integration.notifications.crowd import due_reminders
from tests.integration.notifications.mail_servers import Moody
from tests.integration.notifications.registration import ContactServer
from tests.integration.notifications.worker import Job, outcomes, working

PROCESSES = 4
CLAIMED = int(os.environ.get("KOMERBIJ_TEST_LOAD", "1000"))
SENT = int(os.environ.get("KOMERBIJ_TEST_LOAD", "120"))
"""In `make test` a part, that takes seconds; `KOMERBIJ_TEST_LOAD=20000` is a whole town's reminders at once."""
PATIENCE = 60 + CLAIMED / 10
"""Seconds: on a machine that does other work, too."""
pytestmark = pytest.mark.timeout(240 + 2 * PATIENCE)
_m, _a = table_of(MessageRow).c, table_of(MessageAttemptRow).c


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def tomorrow() -> datetime:
    """The start whose reminder was due an hour ago."""
    return datetime.now(UTC) + timedelta(hours=23)


@contextmanager
def figures(what: str, count: int) -> Iterator[None]:
    """Printed for a run by hand (`-s`): how long, and what of the processors it took here (the servers) and there."""
    before, started = _processor_seconds(), time.perf_counter()
    yield
    took, after = time.perf_counter() - started, _processor_seconds()
    here, there = (1000 * (now - then) / count for now, then in zip(after, before, strict=True))
    print(f"{what}: {count} in {took:.1f} s, {count / took:.0f}/s; processor ms each: {there:.1f}, servers {here:.1f}")  # noqa: T201  -- the figures of a run by hand


def _processor_seconds() -> tuple[float, float]:
    """Of this process, and of all that it started and that ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    here, there = (used.ru_utime + used.ru_stime for used in both)
    return here, there


def statuses(engine: Engine) -> dict[str, int]:
    """Of the reminders."""
    with reading(engine) as connection:
        found = connection.execute(select(_m.status, func.count()).where(_m.kind == "reminder").group_by(_m.status))
        return {row[0]: row[1] for row in found}


def test_f03_four_processes_claim_every_due_row_once(engine: Engine) -> None:
    due_reminders(engine, CLAIMED, tomorrow())
    job = Job(url_of(engine), hands=50, lease_seconds=PATIENCE)
    with figures(f"claimed, {engine.dialect.name}", CLAIMED), working(job, PROCESSES) as processes:
        claimed = outcomes(processes, PATIENCE)
    every = [message for one in claimed for message in one]
    assert len(every) == len(set(every)) == CLAIMED
    assert statuses(engine) == {"sending": CLAIMED}


def test_f03_four_processes_send_every_reminder_once(engine: Engine, contacts: ContactServer) -> None:
    due_reminders(engine, SENT, tomorrow())
    with Moody() as moody, figures(f"sent, {engine.dialect.name}", SENT):
        job = Job(url_of(engine), moody.port, contacts.url, hands=8)
        with working(job, PROCESSES) as processes:
            outcomes(processes, PATIENCE)
    mails = Counter(str(email.message_from_bytes(mail)["To"]) for mail in moody.mails)
    assert len(mails) == SENT
    assert set(mails.values()) == {1}
    assert statuses(engine) == {"sent": SENT}


def test_f03_a_lease_shorter_than_the_send_is_lost_and_no_row_with_it(engine: Engine, contacts: ContactServer) -> None:
    due_reminders(engine, 12, tomorrow())
    with Moody({"data": "hang"}, stores_first=True) as moody:
        job = Job(url_of(engine), moody.port, contacts.url, lease_seconds=0.7)
        with working(job, PROCESSES) as processes:
            outcomes(processes, PATIENCE)
        mails = Counter(str(email.message_from_bytes(mail)["Message-ID"]) for mail in moody.mails)
    with reading(engine) as connection:
        lost = connection.execute(select(func.count()).where(_a.detail.startswith("lease-lost"))).scalar_one()
    assert lost > 0
    assert set(mails.values()) == {1}
    assert statuses(engine) == {"sent": 12}, "the answers that came late say so"
