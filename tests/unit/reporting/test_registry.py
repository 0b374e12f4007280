"""The registry is the contract's list, and every entry can be read, grouped and loaded."""

import pytest

from services.reporting.domain.facts import Assignment, Outreach, Partner
from services.reporting.domain.indicators import INDICATORS
from services.reporting.domain.indicators.outreach import ITEMS
from services.reporting.domain.periods import UNITS, calendar_period
from services.reporting.domain.questions import DIMENSIONS
from services.reporting.domain.subjects import ASSIGNMENTS
from shared.events.streams import EVENT_CLASSES

CONTRACT = {
    "activities": "activities",
    "participants": "people",
    "professionals": "people",
    "attendances": "presences",
    "visits": "visits",
    "signups": "presences",
    "unmet-demand": "presences",
    "no-show-rate": "percent",
    "occupancy": "percent",
    "new-participants": "people",
    "returning-participants": "people",
    "volunteers": "people",
    "partners": "organisations",
    "members": "organisations",
    "members-joined": "organisations",
    "conversion": "percent",
    "outreach-actions": "activities",
    "outreach-items": "items",
    "outreach-personalised": "items",
}


def test_every_indicator_of_the_contract_is_there_once_with_its_unit() -> None:
    assert {code: indicator.unit for code, indicator in INDICATORS.items()} == CONTRACT


@pytest.mark.parametrize("code", CONTRACT)
def test_an_indicator_is_fed_by_events_that_exist_and_grouped_by_dimensions_that_exist(code: str) -> None:
    indicator = INDICATORS[code]
    assert {f"nl.meedoen.{name}.v1" for name in indicator.events} <= set(EVENT_CLASSES)
    assert len(set(indicator.events)) == len(indicator.events)
    assert set(indicator.group_by) <= set(DIMENSIONS)
    assert set(indicator.subject.dimensions) <= set(DIMENSIONS)


def test_groupings_that_the_contract_names_are_allowed() -> None:
    assert INDICATORS["conversion"].group_by == ("activity",)
    assert "partnerKind" in INDICATORS["partners"].group_by
    for code in ("outreach-actions", "outreach-items", "outreach-personalised"):
        assert {"kind", "goal", "series", "partner"} <= set(INDICATORS[code].group_by)


def test_figures_without_persons_are_not_grouped_by_age() -> None:
    with_age = {code for code, indicator in INDICATORS.items() if "ageBand" in indicator.group_by}
    assert with_age == {
        *("participants", "professionals", "attendances", "new-participants", "returning-participants"),
        *("signups", "unmet-demand", "no-show-rate", "volunteers"),
    }


def test_a_stock_is_not_filtered_by_month_because_it_belongs_to_one_day() -> None:
    for code in ("volunteers", "members", "partners"):
        assert set(UNITS) <= set(INDICATORS[code].group_by)
        assert set(UNITS).isdisjoint(INDICATORS[code].filters)


def test_an_assignment_without_an_end_is_active_on_any_later_last_day() -> None:
    from_june = Assignment(Partner("avedan"), "anna", calendar_period("2024-06").first)
    assert not ASSIGNMENTS.counts_in(from_june, calendar_period("2024-05"))
    assert ASSIGNMENTS.counts_in(from_june, calendar_period("2199"))


def test_an_action_without_a_number_takes_no_part_in_the_precision_of_a_sum() -> None:
    year = calendar_period("2024")
    facts = [
        Outreach(Partner("a"), "cards", "initiative", year.first, quantity=5),
        Outreach(Partner("a"), "stand", "initiative", year.first, precision="about"),
    ]
    assert (ITEMS.measure(facts, year).value, ITEMS.measure(facts, year).precision) == (5, "exact")
