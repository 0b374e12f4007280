"""The partners' page names every kind of sheet and every column, and none that does not exist."""

import re

import pytest

from cli.spreadsheets.layouts import LAYOUTS, Kind
from tests.architecture.documents import document, section

PAGE = document("docs/spreadsheets.md")


def columns(kind: Kind) -> list[tuple[str, list[str], bool]]:
    """Name, other names and whether it is needed, as the page has them."""
    heading = next(line for line in PAGE.splitlines() if line.endswith(f": `--as {kind}`"))
    listed = " ".join(section(PAGE, heading.lstrip("# ")).split("\n\n")[0].split())
    found = []
    for item in listed.split(" · "):
        parts = re.fullmatch(r"(\*\*)?([^*(]+?)(\*\*)? \(([^)]*)\)", item.strip())
        assert parts, item
        found.append((parts[2], [name.strip("*") for name in parts[4].split(", ")], bool(parts[1])))
    return found


@pytest.mark.parametrize("kind", Kind)
def test_every_column_stands_on_the_page_with_its_names_and_whether_it_is_needed(kind: Kind) -> None:
    expected = [(one.shown, [*one.dutch[1:], one.name], one.required) for one in LAYOUTS[kind].columns]
    assert columns(kind) == expected


def test_no_kind_stands_on_the_page_that_does_not_exist() -> None:
    assert set(re.findall(r"^### .*`--as ([a-z]+)`$", PAGE, re.MULTILINE)) == set(Kind)
