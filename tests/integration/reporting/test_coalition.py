"""Volunteers, partners, members and conversion: what the coalition has on a day, and what a congress brought."""

from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.story import Story


def test_c18_volunteers_are_persons_on_the_last_day(story: Story, ledger: Ledger) -> None:
    """2 to 6, one of them released and assigned again, one with two assignments."""
    series = {"seriesId": "avedan/groenedael"}
    story.volunteer("avedan/v1", "anna", "2023-07-01", **series)
    story.volunteer("avedan/v2", "ben", "2023-07-01", **series)
    story.volunteer("avedan/v1", "anna", "2023-07-01", "2024-03-31", **series)
    story.volunteer("avedan/v3", "anna", "2024-05-01", **series)
    for number, first in enumerate(["2024-04-01", "2024-06-01", "2024-09-01", "2024-09-14", "2024-10-01"]):
        story.volunteer(f"avedan/new-{number}", f"new-{min(number, 3)}", first, **series)
    story.volunteer("avedan/v9", "gone", "2024-04-01", "2024-08-31", **series)
    ledger.hear(story)
    assert ledger.total("volunteers", "2023") == 2
    assert ledger.total("volunteers", "2024") == 6
    assert ledger.by("volunteers", "series") == {"avedan/groenedael": 6}
    assert ledger.sheet(2024, 2023)["volunteers"]["growthPercent"] == 200.0


def test_a_stock_by_month_is_what_there_was_at_the_end_of_each_month(story: Story, ledger: Ledger) -> None:
    story.volunteer("avedan/v1", "anna", "2024-01-20", "2024-03-30")
    story.volunteer("avedan/v2", "ben", "2024-02-29")
    ledger.hear(story)
    assert ledger.by("volunteers", "month", "2024-Q1") == {"2024-01": 1, "2024-02": 2, "2024-03": 1}
    assert ledger.by("volunteers", "quarter") == {"2024-Q1": 1, "2024-Q2": 1, "2024-Q3": 1, "2024-Q4": 1}


def test_a_stock_by_month_and_quarter_pairs_each_month_with_its_own_quarter(story: Story, ledger: Ledger) -> None:
    story.volunteer("avedan/v1", "anna", "2024-03-01", "2024-04-30")
    ledger.hear(story)
    found = ledger.ask("volunteers", groupBy="quarter,month")
    assert [tuple(row.keys.values()) for row in found.values] == [("2024-Q1", "2024-03"), ("2024-Q2", "2024-04")]


def test_an_assignment_that_ends_before_it_begins_never_was(story: Story, ledger: Ledger) -> None:
    story.volunteer("avedan/v1", "anna", "2024-06-01", "2024-05-31")
    ledger.hear(story)
    assert ledger.total("volunteers", "2024-05") == 0
    assert ledger.total("volunteers", "2024-06") == 0
    assert ledger.by("volunteers", "month") == {}


def test_the_last_day_of_a_partner_still_counts(story: Story, ledger: Ledger) -> None:
    story.partner("avedan")
    story.partner("cosbo", "chain-partner")
    story.partner("ontplooj", left="2024-06-30")
    story.partner("later", joined="2024-07-01")
    ledger.hear(story)
    assert ledger.total("partners", "2024-06") == 3
    assert ledger.by("partners", "partnerKind", "2024-06") == {"partner": 2, "chain-partner": 1}
    assert ledger.total("partners", "2024-07") == 3
    assert ledger.by("partners", "municipality", "2024-07") == {"GM0141": 3}


def test_who_left_before_joining_never_was_a_member(story: Story, ledger: Ledger) -> None:
    story.activity("gemeente/congres", "2024-10-03T09:00:00+02:00", kind="congress", goal="awareness")
    story.attendance("gemeente/congres", "anna", role="professional")
    story.member("gemeente/m1", "2024-10-20", left="2024-10-19", via="gemeente/congres")
    story.member("gemeente/m2", "2024-10-20", left="2024-10-20", via="gemeente/congres")
    ledger.hear(story)
    assert ledger.total("members-joined", "2024") == 1
    assert ledger.total("members", "2024-10") == 0
    assert ledger.by("conversion", "activity") == {"gemeente/congres": 100.0}


