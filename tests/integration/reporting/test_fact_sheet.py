"""The fact sheet: a line per figure, comparable with an earlier year, quoted figures apart."""

import pytest

from services.reporting.domain.fact_sheet import PER_ACTIVITY_ONLY
from services.reporting.domain.indicators import INDICATORS
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.story import Story


@pytest.fixture(name="two_years")
def story_of_two_years(story: Story) -> Story:
    """A meeting place in both years, counted in the second only; a congress and cards in the second."""
    series = {"kind": "meeting-place", "goal": "local-approach", "seriesId": "avedan/groenedael"}
    story.partner("avedan")
    story.activity("avedan/open-23", "2023-10-01T10:00:00+02:00", title="Oude naam", **series)
    story.activity("avedan/open-24", "2024-10-01T10:00:00+02:00", title="Groenedael", **series)
    story.heads("avedan/open-24", 530)
    story.volunteer("avedan/v1", "anna", "2023-07-01", seriesId="avedan/groenedael")
    story.volunteer("avedan/v2", "ben", "2023-07-01")
    story.activity("avedan/congres", "2024-10-03T09:00:00+02:00", kind="congress", goal="awareness", title="EenSamen")
    story.crowd("avedan/congres", "a", "b", "c", "d", role="professional")
    story.member("avedan/m1", "2024-10-04", via="avedan/congres")
    story.outreach("avedan/o1", "cards", quantity=712, precision="over")
    story.outreach("avedan/o2", "flowers", "2023-05-01", goal="awareness", seriesId="avedan/geluk-gedeeld")
    story.outreach("avedan/o3", "flowers", "2024-05-01", goal="awareness", seriesId="avedan/geluk-gedeeld")
    return story


def test_every_indicator_with_a_figure_has_a_line_in_the_order_of_the_registry(
    two_years: Story, ledger: Ledger
) -> None:
    codes = list(ledger.hear(two_years).sheet(2024, 2023))
    bare = [code for code in codes if ":" not in code]
    without = {"no-show-rate", "occupancy", "outreach-personalised"} | PER_ACTIVITY_ONLY
    assert bare == [code for code in INDICATORS if code not in without]


def test_places_congresses_and_outreach_have_lines_of_their_own(two_years: Story, ledger: Ledger) -> None:
    sheet = ledger.hear(two_years).sheet(2024, 2023)
    figures = {code: (line["previous"], line["value"], line["goal"]) for code, line in sheet.items() if ":" in code}
    assert figures == {
        "visits:avedan/groenedael": (None, 530, "local-approach"),
        "professionals:avedan/congres": (None, 4, "awareness"),
        "conversion:avedan/congres": (None, 25.0, "awareness"),
        "volunteers:avedan/groenedael": (1, 1, "local-approach"),
        "outreach-actions:cards": (0, 1, "initiative"),
        "outreach-actions:flowers": (1, 1, "awareness"),
        "outreach-actions:avedan/geluk-gedeeld": (1, 1, "awareness"),
        "outreach-items:cards": (None, 712, "initiative"),
    }


def test_lines_carry_words_unit_precision_and_status(two_years: Story, ledger: Ledger) -> None:
    sheet = ledger.hear(two_years).sheet(2024, 2023)
    assert sheet["outreach-items:cards"] == {
        "code": "outreach-items:cards",
        "label": {"nl": "Verspreid: kaarten", "en": "Outreach items: cards"},
        "goal": "initiative",
        "value": 712,
        "previous": None,
        "previousStatus": "not-applicable",
        "growthPercent": None,
        "precision": "over",
        "unit": "items",
        "status": "exact",
    }
    assert sheet["visits:avedan/groenedael"]["label"]["nl"] == "Bezoeken: Groenedael"
    assert sheet["professionals:avedan/congres"]["label"]["en"] == "Professionals: EenSamen"


def test_nobody_of_last_year_gives_no_growth_and_a_rate_grows_between_its_printed_numbers(
    two_years: Story, ledger: Ledger
) -> None:
    two_years.activity("avedan/bingo-23", "2023-03-01T10:00:00+01:00", capacity=1000)
    two_years.activity("avedan/bingo-24", "2024-03-01T10:00:00+01:00", capacity=1000)
    two_years.attendance("avedan/bingo-23", "party", partySize=82)
    two_years.attendance("avedan/bingo-24", "party", partySize=70)
    sheet = ledger.hear(two_years).sheet(2024, 2023)
    assert sheet["professionals"]["previous"] == 0
    assert sheet["professionals"]["growthPercent"] is None
    occupancy = sheet["occupancy"]
    assert (occupancy["previous"], occupancy["value"], occupancy["growthPercent"]) == (8.2, 7.0, -14.6)


def test_without_a_year_to_compare_with_nothing_is_previous(two_years: Story, ledger: Ledger) -> None:
    sheet = ledger.hear(two_years).sheet(2024)
    assert {line["previous"] for line in sheet.values()} == {None}
    assert {line["growthPercent"] for line in sheet.values()} == {None}


def test_a_congress_that_was_cancelled_has_no_line(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/congres", kind="congress")
    story.activity("avedan/congres", kind="congress", status="cancelled")
    assert "professionals:avedan/congres" not in ledger.hear(story).sheet(2024)


def test_it_claims_reach_and_never_effect(two_years: Story, ledger: Ledger) -> None:
    words = repr([line["label"] for line in ledger.hear(two_years).sheet(2024, 2023).values()]).lower()
    words += repr([indicator.definition for indicator in INDICATORS.values()]).lower()
    assert [word for word in ("eenzam", "lonel", "effect") if word in words] == []
