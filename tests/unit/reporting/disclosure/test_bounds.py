"""Intervals: what is concluded, what is taken back, and what is no knowledge at all."""

from services.reporting.domain.disclosure.bounds import Intervals
from services.reporting.domain.disclosure.net import FAR, Link, Net

TOTAL, BINGO, WALK, SPORT = range(4)
SUM = Net(4, [Link(TOTAL, (BINGO, WALK, SPORT), most=0, least=0)])


def twenty() -> Intervals:
    """20 in all, at most 9 of each kind."""
    return Intervals(SUM, [20, 0, 0, 0], [20, 9, 9, 9])


def test_what_the_others_cannot_hold_is_left_for_each() -> None:
    view = twenty()
    assert (view.low, view.high) == ([20, 2, 2, 2], [20, 9, 9, 9])


def test_a_trial_teaches_nothing_whether_it_fits_or_not() -> None:
    tried, untried = twenty(), twenty()
    assert tried.possible(BINGO, 9, 9)
    assert not tried.possible(BINGO, 0, 1)
    assert not tried.possible(BINGO, 6, 5)
    for view in (tried, untried):
        assert (view.low, view.high) == ([20, 2, 2, 2], [20, 9, 9, 9])
        view.at_most(WALK, 5)
        view.settle()
    assert (tried.low, tried.high) == (untried.low, untried.high) == ([20, 6, 2, 6], [20, 9, 5, 9])


def test_far_less_a_few_is_still_far() -> None:
    view = Intervals(SUM, [0, 0, 0, 0], [FAR, FAR, FAR, FAR])
    view.at_least(BINGO, 40)
    view.settle()
    assert (view.low, view.high) == ([40, 40, 0, 0], [FAR, FAR, FAR, FAR])


def test_what_is_told_no_more_is_forgotten_with_all_that_followed_from_it() -> None:
    view = Intervals(SUM, [20, 0, 0, 4], [20, 9, 9, 4])
    assert (view.low[BINGO], view.low[WALK]) == (7, 7)
    view.loosen({SPORT: (0, 9)})
    assert (view.low, view.high) == ([20, 2, 2, 2], [20, 9, 9, 9])
