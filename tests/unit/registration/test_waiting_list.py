"""The waiting list moves up in order of arrival, each party that fits, until nothing more fits."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.signups import (
    Confirmed,
    Places,
    Refused,
    Signup,
    decide,
    moved_up,
    withdrawn,
)
from tests.unit.registration.values import BEFORE, activity, signup

LATER = BEFORE + timedelta(hours=1)


def moved(capacity: int | None, taken: int, *parties: int) -> list[int]:
    """The arrival numbers of those who move up."""
    waiting = [signup(number, size) for number, size in enumerate(parties, 1)]
    return [new.arrival for new in moved_up(activity(capacity=capacity), "guests", taken, waiting, LATER)]


def test_the_first_to_arrive_moves_up_first() -> None:
    assert moved(10, 9, 1, 1) == [1]


def test_everybody_who_fits_moves_up_at_once() -> None:
    assert moved(10, 7, 1, 2, 1) == [1, 2]


def test_a_larger_party_that_does_not_fit_keeps_its_position_and_smaller_ones_pass() -> None:
    assert moved(10, 8, 3, 1, 1, 1) == [2, 3]


def test_a_large_party_at_the_head_moves_up_as_soon_as_it_fits() -> None:
    assert moved(10, 7, 3, 1, 1, 1) == [1]


def test_nobody_moves_up_when_more_is_taken_than_there_is_room() -> None:
    assert moved(5, 8, 1, 1) == []


def test_without_a_capacity_everybody_moves_up() -> None:
    assert moved(None, 50, 4, 1, 9) == [1, 2, 3]


def test_volunteers_move_up_into_places_of_their_own() -> None:
    waiting = [signup(1, role="volunteer"), signup(2, role="volunteer")]
    where = activity(capacity=0, volunteer_capacity=1)
    assert [new.arrival for new in moved_up(where, "volunteers", 0, waiting, LATER)] == [1]


def test_who_moves_up_gets_a_place_from_that_moment_as_a_new_version() -> None:
    (new,) = moved_up(activity(capacity=1), "guests", 0, [signup(7)], LATER)
    assert (new.status, new.confirmed_at, new.promoted, new.version) == ("confirmed", LATER, True, 2)
    assert new.arrived_at == BEFORE


def test_who_withdraws_keeps_the_rest_of_the_sign_up() -> None:
    gone = withdrawn(signup(1, status="confirmed"))
    assert (gone.status, gone.active, gone.version) == ("withdrawn", False, 2)
    assert gone.confirmed_at == BEFORE


def test_what_is_taken_follows_each_change_of_a_sign_up() -> None:
    waiting = signup(1, party_size=3)
    confirmed = signup(1, party_size=3, status="confirmed")
    places = Places().after(None, waiting)
    assert places == Places(0, 1)
    assert places.after(waiting, confirmed) == Places(3, 0)
    assert places.after(waiting, confirmed).after(confirmed, withdrawn(confirmed)) == Places(0, 0)


class Desk:
    """The rules put together as a partner's desk would: a list of sign-ups, and what happens to them."""

    def __init__(self, capacity: int | None) -> None:
        self.capacity = capacity
        self.signups: list[Signup] = []

    def sizes(self, status: str) -> list[int]:
        return [one.party_size for one in self.signups if one.status == status]

    def place(self, size: int) -> None:
        places = Places(sum(self.sizes("confirmed")), len(self.sizes("waitlisted")))
        found = decide(activity(capacity=self.capacity), "participant", size, BEFORE, places, has_active=False)
        if not isinstance(found, Refused):
            status = "confirmed" if isinstance(found, Confirmed) else "waitlisted"
            self.signups.append(signup(len(self.signups) + 1, size, status))

    def withdraw(self, which: int) -> None:
        if self.signups:
            place = which % len(self.signups)
            self.signups[place] = withdrawn(self.signups[place])
            self.move_up()

    def resize(self, capacity: int | None) -> None:
        self.capacity = capacity
        self.move_up()

    def move_up(self) -> None:
        waiting = [one for one in self.signups if one.status == "waitlisted"]
        for new in moved_up(activity(capacity=self.capacity), "guests", sum(self.sizes("confirmed")), waiting, LATER):
            self.signups[new.arrival - 1] = new


moves = st.lists(
    st.one_of(
        st.tuples(st.just("place"), st.integers(1, 4)),
        st.tuples(st.just("withdraw"), st.integers(0, 30)),
        st.tuples(st.just("resize"), st.one_of(st.none(), st.integers(0, 12))),
    ),
    max_size=30,
)


@given(st.one_of(st.none(), st.integers(0, 12)), moves)
def test_never_is_more_given_than_there_is_and_nothing_waits_that_fits(
    capacity: int | None, told: list[tuple[str, int | None]]
) -> None:
    desk = Desk(capacity)
    for what, value in told:
        before = sum(desk.sizes("confirmed"))
        getattr(desk, what)(value)
        taken, room = sum(desk.sizes("confirmed")), desk.capacity
        assert room is None or taken <= max(room, before), "given beyond the capacity"
        assert not [size for size in desk.sizes("waitlisted") if room is None or taken + size <= room]


@given(st.lists(st.integers(1, 4), max_size=12), st.integers(0, 12))
def test_a_lowered_capacity_throws_nobody_out(sizes: list[int], lower: int) -> None:
    desk = Desk(20)
    for size in sizes:
        desk.place(size)
    before = desk.sizes("confirmed")
    desk.resize(lower)
    assert desk.sizes("confirmed")[: len(before)] == before
