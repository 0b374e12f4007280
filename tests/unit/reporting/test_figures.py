"""Rates round half up, growth half away from zero, and a sum is as precise as its weakest part."""

import pytest

from services.reporting.domain.figures import Figure, growth, rate, weakest


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(32, 390, 8.2), (60, 854, 7.0), (397, 434, 91.5), (890, 972, 91.6), (26, 104, 25.0), (1, 12, 8.3), (0, 5, 0.0)],
)
def test_rates_of_the_example_year(part: int, whole: int, percent: float) -> None:
    assert rate(part, whole) == Figure(percent)


@pytest.mark.parametrize(("part", "whole", "percent"), [(1, 80, 1.3), (3, 80, 3.8), (1, 2000, 0.1), (1, 2001, 0.0)])
def test_a_half_goes_up_although_floats_would_round_it_down(part: int, whole: int, percent: float) -> None:
    assert rate(part, whole).value == percent


def test_without_a_denominator_there_is_no_rate() -> None:
    assert (rate(0, 0).value, rate(0, 0).status) == (None, "not-applicable")


@pytest.mark.parametrize(
    ("value", "previous", "percent"),
    [
        (530, 311, 70.4),
        (530, 310, 71.0),
        (84, 41, 104.9),
        (1280, 613, 108.8),
        (1020, 457, 123.2),
        (46, 12, 283.3),
        (7.0, 8.2, -14.6),
        (91.6, 91.5, 0.1),
        (343, 311, 10.3),
        (26, 1, 2500.0),
        (13, 13, 0.0),
        (0, 4, -100.0),
    ],
)
def test_growth_of_the_example_year(value: float, previous: float, percent: float) -> None:
    assert growth(value, previous) == percent


@pytest.mark.parametrize(("value", "percent"), [(2001, 0.1), (1999, -0.1), (2003, 0.2), (1997, -0.2)])
def test_a_half_percent_point_goes_away_from_zero(value: int, percent: float) -> None:
    assert growth(value, 2000) == percent


@pytest.mark.parametrize(("value", "previous"), [(5, None), (5, 0), (None, 5), (None, None), (5, 0.0)])
def test_there_is_no_growth_from_nothing(value: int | None, previous: float | None) -> None:
    assert growth(value, previous) is None


def test_a_shrinking_too_small_to_print_is_nought_and_not_minus_nought() -> None:
    assert str(growth(99_999, 100_000)) == "0.0"


@pytest.mark.parametrize(
    ("given", "sum_is"),
    [
        ([], "exact"),
        (["exact", "exact"], "exact"),
        (["exact", "more-than"], "more-than"),
        (["over", "more-than"], "over"),
        (["over", "about", "exact"], "about"),
    ],
)
def test_the_weakest_precision_wins(given: list[str], sum_is: str) -> None:
    assert weakest(given) == sum_is
