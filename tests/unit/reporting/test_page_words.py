"""Figures in Dutch: how they are written, what a sentence says of them, how long a bar is, and what is never said."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from services.reporting.domain.figures import Figure
from services.reporting.domain.indicators import INDICATORS
from services.reporting.pages.charts import MOST_GROUPS, WIDTH, Group, bars
from services.reporting.pages.months import course
from services.reporting.pages.numbers import Noun, amount, dutch, told
from services.reporting.pages.sentences import Years, difference, finding
from services.reporting.pages.words import IN_SHORT, SECTIONS, WORDS
from services.reporting.templates import own_text
from tests.pages.results import HIDDEN, MONTHS, NOTHING, line, rounded

PEOPLE, PERCENT = Noun("deelnemer", "deelnemers"), Noun()
YEARS = Years(2024, 2023)
TEMPLATES = Path(__file__).parents[3] / "services" / "reporting" / "templates"
NEVER = re.compile(r"eenza|effect", re.IGNORECASE)


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (999, "999"), (1000, "1.000"), (1234567, "1.234.567"), (70.4, "70,4"), (1000.5, "1.000,5"), (-3, "-3")],
)
def test_numbers_have_dutch_points_and_commas(value: float, written: str) -> None:
    assert dutch(value) == written


@pytest.mark.parametrize(
    ("figure", "exactly", "in_a_sentence"),
    [
        (Figure(530), "530 deelnemers", "530 deelnemers"),
        (Figure(1), "1 deelnemer", "1 deelnemer"),
        (rounded(520), "ongeveer 520 deelnemers", "ongeveer 520 deelnemers"),
        (Figure(1004, "about"), "circa 1.004 deelnemers", "circa 1.000 deelnemers"),
        (Figure(288, "about"), "circa 288 deelnemers", "circa 290 deelnemers"),
        (Figure(712, "over"), "ruim 712 deelnemers", "ruim 700 deelnemers"),
        (Figure(799, "over"), "ruim 799 deelnemers", "ruim 700 deelnemers"),
        (Figure(104, "more-than"), "meer dan 104 deelnemers", "meer dan 100 deelnemers"),
        (Figure(7, "over"), "ruim 7 deelnemers", "ruim 7 deelnemers"),
        (HIDDEN, "niet getoond, om mensen te beschermen", "niet getoond, om mensen te beschermen"),
        (NOTHING, "niet gemeten", "niet gemeten"),
    ],
)
def test_precision_is_a_word_and_a_sentence_has_no_more_digits_than_it_bears(
    figure: Figure, exactly: str, in_a_sentence: str
) -> None:
    assert (amount(figure, PEOPLE), told(figure, PEOPLE)) == (exactly, in_a_sentence)


@pytest.mark.parametrize(
    ("now", "then", "sentence"),
    [
        (Figure(530), Figure(311), "70,4% meer: van 311 deelnemers in 2023 naar 530 deelnemers in 2024."),
        (Figure(311), Figure(530), "41,3% minder: van 530 deelnemers in 2023 naar 311 deelnemers in 2024."),
        (
            rounded(520),
            Figure(311),
            "Ongeveer 67% meer: van 311 deelnemers in 2023 naar ongeveer 520 deelnemers in 2024.",
        ),
        (Figure(5), Figure(5), "In 2024 even veel als in 2023: 5 deelnemers."),
        (Figure(4), Figure(0), "Van 0 deelnemers in 2023 naar 4 deelnemers in 2024."),
        (
            Figure(1000, "about"),
            Figure(712, "over"),
            "Van ruim 700 deelnemers in 2023 naar circa 1.000 deelnemers in 2024.",
        ),
        (Figure(530), NOTHING, "In 2024: 530 deelnemers. In 2023 is dit niet gemeten."),
        (
            HIDDEN,
            Figure(311),
            "Het cijfer van 2024 is niet getoond, om mensen te beschermen. In 2023: 311 deelnemers.",
        ),
        (
            HIDDEN,
            HIDDEN,
            "De cijfers van 2023 en 2024 zijn niet getoond, om mensen te beschermen.",
        ),
        (Figure(10001), Figure(10000), "Van 10.000 deelnemers in 2023 naar 10.001 deelnemers in 2024."),
    ],
)
def test_a_finding_says_the_growth_only_where_both_numbers_bear_it(now: Figure, then: Figure, sentence: str) -> None:
    assert finding(line("participants", now, then), YEARS, PEOPLE) == sentence


def test_a_finding_without_a_year_beside_it_compares_nothing() -> None:
    assert finding(line("participants", Figure(530)), Years(2024, None), PEOPLE) == "In 2024: 530 deelnemers."


def test_of_a_rate_the_sentence_gives_both_numbers_and_no_percentage_of_a_percentage() -> None:
    told = finding(line("no-show-rate", Figure(8.3), Figure(12.0)), YEARS, PERCENT)
    assert told == "Van 12,0% in 2023 naar 8,3% in 2024."


@pytest.mark.parametrize(
    ("now", "then", "words"),
    [(530, 311, "70,4% meer"), (8.3, 12.0, "30,8% minder"), (5, 5, "even veel"), (10001, 10000, "bijna even veel")],
)
def test_the_difference_is_said_in_words(now: float, then: float, words: str) -> None:
    assert difference(line("participants", Figure(now), Figure(then))) == words
    assert difference(line("participants", Figure(now), Figure(0))) == "niet te zeggen"


def test_a_bar_is_as_long_as_its_number_and_a_hidden_one_says_nothing() -> None:
    figures = [("2021", Figure(50)), ("2022", HIDDEN), ("2023", NOTHING), ("2024", Figure(200))]
    chart = bars("participants", "Deelnemers", [Group("Totaal", figures)], PEOPLE)
    assert chart is not None
    assert [(bar.kind, bar.width, bar.text) for bar in chart.bars] == [
        ("then", 75.0, "2021: 50"),
        ("hidden", WIDTH, "2022: niet getoond"),
        ("then", 0.0, "2023: niet gemeten"),
        ("now", WIDTH, "2024: 200"),
    ]
    other = bars("participants", "Deelnemers", [Group("Totaal", [*figures[:1], ("2022", HIDDEN)])], PEOPLE)
    assert other is not None
    assert other.bars[1].width == WIDTH, "whatever stands beside it"


def test_percentages_are_drawn_on_a_scale_to_a_hundred() -> None:
    chart = bars("occupancy", "Bezetting", [Group("Totaal", [("2023", Figure(25.0)), ("2024", Figure(50.0))])], PERCENT)
    assert chart is not None
    assert [bar.width for bar in chart.bars] == [WIDTH / 4, WIDTH / 2]


def test_one_number_makes_no_chart_and_many_make_no_wall() -> None:
    assert bars("visits", "Bezoeken", [Group("Totaal", [("2023", NOTHING), ("2024", Figure(5))])], PEOPLE) is None
    many = bars("visits", "Bezoeken", [Group(f"Plek {n}", [("2024", Figure(n))]) for n in range(40)], PEOPLE)
    assert many is not None
    assert len(many.bars) == MOST_GROUPS


def test_nothing_in_a_chart_lies_over_something_else() -> None:
    groups = [Group("Een plek met een heel lange naam " * 9, [("2023", HIDDEN), ("2024", Figure(5))])] * 3
    chart = bars("visits", "Bezoeken", groups, PEOPLE)
    assert chart is not None
    rows = sorted([heading.y for heading in chart.headings] + [bar.y + 16 for bar in chart.bars])
    assert min(later - earlier for earlier, later in pairwise(rows)) >= 16
    assert chart.height >= rows[-1]


def test_a_month_that_nobody_counted_is_a_gap_in_the_line_and_no_zero() -> None:
    found = course("visits", "Bezoeken", 2024, MONTHS["visits"], Noun("bezoek", "bezoeken"))
    assert found is not None
    assert [(dot.x, dot.y) for dot in found.dots] == [(8.0, 41.6), (33.8, 32.8), (85.5, 24.0)]
    assert found.lines == ("8.0,41.6 33.8,32.8",)
    assert found.rows[2] == ("maart", "niet gemeten")
    assert found.sentence == "De meeste waren er in april 2024: 34 bezoeken."


def test_of_months_that_are_equal_the_first_is_named_and_one_month_is_no_course() -> None:
    found = course("participants", "Deelnemers", 2024, MONTHS["participants"], PEOPLE)
    assert found is not None
    assert found.sentence == "De meeste waren er in oktober 2024: 90 deelnemers."
    assert (len(found.lines), len(found.letters)) == (11, 12)
    assert course("attendances", "Keren aanwezig", 2024, MONTHS["attendances"], PEOPLE) is None


def test_every_indicator_has_words_and_one_place_on_the_page() -> None:
    assert WORDS.keys() == INDICATORS.keys()
    assert sorted(code for codes in SECTIONS.values() for code in codes) == sorted(INDICATORS)
    assert set(IN_SHORT) <= set(INDICATORS)
    assert {code for code, words in WORDS.items() if not words.noun.several} == {
        code for code, indicator in INDICATORS.items() if indicator.unit == "percent"
    }


def test_what_we_say_beside_our_figures_claims_reach_and_never_effect() -> None:
    ours = [
        repr(WORDS),
        repr(SECTIONS),
        *(indicator.label.nl + indicator.definition.nl for indicator in INDICATORS.values()),
    ]
    ours += [path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.[hj]*")]
    assert len(ours) > len(INDICATORS) + 3
    assert [text for text in ours if NEVER.search(text)] == []
    assert NEVER.search("Meer eenzame inwoners bereikt")
    assert NEVER.search("Het effect: minder eenzaam")


def test_drawings_have_the_contrast_that_axe_cannot_measure() -> None:
    """WCAG 1.4.3 for letters (4.5), 1.4.11 for bars and hatching (3), on white."""
    sheet = own_text("page.css")
    found = dict(
        re.findall(r"\.chart (text|\.now|\.then|\.hidden|\.course) \{[^}]*(?:fill|stroke): (#[0-9a-f]{6})", sheet)
    )
    assert found.keys() == {"text", ".now", ".then", ".hidden", ".course"}
    assert {name for name, colour in found.items() if contrast(colour) < (4.5 if name == "text" else 3)} == set()
    assert contrast("#aaaaaa") < 3


def contrast(colour: str) -> float:
    """With white."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
