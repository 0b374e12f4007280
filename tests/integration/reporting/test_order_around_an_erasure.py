"""Who was erased and who came back stay two persons, whatever the order in which their events come."""

from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from services.reporting.store.projections import OF_PERSONS
from services.reporting.tables import metadata
from shared.events.envelope import StreamEvent
from tests.examples import examples
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.story import Story, side_by_side

ERASURE = ("", "erased")
STEPS = st.tuples(st.sampled_from(["avedan/one", "avedan/two"]), st.sampled_from(["present", "absent", "void"]))
HISTORIES = st.lists(st.one_of(STEPS, STEPS, st.just(ERASURE)), min_size=1, max_size=9)
"""What is recorded about one pid, and when it is erased."""


def told(history: list[tuple[str, str]]) -> list[StreamEvent]:
    """The history as a log, with a sign-up and an assignment that change along with it."""
    story = Story()
    story.activity("avedan/one")
    story.activity("avedan/two")
    for number, (activity, outcome) in enumerate(history):
        if (activity, outcome) == ERASURE:
            story.erase("anna", f"token-{number}")
            story.volunteer(f"avedan/v{number}", "anna", "2024-01-01")
        else:
            story.attendance(activity, "anna", outcome)
            story.signup(f"avedan/s-{activity[7:]}", activity, "anna")
    return story.events


def counted(history: list[tuple[str, str]]) -> tuple[int, int]:
    """Participants and attendances, from the meaning of the history alone."""
    life, last = 0, {}
    for activity, outcome in history:
        if (activity, outcome) == ERASURE:
            life += 1
        else:
            last[life, activity] = outcome
    present = [key for key, outcome in last.items() if outcome == "present"]
    return len({life for life, _ in present}), len(present)


def figures(ledger: Ledger) -> tuple[Any, Any]:
    return ledger.total("participants"), ledger.total("attendances")


@pytest.mark.parametrize("batches", [2, 5])
def test_every_order_of_a_person_who_is_erased_and_comes_back_to_the_same_activity(
    ledger: Ledger, batches: int
) -> None:
    """The new person's version 1 came before the former person's facts or before the erasure: one was lost."""
    story, orders = Story(), []
    for number, order in enumerate(permutations(range(5))):
        ref, who = f"avedan/a{number}", f"pid-{number}"
        story.activity(ref)
        story.attendance(ref, who, "absent")
        story.attendance(ref, who, "present")
        story.erase(who, f"token-{number}")
        story.attendance(ref, who, "present")
        assert [event.data.version for event in story.events[-4:]] == [1, 2, 1, 1]
        orders.append([story.events[place - 5] for place in order])
    for batch in [*side_by_side(orders, batches), story.events]:
        ledger.take(batch)
    assert ledger.by("participants", "activity") == {f"avedan/a{number}": 2 for number in range(120)}
    assert figures(ledger) == (240, 240)


def test_every_order_of_two_erasures_of_one_pid(ledger: Ledger) -> None:
    """A later erasure that came first gave its token to all, and the earlier one found nobody to part."""
    story, orders = Story(), []
    for number, order in enumerate(permutations(range(5))):
        ref, who = f"avedan/a{number}", f"pid-{number}"
        story.activity(ref)
        for token in (f"token-{number}-1", f"token-{number}-2"):
            story.attendance(ref, who)
            story.erase(who, token)
        orders.append([story.events[place - 5] for place in order])
    for batch in side_by_side(orders, 5):
        ledger.take(batch)
    tokens = {f"token-{number}-{which}" for number in range(120) for which in (1, 2)}
    assert {row[1] for row in ledger.rows("attendance")} == tokens
    assert len(ledger.rows("attendance")) == 240
    assert figures(ledger) == (240, 240)


def test_any_history_in_any_order_any_repetition_any_batches(shared_engine: Engine) -> None:
    ledger = Ledger(shared_engine)

    @settings(deadline=None, max_examples=examples(30, shared_engine))
    @given(history=HISTORIES, data=st.data())
    def holds(history: list[tuple[str, str]], data: st.DataObject) -> None:
        events = told(history)
        ledger.forget_everything()
        expected = ledger.take(events).state()
        assert figures(ledger) == counted(history)

        repeated = data.draw(st.lists(st.sampled_from(events), max_size=5))
        order = data.draw(st.permutations([*events, *repeated]))
        cuts = data.draw(st.sets(st.integers(1, len(order) - 1), max_size=len(order)))
        ledger.forget_everything()
        for start, end in pairwise(sorted({0, *cuts, len(order)})):
            ledger.take(order[start:end])
        assert ledger.state() == expected
        assert figures(ledger) == counted(history)

    holds()


def test_above_a_hole_only_the_newest_state_counts(story: Story, ledger: Ledger) -> None:
    story.partner("avedan")
    story.activity("avedan/one")
    story.signup("avedan/s1", "avedan/one", "anna")
    story.attendance("avedan/one", "anna", "present")
    story.attendance("avedan/one", "anna", "absent")
    ledger.take(story.events[1:])
    assert len(ledger.rows("attendance")) == 2
    assert figures(ledger) == (0, 0)
    assert ledger.total("new-participants") == 0
    assert ledger.total("no-show-rate") == 100.0
    ledger.take(story.events[:1])
    assert len(ledger.rows("attendance")) == 1
    assert figures(ledger) == (0, 0)


@pytest.mark.parametrize("table", [table for table in metadata.tables.values() if "pid" in table.c], ids=str)
def test_every_table_with_a_pid_takes_part_in_an_erasure(table: Any) -> None:
    derived = {"pending_erasure", "person"}  # `person` follows from attendances: test_tallies holds it to them
    assert table.name in derived or table in [projection.table for projection in OF_PERSONS]
