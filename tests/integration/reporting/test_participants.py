"""Persons count once, attendances count every time, and roles decide who is a participant."""

import pytest

from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.story import Story


def persons(first: int, last: int) -> list[str]:
    return [f"pid-{number}" for number in range(first, last + 1)]


def test_c01_growth_new_and_returning_of_two_years_with_an_overlap(story: Story, ledger: Ledger) -> None:
    """311 and 530 persons, 187 of them the same; both years together are 654, not 841."""
    story.activity("avedan/then", "2023-05-04T14:00:00+02:00")
    story.activity("avedan/now", "2024-05-04T14:00:00+02:00")
    story.crowd("avedan/then", *persons(1, 311))
    story.crowd("avedan/now", *persons(125, 654))
    ledger.hear(story)

    assert ledger.total("participants", "2023") == 311
    assert ledger.total("participants", "2024") == 530
    assert ledger.total("new-participants", "2024") == 343
    assert ledger.total("returning-participants", "2024") == 187
    both = ledger.asked("participants", **{"from": "2023-01-01", "to": "2024-12-31", "groupBy": "year"})
    assert both.total.value == 654
    assert [(row.keys["year"], row.value) for row in both.values] == [("2023", 311), ("2024", 530)]
    assert ledger.sheet(2024, 2023)["participants"]["growthPercent"] == 70.4


def test_c08_a_person_at_two_kinds_counts_once_in_the_total(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/bingo", kind="bingo")
    story.activity("avedan/walk", kind="walk")
    story.crowd("avedan/bingo", "anna")
    story.crowd("avedan/walk", "anna")
    ledger.hear(story)
    assert ledger.total("participants") == 1
    assert ledger.total("attendances") == 2
    assert ledger.by("participants", "kind") == {"bingo": 1, "walk": 1}


def test_c09_a_person_who_moves_counts_in_both_neighbourhoods_and_once_in_the_total(
    story: Story, ledger: Ledger
) -> None:
    story.activity("avedan/one", place="De Riet")
    story.activity("avedan/two", place="De Riet")
    story.attendance("avedan/one", "anna", neighbourhood="Aadorp")
    story.attendance("avedan/two", "anna", neighbourhood="Hofkamp")
    ledger.hear(story)
    assert ledger.total("participants") == 1
    assert ledger.by("participants", "neighbourhood") == {"Aadorp": 1, "Hofkamp": 1}


def test_c11_one_shared_person_at_two_partners_counts_once_with_two_attendances(story: Story, ledger: Ledger) -> None:
    """The same pid at two partners is one person; other pids are others."""
    story.activity("avedan/one")
    story.activity("noaberhoes/two")
    story.crowd("avedan/one", "shared", "x")
    story.crowd("noaberhoes/two", "shared", "y")
    ledger.hear(story)
    assert ledger.total("participants") == 3
    assert ledger.total("attendances") == 4
    assert ledger.by("participants", "partner") == {"avedan": 2, "noaberhoes": 2}


def test_c12_a_corrected_first_visit_moves_new_to_the_right_month(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/january", "2024-01-10T14:00:00+01:00")
    story.activity("avedan/february", "2024-02-10T14:00:00+01:00")
    story.activity("avedan/march", "2024-03-05T14:00:00+01:00")
    story.crowd("avedan/january", "anna", "ben")
    story.crowd("avedan/february", "ben")
    story.crowd("avedan/march", "anna", "ben")
    ledger.hear(story)
    assert ledger.by("new-participants", "month") == {"2024-01": 2, "2024-02": 0, "2024-03": 0}
    assert ledger.by("returning-participants", "month") == {"2024-01": 0, "2024-02": 1, "2024-03": 2}

    story.attendance("avedan/january", "anna", "absent")
    ledger.hear(story)
    assert ledger.by("new-participants", "month") == {"2024-01": 1, "2024-02": 0, "2024-03": 1}
    assert ledger.total("new-participants") == 2


def test_new_looks_at_all_activities_whatever_the_filter(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/walk", "2023-05-01T10:00:00+02:00", kind="walk")
    story.activity("avedan/bingo", kind="bingo")
    story.crowd("avedan/walk", "anna")
    story.crowd("avedan/bingo", "anna", "ben")
    ledger.hear(story)
    assert ledger.total("new-participants", kind="bingo") == 1
    assert ledger.total("returning-participants", kind="bingo") == 1
    assert ledger.by("new-participants", "partner") == {"avedan": 1}


def test_a_presence_as_volunteer_makes_nobody_a_returning_participant(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/before", "2023-05-01T10:00:00+02:00")
    story.activity("avedan/now")
    story.attendance("avedan/before", "anna", role="volunteer")
    story.crowd("avedan/now", "anna")
    ledger.hear(story)
    assert ledger.total("new-participants") == 1


def test_visitors_of_a_congress_are_professionals_and_no_participants(story: Story, ledger: Ledger) -> None:
    story.activity("gemeente/congres", kind="congress", goal="awareness")
    story.crowd("gemeente/congres", "a", "b", role="professional")
    story.attendance("gemeente/congres", "host", role="volunteer")
    ledger.hear(story)
    assert ledger.total("professionals") == 2
    assert ledger.total("participants") == 0
    assert ledger.total("attendances") == 0


def test_a_party_counts_in_attendances_and_its_guests_are_no_known_persons(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/meal", kind="meal")
    story.attendance("avedan/meal", "anna", partySize=3)
    ledger.hear(story)
    assert ledger.total("attendances") == 3
    assert ledger.total("participants") == 1


@pytest.mark.parametrize("outcome", ["absent", "excused", "void"])
def test_only_who_was_present_is_a_participant(story: Story, ledger: Ledger, outcome: str) -> None:
    story.activity("avedan/bingo")
    story.crowd("avedan/bingo", "anna")
    story.attendance("avedan/bingo", "anna", outcome)
    ledger.hear(story)
    assert ledger.total("participants") == 0


def test_a_presence_at_a_cancelled_activity_counts_because_facts_win(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/bingo", capacity=10)
    story.activity("avedan/bingo", capacity=10, status="cancelled")
    story.crowd("avedan/bingo", "anna")
    ledger.hear(story)
    assert ledger.total("participants") == 1
    assert ledger.total("activities") == 0
    assert ledger.ask("occupancy").total.status == "not-applicable"


def test_a_fact_of_an_unknown_activity_is_kept_and_counts_once_the_activity_comes(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/bingo")
    story.crowd("avedan/bingo", "anna")
    ledger.take(story.events[1:])
    assert ledger.total("participants") == 0
    ledger.take(story.events)
    assert ledger.total("participants") == 1


def test_an_unknown_age_band_has_a_row_of_its_own_at_the_end(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/bingo")
    story.attendance("avedan/bingo", "anna")
    story.attendance("avedan/bingo", "ben", ageBand="85+")
    story.attendance("avedan/bingo", "carl", ageBand="0-17")
    ledger.hear(story)
    assert list(ledger.by("participants", "ageBand").items()) == [("0-17", 1), ("85+", 1), (None, 1)]
    assert ledger.ask("participants", groupBy="ageBand").values[-1].label == {"ageBand": "onbekend"}
    assert ledger.total("participants", ageBand="onbekend") == 1
