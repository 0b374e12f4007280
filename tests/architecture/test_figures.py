"""The tables of figures are held to the tests: each number has a row and a test, no test another number."""

import re
from collections.abc import Mapping

import pytest

from tests.architecture.documents import document, rows
from tests.architecture.test_traps import every_test

NUMBERS = (*(f"C{number:02}" for number in range(1, 24)), *(f"D{number:02}" for number in range(1, 21)))
_BEARS = re.compile(r"test_((?:[a-z]\d\d_)*)")
_NUMBER = re.compile(r"[cd]\d\d")
_FILE = re.compile(r"`([^`]+)`")


def numbers_of(name: str) -> set[str]:
    """The rows that a test's name names at its head: `test_c02_c22_...` is of both."""
    head = _BEARS.match(name)
    return {number.upper() for number in _NUMBER.findall(head[1])} if head else set()


def borne() -> Mapping[str, set[str]]:
    """Number -> the files with a test that bears it."""
    found: dict[str, set[str]] = {}
    for path, name in every_test():
        for number in numbers_of(name):
            found.setdefault(number, set()).add(path)
    return found


def table() -> dict[str, list[str]]:
    """Number -> the cells of its row."""
    return {row[0]: row for row in rows(document("docs/figures.md"))}


def test_every_number_has_one_row() -> None:
    assert [row[0] for row in rows(document("docs/figures.md"))] == list(NUMBERS)


def test_every_number_has_a_test_that_bears_it() -> None:
    assert [number for number in NUMBERS if number not in borne()] == []


def test_every_number_that_a_test_bears_has_a_row() -> None:
    assert sorted(borne().keys() - set(NUMBERS)) == []


@pytest.mark.parametrize("number", NUMBERS)
def test_every_row_says_what_must_come_of_it_and_names_files_that_hold_it(number: str) -> None:
    _, happens, outcome, tests = table()[number]
    assert happens
    assert outcome
    named = set(_FILE.findall(tests))
    assert named
    assert sorted(named - borne().get(number, set())) == []


def test_a_name_bears_its_numbers_at_its_head() -> None:
    assert numbers_of("test_c02_c22_visits") == {"C02", "C22"}
    assert numbers_of("test_f16_c17_loss") == {"C17"}
    assert numbers_of("test_visits_c02_x") == numbers_of("test_c2_x") == numbers_of("test_cold_x") == set()
