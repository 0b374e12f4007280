"""The table of failures is held to the tests: each number (1 to 40) has a row and a test, no test another number."""

import re

import pytest

from tests.architecture.documents import document, rows
from tests.architecture.source_tree import ROOT
from tests.architecture.test_traps import every_test

NUMBERS = tuple(f"F{number:02}" for number in range(1, 41))
_NUMBER = re.compile(r"(?<=_)f(\d\d)(?=_)")
_BEARS = re.compile(r"test_f\d\d_")
_MODULE = re.compile(r"`((?:N|shared)/[\w/]+\.py)`")
_DOCUMENT = re.compile(r"\(((?:decisions/)?[\w-]+\.md)\)")


def table() -> dict[str, list[str]]:
    """Number -> the cells of its row."""
    return {row[0]: row for row in rows(document("docs/failures.md"))}


def numbers_of(name: str) -> set[str]:
    """The failures that a test's name names: `test_f16_f20_...` is of both."""
    return {f"F{number}" for number in _NUMBER.findall(name)} if _BEARS.match(name) else set()


def borne() -> set[str]:
    """Every number that a test bears."""
    return {number for _, name in every_test() for number in numbers_of(name)}


def test_every_failure_has_one_row() -> None:
    assert sorted(row[0] for row in rows(document("docs/failures.md"))) == list(NUMBERS)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_failure_has_a_test_that_bears_its_number(number: str) -> None:
    assert number in borne()


def test_every_number_that_a_test_bears_has_a_row() -> None:
    assert sorted(borne() - set(table())) == []


def test_a_name_may_bear_several_numbers_and_only_at_its_head_or_after() -> None:
    assert numbers_of("test_f16_f20_quiet_hours") == {"F16", "F20"}
    assert numbers_of("test_quiet_hours_f20_hold") == numbers_of("test_f1_x") == numbers_of("test_fold_x") == set()


@pytest.mark.parametrize("number", NUMBERS)
def test_every_row_says_what_must_come_of_it_and_where_that_is_decided(number: str) -> None:
    _, happens, outcome, decided = table()[number]
    modules = [name.replace("N/", "services/notifications/", 1) for name in _MODULE.findall(decided)]
    places = [ROOT / name for name in modules] + [ROOT / "docs" / name for name in _DOCUMENT.findall(decided)]
    assert happens
    assert outcome
    assert places
    assert [str(place) for place in places if not place.exists()] == []
