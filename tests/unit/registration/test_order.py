"""Of two facts about the same thing the latest by time wins; a tie goes to the greater id, then the greater source."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.order import later, stamp
from tests.unit.registration.values import BEFORE

SOURCE = "urn:nld:test"
facts = st.tuples(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 2), timezones=st.just(UTC)),  # noqa: DTZ001  -- gets its zone
    st.text("ab-z.09~", min_size=1, max_size=4),
    st.sampled_from(["urn:a", "urn:b"]),
)


def test_a_later_time_wins_whatever_the_ids() -> None:
    assert later(stamp(BEFORE + timedelta(microseconds=1), "a", SOURCE), stamp(BEFORE, "z", SOURCE))


def test_an_earlier_time_loses() -> None:
    assert not later(stamp(BEFORE, "z", SOURCE), stamp(BEFORE + timedelta(microseconds=1), "a", SOURCE))


def test_times_are_compared_as_instants_not_as_clock_faces() -> None:
    summer = BEFORE.astimezone(timezone(timedelta(hours=2)))
    assert stamp(summer, "a", SOURCE) == stamp(BEFORE, "a", SOURCE)
    assert later(stamp(summer + timedelta(seconds=1), "a", SOURCE), stamp(BEFORE, "a", SOURCE))


def test_a_whole_second_comes_before_its_fractions() -> None:
    assert later(stamp(BEFORE + timedelta(milliseconds=1), "a", SOURCE), stamp(BEFORE, "a", SOURCE))


def test_a_tie_goes_to_the_greater_id_in_byte_order() -> None:
    assert later(stamp(BEFORE, "b", SOURCE), stamp(BEFORE, "a", SOURCE))
    assert later(stamp(BEFORE, "a", SOURCE), stamp(BEFORE, "B", SOURCE))


def test_a_longer_id_is_greater_than_its_own_beginning() -> None:
    assert later(stamp(BEFORE, "a-1", "urn:a"), stamp(BEFORE, "a", "urn:z"))
    assert later(stamp(BEFORE, "a!", "urn:a"), stamp(BEFORE, "a", "urn:z"))


def test_a_tie_of_time_and_id_goes_to_the_greater_source() -> None:
    assert later(stamp(BEFORE, "a", "urn:b"), stamp(BEFORE, "a", "urn:a"))


def test_the_same_fact_again_does_not_win_over_itself() -> None:
    assert not later(stamp(BEFORE, "a", SOURCE), stamp(BEFORE, "a", SOURCE))


def test_the_first_fact_wins_over_nothing() -> None:
    assert later(stamp(BEFORE, "a", SOURCE), None)


@given(st.lists(facts, min_size=1, max_size=6).flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
def test_any_order_of_arrival_ends_with_the_same_winner(orders: tuple[list[tuple[datetime, str, str]], ...]) -> None:
    winners = []
    for order in orders:
        known: str | None = None
        for fact in order:
            known = stamp(*fact) if later(stamp(*fact), known) else known
        winners.append(known)
    assert winners[0] == winners[1] == stamp(*max(orders[0], key=lambda fact: (fact[0], fact[1], fact[2])))
