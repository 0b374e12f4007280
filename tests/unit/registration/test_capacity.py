"""Who gets a place, who waits, who is refused, and for which reason first (contract section 3)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.registration.domain.activities import Activity, cancelled
from services.registration.domain.signups import Confirmed, Decision, Places, Refused, Waitlisted, decide, pool
from tests.unit.registration.values import BEFORE, START, activity, rank


def decision(
    where: Activity,
    party: int = 1,
    taken: int = 0,
    waiting: int = 0,
    role: str = "participant",
    moment: datetime = BEFORE,
    has_active: bool = False,
) -> Decision:
    return decide(where, role, party, moment, Places(taken, waiting), has_active=has_active)


def code(found: Decision) -> str:
    assert isinstance(found, Refused)
    return found.code


def test_without_a_capacity_everybody_has_a_place() -> None:
    assert decision(activity(), party=1000, taken=100_000) == Confirmed()


def test_the_last_place_is_given() -> None:
    assert decision(activity(capacity=10), taken=9) == Confirmed()


def test_a_party_fits_as_a_whole_or_not_at_all() -> None:
    assert decision(activity(capacity=10), party=2, taken=8) == Confirmed()
    assert decision(activity(capacity=10), party=2, taken=9) == Waitlisted(1)


def test_who_waits_hears_the_place_behind_those_who_wait_already() -> None:
    assert decision(activity(capacity=10), taken=10, waiting=4) == Waitlisted(5)


def test_a_newcomer_that_fits_is_confirmed_past_a_larger_party_that_waits() -> None:
    assert decision(activity(capacity=10), party=1, taken=9, waiting=1) == Confirmed()


def test_a_full_activity_without_a_waiting_list_refuses() -> None:
    assert code(decision(activity(capacity=10, waiting_list=False), taken=10)) == "activity-full"


def test_a_party_larger_than_the_capacity_is_never_put_on_the_waiting_list() -> None:
    assert code(decision(activity(capacity=3), party=4)) == "party-too-large"
    assert decision(activity(capacity=3), party=3, taken=1) == Waitlisted(1)


def test_a_capacity_of_nothing_is_not_the_same_as_no_capacity() -> None:
    assert code(decision(activity(capacity=0))) == "party-too-large"


def test_participants_and_professionals_share_the_capacity_and_volunteers_have_their_own() -> None:
    assert [pool(role) for role in ("participant", "professional", "volunteer")] == ["guests", "guests", "volunteers"]
    where = activity(capacity=1, volunteer_capacity=2)
    assert decision(where, taken=1, role="professional") == Waitlisted(1)
    assert decision(where, taken=1, role="volunteer") == Confirmed()
    assert decision(activity(capacity=1), taken=50, role="volunteer") == Confirmed()


def test_a_lowered_capacity_leaves_no_room_for_more() -> None:
    assert decision(activity(capacity=5), party=1, taken=8) == Waitlisted(1)


def test_a_cancelled_activity_takes_no_sign_ups() -> None:
    assert code(decision(cancelled(activity(), None, rank(5)).activity)) == "activity-cancelled"


@pytest.mark.parametrize("role", ["participant", "professional", "volunteer"])
def test_a_drop_in_takes_no_sign_ups(role: str) -> None:
    """Volunteers of a meeting place have an assignment."""
    assert code(decision(activity(participation="drop-in"), role=role)) == "no-signup-needed"


@pytest.mark.parametrize("participation", ["signup", "both"])
def test_every_other_participation_takes_sign_ups(participation: str) -> None:
    assert decision(activity(participation=participation)) == Confirmed()


def test_signing_up_is_possible_up_to_and_including_the_start() -> None:
    assert decision(activity(), moment=START) == Confirmed()
    assert code(decision(activity(), moment=START + timedelta(microseconds=1))) == "signup-closed"


def test_signing_up_is_possible_up_to_and_including_the_closing_time() -> None:
    closes = START - timedelta(days=2)
    assert decision(activity(signup_closes_at=closes), moment=closes) == Confirmed()
    assert code(decision(activity(signup_closes_at=closes), moment=closes + timedelta(seconds=1))) == "signup-closed"


def test_a_closing_time_after_the_start_does_not_keep_the_door_open() -> None:
    where = activity(signup_closes_at=START + timedelta(hours=1))
    assert code(decision(where, moment=START + timedelta(minutes=1))) == "signup-closed"


def test_nobody_is_signed_up_twice() -> None:
    assert code(decision(activity(), has_active=True)) == "already-signed-up"


def test_what_is_wrong_in_several_ways_is_always_refused_for_the_same_reason() -> None:
    worst = cancelled(activity(participation="drop-in", capacity=1, waiting_list=False), None, rank(5)).activity
    late = START + timedelta(days=1)
    steps = (
        (worst, "activity-cancelled"),
        (replace(worst, cancel_stamp=None), "no-signup-needed"),
        (replace(worst, cancel_stamp=None, participation="signup"), "signup-closed"),
    )
    assert [code(decision(where, 2, 1, moment=late, has_active=True)) for where, _ in steps] == [c for _, c in steps]
    open_still = replace(worst, cancel_stamp=None, participation="signup")
    assert code(decision(open_still, party=2, taken=1, has_active=True)) == "already-signed-up"
    assert code(decision(open_still, party=2, taken=1)) == "party-too-large"
    assert code(decision(open_still, party=1, taken=1)) == "activity-full"
