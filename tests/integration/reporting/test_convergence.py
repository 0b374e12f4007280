"""The same end, whatever the order in which events come and however often."""

from itertools import pairwise, permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from services.reporting.store.projections import PROJECTIONS
from shared.events.envelope import StreamEvent
from shared.events.streams import EVENT_CLASSES
from tests.examples import examples
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.story import Story, side_by_side


def everything_twice() -> list[StreamEvent]:
    """One of each type, most of them in several versions, and an erasure in the middle."""
    story = Story()
    story.partner("avedan")
    story.partner("avedan", left="2025-01-31")
    story.activity("avedan/one", kind="walk")
    story.signup("avedan/s1", "avedan/one", "anna", "waitlisted")
    story.signup("avedan/s1", "avedan/one", "anna", "confirmed")
    story.attendance("avedan/one", "anna")
    story.attendance("avedan/one", "anna", "absent")
    story.attendance("avedan/one", "ben")
    story.heads("avedan/one", 36)
    story.heads("avedan/one", 63)
    story.volunteer("avedan/v1", "anna", "2024-01-01")
    story.volunteer("avedan/v1", "anna", "2024-01-01", "2024-06-30")
    story.member("avedan/m1", "2024-02-01")
    story.outreach("avedan/o1", quantity=3)
    story.erase("anna", "token-1")
    story.activity("avedan/one", kind="visit")
    story.activity("avedan/two")
    story.crowd("avedan/two", "anna")
    story.signup("avedan/s2", "avedan/two", "anna", "withdrawn")
    story.member("avedan/m1", "2024-02-01", "2024-11-30")
    story.outreach("avedan/o1", quantity=5)
    return story.events


@pytest.mark.parametrize("batches", [2, 6])
def test_c04_every_order_of_an_activity_that_changes_and_an_attendance_that_is_corrected(
    ledger: Ledger, batches: int
) -> None:
    """720 orders, each of an activity and a person of its own; every person ends at a visit."""
    story, orders = Story(), []
    for number, order in enumerate(permutations(range(6))):
        ref, who = f"avedan/a{number}", f"pid-{number}"
        story.activity(ref, kind="walk")
        story.signup(f"avedan/s{number}", ref, who)
        for outcome in ("present", "absent", "present"):
            story.attendance(ref, who, outcome)
        story.activity(ref, kind="visit")
        orders.append([story.events[place - 6] for place in order])
    for batch in side_by_side(orders, batches):
        ledger.take(batch)
    assert ledger.by("participants", "kind") == {"visit": 720}
    assert set(ledger.by("participants", "activity").values()) == {1}
    assert len(ledger.by("participants", "activity")) == 720


def test_any_order_any_repetition_any_batches(shared_engine: Engine) -> None:
    ledger, events = Ledger(shared_engine), everything_twice()
    ledger.forget_everything()
    expected = ledger.take(events).state()

    @settings(deadline=None, max_examples=examples(20, shared_engine))
    @given(seed=st.integers(0, 2**32), cuts=st.lists(st.integers(0, 44), max_size=6))
    def holds(seed: int, cuts: list[int]) -> None:
        chance = Random(seed)  # noqa: S311  -- a shuffle is no secret
        shuffled = events + chance.sample(events, len(events) // 2)
        chance.shuffle(shuffled)
        ledger.forget_everything()
        for start, end in pairwise(sorted({0, *cuts, len(shuffled)})):
            ledger.take(shuffled[start:end])
        assert ledger.state() == expected

    holds()


def test_c03_a_batch_that_repeats_itself_counts_once(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/one")
    story.crowd("avedan/one", "anna")
    ledger.take(story.events * 5)
    ledger.take(story.events)
    assert ledger.total("attendances") == 1
    story.crowd("avedan/one", "anna")
    ledger.hear(story)
    assert ledger.total("attendances") == 1, "the same fact as another event"


def test_every_type_of_the_stream_has_its_place() -> None:
    names = {name.split(".")[2] for name in EVENT_CLASSES}
    assert set(PROJECTIONS) == names - {"participant-erased"}
