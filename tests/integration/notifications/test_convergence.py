"""Any order, any repetition of the same events leaves the same messages."""

import random
import shutil
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notifications.app import MIGRATIONS
from services.notifications.senders.mailbox import MailboxSender
from shared.database import connect, upgrade
from shared.events.envelope import StreamEvent
from tests.examples import examples
from tests.integration.notifications.registration import ContactServer
from tests.integration.notifications.rig import Rig
from tests.integration.notifications.story import EARLY, START, Story

_IDENTITY = ("id", "generation", "created_at", "lane")


def moved_and_renamed() -> Story:
    story = Story()
    story.activity()
    story.signup("s1")
    story.signup("s2", "waitlisted")
    story.activity(starts_at=START + timedelta(days=1))
    story.signup("s3", role="volunteer", reminders=False)
    story.activity(title="Grote bingo", at=EARLY + timedelta(days=2))
    story.signup("s2", "promoted", at=EARLY + timedelta(days=3))
    return story


def cancelled_and_withdrawn() -> Story:
    story = Story()
    story.activity()
    story.signup("s1")
    story.signup("s2", "waitlisted")
    story.signup("s1", "withdrawn")
    story.signup("s2", "promoted")
    story.cancelled(at=EARLY + timedelta(days=1))
    return story


def restored_at_another_time() -> Story:
    story = Story()
    story.activity()
    story.signup("s1")
    story.cancelled()
    story.activity(starts_at=START + timedelta(days=3))
    story.signup("s2")
    return story


def moved_sooner_than_its_reminder() -> Story:
    story = Story()
    story.activity()
    story.signup("s1")
    sooner = START - timedelta(days=5)
    story.activity(starts_at=sooner, at=sooner - timedelta(hours=4))
    return story


STORIES = (moved_and_renamed, cancelled_and_withdrawn, restored_at_another_time, moved_sooner_than_its_reminder)


def lasting(rig: Rig) -> list[dict[str, Any]]:
    """What counts of the rows: not their ids, and not a change or cancellation that was called off before it left."""
    rows = [{name: value for name, value in row.items() if name not in _IDENTITY} for row in rig.rows()]
    return [r for r in rows if r["kind"] not in ("change", "cancellation") or r["status"] != "cancelled"]


@pytest.fixture(name="applied")
def applied_to_a_fresh_database(tmp_path: Path, contacts: ContactServer) -> Callable[..., list[dict[str, Any]]]:
    template, path = tmp_path / "template.db", tmp_path / "used.db"
    engine = connect(f"sqlite:///{template}")
    upgrade(engine, MIGRATIONS)
    engine.dispose()

    def applied(events: Sequence[StreamEvent], batch: int = 1) -> list[dict[str, Any]]:
        shutil.copy(template, path)
        engine = connect(f"sqlite:///{path}")
        rig = Rig(engine, MailboxSender(tmp_path), contacts)
        for start in range(0, len(events), batch):
            rig.apply(*events[start : start + batch])
        rows = lasting(rig)
        engine.dispose()
        return rows

    return applied


@pytest.mark.parametrize("tell", STORIES)
@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), batch=st.sampled_from((1, 2, 3, 100)))
def test_f11_the_order_of_events_does_not_matter(
    applied: Callable[..., list[dict[str, Any]]], tell: Callable[[], Story], seed: int, batch: int
) -> None:
    events = tell().events
    shuffled = [*events, *events]
    random.Random(seed).shuffle(shuffled)  # noqa: S311  -- an order, no secret
    assert applied(shuffled, batch) == applied(events)


def test_f11_a_signup_that_comes_before_its_activity_waits_for_it(rig: Rig, story: Story) -> None:
    scheduled = story.activity()
    rig.apply(story.signup())
    assert rig.rows() == []
    rig.apply(scheduled)
    assert sorted(row["kind"] for row in rig.rows()) == ["confirmation", "reminder"]
