"""The zone that the machine is set to changes nothing of what is planned, on either database."""

import os
import subprocess
import sys

import pytest

from services.notifications.app import MIGRATIONS
from tests.databases import DATABASES, migrated_on
from tests.servers import ROOT

_PLANS = """
import sys
from services.notifications.consumer import inbox
from services.notifications.domain.policy import Policy
from services.notifications.domain.times import offset
from shared.database import connect
from sqlalchemy import text
from tests.integration.notifications.story import EARLY, Story
from tests.integration.notifications.test_stream import body
from shared.messaging.cloud_event_format import Entry
story = Story()
events = [story.activity(), story.signup("s1"), story.signup("s2", "waitlisted"), story.signup("s3", role="volunteer")]
engine = connect(sys.argv[1])
policy = Policy(reminders=(offset("P1D"), offset("PT2H")))
inbox(engine, lambda: EARLY, policy).process([Entry(f"{e.sequence}-0", body(e)) for e in events])
from services.notifications.store.rows import MESSAGE_COLUMNS, message_table
from sqlalchemy import select
with engine.connect() as connection:
    for row in connection.execute(select(*MESSAGE_COLUMNS[1:]).order_by(message_table.c.dedup_key)):
        print([str(value) for value in row])
"""


def planned(url: str, zone: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _PLANS, url], env={**os.environ, "TZ": zone}, cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("kind", DATABASES)
def test_f17_new_york_and_utc_plan_identical_rows(request: pytest.FixtureRequest, kind: str) -> None:
    found = []
    for zone in ("America/New_York", "UTC"):
        with migrated_on(request, kind).url(MIGRATIONS) as url:
            found.append(planned(url, zone))
    assert found[0].count("\n") == 7
    assert found[0] == found[1]