def test_who_joined_and_left_again_did_join(story: Story, ledger: Ledger) -> None:
    story.member("avedan/m1", "2023-03-01", kind="professional")
    story.member("avedan/m2", "2024-02-01", left="2024-04-01")
    story.member("avedan/m3", "2024-05-01")
    ledger.hear(story)
    assert ledger.total("members", "2024") == 2
    assert ledger.by("members", "kind") == {"organisation": 1, "professional": 1}
    assert ledger.total("members-joined", "2024") == 2
    assert ledger.by("members-joined", "month") == {"2024-02": 1, "2024-05": 1}
    assert ledger.total("members", "2024-03") == 2


def test_c19_conversion_of_a_congress(story: Story, ledger: Ledger) -> None:
    """104 professionals, 26 joined via it, whenever that was."""
    story.activity("gemeente/congres", "2024-10-03T09:00:00+02:00", kind="congress", goal="awareness")
    story.crowd("gemeente/congres", *(f"pid-{number}" for number in range(104)), role="professional")
    story.attendance("gemeente/congres", "host", role="volunteer")
    for number in range(26):
        story.member(f"gemeente/m{number}", "2025-01-15" if number < 3 else "2024-10-20", via="gemeente/congres")
    story.member("gemeente/other", "2024-10-20")
    ledger.hear(story)
    assert ledger.by("conversion", "activity") == {"gemeente/congres": 25.0}
    assert ledger.total("conversion", activity="gemeente/congres") == 25.0


def test_members_via_an_activity_where_nobody_was_recorded_give_no_rate(story: Story, ledger: Ledger) -> None:
    story.activity("gemeente/congres", kind="congress")
    story.member("gemeente/m1", "2024-10-20", via="gemeente/congres")
    ledger.hear(story)
    row = ledger.ask("conversion", groupBy="activity").values[0]
    assert (row.keys, row.value, row.status) == ({"activity": "gemeente/congres"}, None, "not-applicable")


def test_c19_cards_keep_their_precision_and_a_sum_takes_the_weakest(story: Story, ledger: Ledger) -> None:
    story.outreach("gemeente/a", quantity=712, personalised=712, precision="over", personalisedPrecision="over")
    story.outreach("gemeente/b", quantity=288, precision="about")
    ledger.hear(story)
    sheet = ledger.sheet(2024)
    assert [sheet["outreach-items"][name] for name in ("value", "precision")] == [1000, "about"]
    assert [sheet["outreach-personalised:cards"][name] for name in ("value", "precision")] == [712, "over"]


def test_c20_the_same_action_again_is_the_same_action(story: Story, ledger: Ledger) -> None:
    for ref, kind in [("avedan/e", "easter-eggs"), ("noaberhoes/f", "flowers"), ("mens/l", "lights")]:
        story.outreach(ref, kind, seriesId="gemeente/geluk-gedeeld")
    story.outreach("noaberhoes/f", "flowers", seriesId="gemeente/geluk-gedeeld")
    ledger.hear(story)
    assert ledger.by("outreach-actions", "kind") == {"flowers": 1, "easter-eggs": 1, "lights": 1}
    assert ledger.by("outreach-actions", "series") == {"gemeente/geluk-gedeeld": 3}
    assert ledger.ask("outreach-items").total.status == "not-applicable"


def test_an_action_that_was_taken_back_is_gone(story: Story, ledger: Ledger) -> None:
    story.outreach("gemeente/a", quantity=10)
    story.outreach("gemeente/a", quantity=10, void=True)
    ledger.hear(story)
    assert ledger.total("outreach-actions") == 0
    assert ledger.total("outreach-items") is None
