"""Activities, sign-ups, no-show and occupancy: what was asked for, and what was used."""

from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.story import Story


def twelve_on_twelve(story: Story) -> None:
    story.activity("avedan/bingo", capacity=12)
    for number in range(12):
        story.signup(f"avedan/s{number}", "avedan/bingo", f"pid-{number}")
        story.attendance("avedan/bingo", f"pid-{number}")


def test_c05_one_of_twelve_who_did_not_come_shows_in_three_figures(story: Story, ledger: Ledger) -> None:
    twelve_on_twelve(story)
    story.attendance("avedan/bingo", "pid-3", "absent")
    ledger.hear(story)
    assert ledger.total("attendances") == 11
    assert ledger.total("no-show-rate") == 8.3
    assert ledger.total("occupancy") == 91.7

    story.attendance("avedan/bingo", "pid-3", "present")
    ledger.hear(story)
    assert [ledger.total(code) for code in ("attendances", "no-show-rate", "occupancy")] == [12, 0.0, 100.0]


def test_c06_unmet_demand_is_who_still_waits(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/bingo", capacity=12)
    for number in range(15):
        story.signup(f"avedan/s{number}", "avedan/bingo", f"pid-{number}", "confirmed" if number < 12 else "waitlisted")
    ledger.hear(story)
    assert (ledger.total("signups"), ledger.total("unmet-demand")) == (15, 3)

    story.signup("avedan/s0", "avedan/bingo", "pid-0", "withdrawn")
    story.signup("avedan/s12", "avedan/bingo", "pid-12", "confirmed", promoted=True)
    ledger.hear(story)
    assert (ledger.total("signups"), ledger.total("unmet-demand")) == (14, 2)


def test_c07_a_cancelled_activity_keeps_its_signups_and_has_no_rate(story: Story, ledger: Ledger) -> None:
    twelve_on_twelve(story)
    story.activity("avedan/bingo", capacity=12, status="cancelled", reason="storm")
    ledger.hear(story)
    rate = ledger.ask("no-show-rate")
    assert (rate.total.value, rate.total.status, rate.values) == (None, "not-applicable", [])
    assert ledger.total("activities") == 0
    assert ledger.total("signups") == 12


def test_walk_ins_and_excused_are_on_neither_side_of_the_no_show_rate(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/bingo")
    for number, outcome in enumerate(["present", "absent", "excused", "void"]):
        story.signup(f"avedan/s{number}", "avedan/bingo", f"pid-{number}")
        story.attendance("avedan/bingo", f"pid-{number}", outcome)
    story.signup("avedan/quiet", "avedan/bingo", "nothing-recorded")
    story.crowd("avedan/bingo", "walk-in-1", "walk-in-2", "walk-in-3")
    ledger.hear(story)
    assert ledger.total("no-show-rate") == 50.0


def test_the_no_show_rate_is_about_confirmed_participants_alone(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/bingo")
    for signup, status, role in [
        ("a", "confirmed", "participant"),
        ("b", "waitlisted", "participant"),
        ("c", "withdrawn", "participant"),
        ("d", "confirmed", "professional"),
        ("e", "confirmed", "volunteer"),
    ]:
        story.signup(f"avedan/{signup}", "avedan/bingo", signup, status, role=role)
        story.attendance("avedan/bingo", signup, "present" if signup == "a" else "absent", role=role)
    ledger.hear(story)
    assert ledger.total("no-show-rate") == 0.0


def test_a_no_show_in_another_role_says_nothing_about_the_signup(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/bingo")
    story.signup("avedan/s", "avedan/bingo", "anna")
    story.attendance("avedan/bingo", "anna", "absent", role="volunteer")
    ledger.hear(story)
    assert ledger.ask("no-show-rate").total.status == "not-applicable"


def test_occupancy_leaves_out_activities_without_capacity_or_without_a_list(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/full", capacity=4)
    story.activity("avedan/no-list", capacity=100)
    story.activity("avedan/no-capacity", kind="walk")
    story.crowd("avedan/full", "a", partySize=2)
    story.crowd("avedan/full", "b", role="professional")
    story.crowd("avedan/full", "host", role="volunteer")
    story.crowd("avedan/no-capacity", "c", "d")
    ledger.hear(story)
    assert ledger.total("occupancy") == 75.0
    assert ledger.by("occupancy", "kind") == {"bingo": 75.0}


def test_a_list_on_which_everybody_is_absent_is_an_occupancy_of_nought(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/bingo", capacity=4)
    story.attendance("avedan/bingo", "a", "absent")
    ledger.hear(story)
    assert ledger.total("occupancy") == 0.0


def test_a_list_that_was_taken_back_is_no_list(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/bingo", capacity=4)
    story.attendance("avedan/bingo", "a")
    story.attendance("avedan/bingo", "a", "void")
    ledger.hear(story)
    assert ledger.ask("occupancy").total.status == "not-applicable"


def test_an_activity_that_moves_to_another_kind_and_year_takes_its_facts_along(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/one", "2023-12-29T10:00:00+01:00", kind="walk")
    story.crowd("avedan/one", "anna")
    story.activity("avedan/one", "2024-01-05T10:00:00+01:00", kind="visit")
    ledger.hear(story)
    assert ledger.total("participants", "2023") == 0
    assert ledger.by("participants", "kind") == {"visit": 1}
    assert ledger.by("activities", "month") == {"2024-01": 1}


def test_activities_are_in_the_neighbourhood_of_their_place(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/one", place="De Riet")
    story.activity("avedan/two")
    ledger.hear(story)
    assert list(ledger.by("activities", "neighbourhood").items()) == [("De Riet", 1), (None, 1)]


def test_c02_c22_visits_are_the_latest_counts_and_no_participants(story: Story, ledger: Ledger) -> None:
    counts = [28, 31, 30, 34, 29, 33, 31, 36, 30, 32, 35, 28, 33, 30, 31, 29, 30]
    for number, count in enumerate(counts):
        ref = f"avedan/open-{number}"
        story.activity(ref, kind="meeting-place", place="Sluitersveld", seriesId="avedan/groenedael")
        story.heads(ref, count)
    story.heads("avedan/open-7", 63)
    story.heads("avedan/open-7", 36)
    story.crowd("avedan/open-0", *(f"pid-{number}" for number in range(530)))
    ledger.hear(story)
    assert (ledger.total("visits"), ledger.total("participants")) == (530, 530)
    assert ledger.by("visits", "neighbourhood") == {"Sluitersveld": 530}

    story.heads("avedan/open-2", 0)
    ledger.hear(story)
    assert (ledger.total("visits"), ledger.total("participants")) == (500, 530)


def test_c22_nobody_counted_is_null_and_nobody_came_is_nought(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/open", kind="meeting-place")
    ledger.hear(story)
    unknown = ledger.ask("visits").total
    assert (unknown.value, unknown.status) == (None, "not-applicable")

    story.heads("avedan/open", 0)
    ledger.hear(story)
    counted = ledger.ask("visits").total
    assert (counted.value, counted.status) == (0, "exact")

    story.heads("avedan/open", None)
    ledger.hear(story)
    assert ledger.ask("visits").total.status == "not-applicable"


def test_counts_under_two_keys_add_up(story: Story, ledger: Ledger) -> None:
    story.activity("avedan/open", kind="meeting-place")
    story.heads("avedan/open", 12, "front")
    story.heads("avedan/open", 5, "back")
    ledger.hear(story)
    assert ledger.total("visits") == 17
