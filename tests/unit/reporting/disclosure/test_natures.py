"""What disclosure knows of indicators, held to the registry: nothing is published whose nature nobody told."""

import pytest

from services.reporting.domain.disclosure.natures import ACROSS, NATURES, PUBLISHED_TOGETHER, TAKEN_AS_SUMS
from services.reporting.domain.indicators import INDICATORS
from services.reporting.domain.publication.parts import PARTS

NUMBERS = {part.name: (code, part) for code, parts in PARTS.items() for part in parts}

OF_NOBODY = frozenset(
    # Contract section 5, publications, 3: counts of things ...
    {"activities", "outreach-actions", "outreach-items", "outreach-personalised", "partners", "occupancy#capacity"}
    # ... and members of the coalition itself, with those that joined at an activity.
    | {"members", "members-joined", "conversion#joined"}
)
OF_THEMSELVES = frozenset({"ageBand", "neighbourhood"})
"""Groupings that say something of volunteers as persons (guide 4.1, 1)."""


def test_every_indicator_of_the_registry_has_its_numbers_and_every_number_one_nature() -> None:
    assert list(PARTS) == list(INDICATORS)
    assert sorted(NATURES) == sorted(NUMBERS)
    assert len(NUMBERS) == sum(len(parts) for parts in PARTS.values())


def test_a_number_is_named_after_its_indicator() -> None:
    assert all(name == code or name.startswith(f"{code}#") for name, (code, _) in NUMBERS.items())
    assert all(len(parts) == (2 if INDICATORS[code].unit == "percent" else 1) for code, parts in PARTS.items())


@pytest.mark.parametrize("name", NUMBERS)
def test_exempt_is_what_contract_and_guide_say_and_nothing_else(name: str) -> None:
    code, number = NUMBERS[name]
    for by in ("", *INDICATORS[code].group_by):
        exempt = name in OF_NOBODY or (name == "volunteers" and by not in OF_THEMSELVES)
        assert number.protection(by) == ("exempt" if exempt else "persons"), by


def test_volunteers_can_be_told_apart_by_age_band_and_neighbourhood() -> None:
    assert set(INDICATORS["volunteers"].group_by) >= OF_THEMSELVES


def test_what_tells_something_about_another_is_known_and_of_the_same_family() -> None:
    for across in ACROSS:
        assert {NATURES[part].family for part in across.parts} == {NATURES[across.whole].family}, across
    assert {name for together in PUBLISHED_TOGETHER for name in together} <= set(NATURES)


def test_stocks_are_taken_over_time_by_their_last_day_and_flows_are_not() -> None:
    by_last_day = {name for name, nature in NATURES.items() if nature.over_time == "last"}
    assert by_last_day == {name for name, (code, _) in NUMBERS.items() if INDICATORS[code].subject.stock}


def test_groupings_taken_as_sums_are_those_of_persons() -> None:
    assert set(TAKEN_AS_SUMS) == OF_THEMSELVES
