"""Figures follow the calendar of Amsterdam, not that of UTC."""

import pytest

from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.story import Story


@pytest.mark.parametrize(
    ("starts", "period"),
    [
        ("2024-12-31T23:30:00Z", "2025"),
        ("2024-12-31T22:30:00Z", "2024-12"),
        ("2024-06-30T22:15:00Z", "2024-Q3"),
        ("2024-03-31T01:30:00Z", "2024-03"),
        ("2024-01-01T00:15:00+01:00", "2024-01"),
    ],
)
def test_c10_an_activity_belongs_to_the_period_of_its_local_start(
    story: Story, ledger: Ledger, starts: str, period: str
) -> None:
    story.activity("avedan/one", starts)
    ledger.hear(story)
    assert ledger.total("activities", period) == 1


def test_c10_the_hour_that_comes_twice_holds_two_activities(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/summer-time", "2024-10-27T00:30:00Z")
    story.activity("avedan/winter-time", "2024-10-27T01:30:00Z")
    ledger.hear(story)
    with_dates = {"from": "2024-10-27", "to": "2024-10-27"}
    assert ledger.total("activities", "2024-10") == 2
    assert ledger.by("activities", "activity", "2024-10") == {"avedan/summer-time": 1, "avedan/winter-time": 1}
    assert ledger.asked("activities", **with_dates).total.value == 2


def test_both_ends_of_a_range_are_included(story: Story, ledger: Ledger) -> None:
    for day in ("03-01", "03-02", "03-03", "03-04"):
        story.activity(f"avedan/on-{day}", f"2024-{day}T10:00:00+01:00")
    ledger.hear(story)
    found = ledger.asked("activities", **{"from": "2024-03-02", "to": "2024-03-03", "groupBy": "activity"})
    assert [row.keys["activity"] for row in found.values] == ["avedan/on-03-02", "avedan/on-03-03"]
    assert found.period.label == "2024-03-02/2024-03-03"
