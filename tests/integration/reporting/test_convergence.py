"""The same end, whatever the order in which events come and however often."""

from itertools import pairwise, permutations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from services.reporting.store.projections import PROJECTIONS
from shared.events.envelope import StreamEvent
from shared.events.streams import EVENT_CLASSES
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.story import Story


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


def test_every_order_of_an_activity_that_changes_and_an_attendance_that_is_corrected(shared_engine: Engine) -> None:
    """C4: 720 orders; the person ends at the visit."""
    story, ledger = Story(), Ledger(shared_engine)
    story.activity("avedan/one", kind="walk")
    story.signup("avedan/s1", "avedan/one", "anna")
    for outcome in ("present", "absent", "present"):
        story.attendance("avedan/one", "anna", outcome)
    story.activity("avedan/one", kind="visit")
    ends = []
    for number, order in enumerate(permutations(story.events)):
        ledger.forget_everything()
        for batch in (order[: number % 6], order[number % 6 :]):
            ledger.take(batch)
        if (state := ledger.state()) not in ends:
            ends.append(state)
    assert len(ends) == 1
    assert ledger.by("participants", "kind") == {"visit": 1}


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32), cuts=st.lists(st.integers(0, 44), max_size=6))
def test_any_order_any_repetition_any_batches(shared_engine: Engine, seed: int, cuts: list[int]) -> None:
    ledger, events = Ledger(shared_engine), everything_twice()
    ledger.forget_everything()
    expected = ledger.take(events).state()

    chance = Random(seed)  # noqa: S311  -- a shuffle is no secret
    shuffled = events + chance.sample(events, len(events) // 2)
    chance.shuffle(shuffled)
    ledger.forget_everything()
    edges = sorted({0, *cuts, len(shuffled)})
    for start, end in pairwise(edges):
        ledger.take(shuffled[start:end])
    assert ledger.state() == expected


def test_a_batch_that_repeats_itself_counts_once(story: Story, ledger: Ledger) -> None:
    """C3."""
    story.activity("avedan/one")
    story.crowd("avedan/one", "anna")
    ledger.take(story.events * 5)
    ledger.take(story.events)
    assert ledger.total("attendances") == 1


def test_every_type_of_the_stream_has_its_place() -> None:
    names = {name.split(".")[2] for name in EVENT_CLASSES}
    assert set(PROJECTIONS) == names - {"participant-erased"}
