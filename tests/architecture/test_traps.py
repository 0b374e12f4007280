"""The table of traps is held to the code: every trap has its guard and its tests, every named test exists."""

import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.architecture.documents import document, rows, section
from tests.architecture.source_tree import ROOT, python_files, shown

NUMBERS = (*(f"T{number}" for number in range(1, 30)), *(f"N{number}" for number in range(1, 8)))
_TEST = re.compile(r"^ *(?:async )?def (test_\w+)\(", re.MULTILINE)
_NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
_MODULE = re.compile(r"`((?:services|shared)/[\w/]+\.py)`")
_RECORD = re.compile(r"\((decisions/\d{4}-[\w-]+\.md)\)")
_NUMBER = re.compile(r"(?:^test_|_)([tn])(\d+)(?=_)")


@cache
def every_test() -> frozenset[tuple[str, str]]:
    """(file below tests/, function) of every test there is."""
    return frozenset(_tests())


def _tests() -> Iterator[tuple[str, str]]:
    for path in python_files("tests"):
        text = path.read_text(encoding="utf-8")
        yield from ((shown(path).removeprefix("tests/"), name) for name in _TEST.findall(text))


def traps_of(name: str) -> set[str]:
    """The traps that a test's name names: `test_t05_t18_...` is of T5 and of T18."""
    if not re.match(r"test_[tn]\d+_", name):
        return set()
    return {f"{letter.upper()}{int(number)}" for letter, number in _NUMBER.findall(name)}


def table() -> dict[str, list[str]]:
    """Trap -> the cells of its row."""
    before = document("docs/traps.md").partition("\n## ")[0]
    return {row[0]: row for row in rows(before)}


def named(cell: str) -> set[tuple[str, str]]:
    """Every test in a cell."""
    return set(_NAMED.findall(cell))


def test_every_trap_has_one_row() -> None:
    listed = [row[0] for row in rows(document("docs/traps.md").partition("\n## ")[0])]
    assert listed == list(NUMBERS)


@pytest.mark.parametrize("trap", NUMBERS)
def test_every_trap_has_a_guard_and_a_test_that_bears_its_number(trap: str) -> None:
    _, _, guard, pins, _ = table()[trap]
    modules = _MODULE.findall(guard)
    assert modules
    assert [module for module in modules if not (ROOT / module).exists()] == []
    assert {name for _, name in named(pins) if trap in traps_of(name)} or _RECORD.search(pins)


@pytest.mark.parametrize("trap", NUMBERS)
def test_every_row_names_a_negative_control_or_says_why_there_is_none(trap: str) -> None:
    control = table()[trap][4]
    assert named(control) or re.fullmatch(r"none: .{10,}", control)


def test_every_test_that_bears_a_number_stands_in_its_row() -> None:
    found = table()
    missing = [
        (trap, name)
        for file, name in every_test()
        for trap in traps_of(name)
        if (file, name) not in named(" ".join(found[trap][3:]))
    ]
    assert sorted(missing) == []


def test_every_test_that_the_document_names_exists() -> None:
    assert sorted(named(document("docs/traps.md")) - every_test()) == []


def test_every_decision_that_the_document_names_exists() -> None:
    records = _RECORD.findall(document("docs/traps.md"))
    assert [record for record in records if not (ROOT / "docs" / record).exists()] == []


def test_the_promises_that_no_single_trap_covers_have_their_tests() -> None:
    text = section(document("docs/traps.md"), "What no single trap covers")
    assert [row[0] for row in rows(text) if not named(row[1]) or not named(row[2])] == []
