"""The zone that the machine is set to changes nothing of what is planned, on either database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from sqlalchemy import select

from services.notifications.app import MIGRATIONS
from services.notifications.consumer import inbox
from services.notifications.domain.policy import Policy
from services.notifications.domain.times import offset
from services.notifications.store.rows import MESSAGE_COLUMNS, message_table
from shared.database import connect, reading
from shared.messaging.cloud_event_format import Entry
from tests.databases import DATABASES, migrated_on
from tests.integration.notifications.story import EARLY, Story
from tests.integration.notifications.test_stream import body

_POLICY = Policy(reminders=(offset("P1D"), offset("PT2H")))


@contextmanager
def machine_in(zone: str, hours: int) -> Iterator[None]:
    """This process as if it ran on a machine of that zone, so many hours from UTC in winter."""
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("TZ", zone)
        time.tzset()
        ahead = datetime(2026, 1, 1).astimezone().utcoffset()
        assert ahead is not None
        assert ahead.total_seconds() == hours * 3600
        yield
    time.tzset()


def planned(url: str) -> list[str]:
    """Every message that becomes of a small story, as text."""
    story = Story()
    events = [
        story.activity(),
        *(story.signup("s1"), story.signup("s2", "waitlisted"), story.signup("s3", role="volunteer")),
    ]
    engine = connect(url)
    inbox(engine, lambda: EARLY, _POLICY).process([Entry(f"{e.sequence}-0", body(e)) for e in events])
    with reading(engine) as connection:
        rows = connection.execute(select(*MESSAGE_COLUMNS[1:]).order_by(message_table.c.dedup_key)).all()
    engine.dispose()
    return [str([str(value) for value in row]) for row in rows]


@pytest.mark.parametrize("kind", DATABASES)
def test_f17_new_york_and_utc_plan_identical_rows(request: pytest.FixtureRequest, kind: str) -> None:
    found = []
    for zone, hours in (("America/New_York", -5), ("UTC", 0)):
        with migrated_on(request, kind).url(MIGRATIONS) as url, machine_in(zone, hours):
            found.append(planned(url))
    assert len(found[0]) == 7
    assert found[0] == found[1]
