"""Reads the tables of the documentation, so that tests can hold them to the code."""

import re
from collections.abc import Iterator

from tests.architecture.source_tree import ROOT

_SPAN = re.compile(r"`([^`]+)`")


def document(name: str) -> str:
    """The text of a document, by its path from the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """What stands under a heading up to the next one of the same or a higher level."""
    found = re.search(rf"^(#+) {re.escape(heading)}\s*$", text, re.MULTILINE)
    if found is None:
        raise LookupError(f"no heading {heading!r}")
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(text: str) -> Iterator[list[str]]:
    """The cells of every row of every table, without the heading row."""
    heading = True
    for line in text.splitlines():
        if not line.startswith("|"):
            heading = True
        elif set(line) <= set("|-: "):
            heading = False
        elif not heading:
            yield [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def names(text: str) -> list[str]:
    """Everything in code marks in the first column of the tables."""
    return [name for row in rows(text) for name in _SPAN.findall(row[0])]
