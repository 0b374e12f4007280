"""Numbers as Dutch readers write them."""

import pytest

from cli.dutch import dutch_figure, dutch_growth


@pytest.mark.parametrize(
    ("percent", "shown"),
    [(70.4, "+70,4 %"), (-14.6, "−14,6 %"), (0.0, "0,0 %"), (2500.0, "+2.500,0 %"), (None, "–")],
)
def test_growth_has_a_sign_and_a_decimal_comma(percent: float | None, shown: str) -> None:
    assert dutch_growth(percent) == shown


@pytest.mark.parametrize(
    ("value", "unit", "status", "precision", "shown"),
    [
        (1280, "presences", "exact", "exact", "1.280"),
        (1000, "items", "exact", "about", "circa 1.000"),
        (712, "items", "exact", "over", "ruim 712"),
        (100, "people", "exact", "more-than", "meer dan 100"),
        (8.2, "percent", "exact", None, "8,2 %"),
        (25.0, "percent", "exact", None, "25,0 %"),
        (None, "visits", "not-applicable", None, "–"),
        (0, "people", "exact", None, "0"),
        (None, "people", "hidden", None, "niet getoond"),
    ],
)
def test_a_figure_says_how_precise_it_is(
    value: float | None, unit: str, status: str, precision: str | None, shown: str
) -> None:
    assert dutch_figure(value, unit, status, precision) == shown
