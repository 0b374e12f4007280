"""An activity ends alike in whatever order its plans and cancellations come; a later plan restores it."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.activities import Activity, Change, cancelled, scheduled
from tests.unit.registration.values import BEFORE, START, activity, plan, rank


def facets(where: Activity) -> tuple[Any, ...]:
    """What of an activity must not depend on the order of arrival."""
    return where.plan, where.status, where.plan_stamp, where.cancel_stamp, where.reason


def told(facts: list[tuple[str, int, str]]) -> Activity:
    """An activity after a first plan and then these facts: what, when (minute), and its text."""
    known = activity()
    for what, minute, text in facts:
        known = change(known, what, minute, text).activity
    return known


def change(known: Activity, what: str, minute: int, text: str) -> Change:
    if what == "plan":
        return scheduled(known, known.ref, plan(title=text), rank(minute, text))
    return cancelled(known, text, rank(minute, text))


def test_the_first_plan_makes_version_one() -> None:
    first = scheduled(None, "avedan/bingo", plan(), rank(0))
    assert (first.changed, first.superseded, first.activity.version) == (True, False, 1)
    assert (first.activity.partner_id, first.activity.activity_id) == ("avedan", "bingo")


def test_a_later_plan_changes_the_activity() -> None:
    later = scheduled(activity(), "avedan/bingo", plan(title="Bingo met taart"), rank(1))
    assert (later.changed, later.superseded) == (True, False)
    assert (later.activity.title, later.activity.version) == ("Bingo met taart", 2)


def test_an_older_plan_is_superseded_and_changes_nothing() -> None:
    known = told([("plan", 9, "Nieuw")])
    assert change(known, "plan", 5, "Oud") == Change(known, changed=False, superseded=True)


def test_the_same_plan_again_under_a_later_time_makes_no_new_version() -> None:
    again = scheduled(activity(), "avedan/bingo", plan(), rank(1))
    assert (again.changed, again.superseded, again.activity.version) == (False, False, 1)


def test_a_cancellation_cancels_and_a_later_plan_restores() -> None:
    gone = told([("cancel", 5, "ziekte")])
    assert (gone.status, gone.reason) == ("cancelled", "ziekte")
    assert told([("cancel", 5, "ziekte"), ("plan", 6, "Toch")]).status == "scheduled"


def test_a_cancellation_older_than_the_plan_is_superseded() -> None:
    late = change(told([("plan", 9, "Nieuw")]), "cancel", 5, "ziekte")
    assert (late.changed, late.superseded, late.activity.status) == (False, True, "scheduled")


def test_a_plan_older_than_the_cancellation_still_tells_what_was_cancelled() -> None:
    late = change(told([("cancel", 9, "ziekte")]), "plan", 5, "Bingo in Ootmarsum")
    assert (late.changed, late.superseded) == (True, True)
    assert (late.activity.status, late.activity.title) == ("cancelled", "Bingo in Ootmarsum")


def test_a_second_cancellation_for_another_reason_is_news() -> None:
    again = change(told([("cancel", 5, "ziekte")]), "cancel", 6, "storm")
    assert (again.changed, again.activity.reason, again.activity.version) == (True, "storm", 3)


def test_every_order_of_plan_cancellation_and_restoration_ends_alike() -> None:
    facts = [("plan", 3, "Anders"), ("cancel", 5, "ziekte"), ("plan", 7, "Toch"), ("cancel", 9, "storm")]
    assert len({facets(told(list(order))) for order in permutations(facts)}) == 1


@given(
    st.lists(
        st.tuples(st.sampled_from(["plan", "cancel"]), st.integers(1, 20), st.sampled_from(["a", "b", "c"])),
        max_size=8,
        unique_by=lambda fact: (fact[1], fact[2]),
    ).flatmap(lambda facts: st.tuples(st.just(facts), st.permutations(facts)))
)
def test_any_shuffle_of_any_facts_ends_alike(orders: tuple[list[tuple[str, int, str]], ...]) -> None:
    assert facets(told(orders[0])) == facets(told(orders[1]))


@given(st.lists(st.tuples(st.sampled_from(["plan", "cancel"]), st.integers(1, 20), st.just("a")), max_size=8))
def test_the_version_rises_by_one_with_every_change_and_else_stays(facts: list[tuple[str, int, str]]) -> None:
    known = activity()
    for fact in facts:
        new = change(known, *fact)
        assert new.activity.version == known.version + new.changed
        known = new.activity


@pytest.mark.parametrize(("role", "room"), [("participant", 20), ("professional", 20), ("volunteer", 3)])
def test_room_is_kept_per_pool(role: str, room: int) -> None:
    assert activity(capacity=20, volunteer_capacity=3).room(role) == room


def test_signing_up_closes_at_the_start_when_no_closing_time_is_set() -> None:
    assert not activity().closed_at(BEFORE)
    assert not activity().closed_at(START), "at that very instant it is in time (contract section 3: after the start)"
    assert activity().closed_at(START + timedelta(microseconds=1))
