"""Every reason that a message can have is in the one list, in words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import services.notifications
from services.notifications.domain.facts import REFUSED
from services.notifications.domain.reasons import REASONS, in_words

_MADE_WITH = {"Retry", "ChannelRefused", "Failed", "Unknown", "ToCall", "Suppressed", "Closed", "Drop", "Close"}


def codes() -> Iterator[str]:
    """The second word of outcomes and decisions, and whatever is written into the columns of reasons."""
    folder = Path(services.notifications.__file__).parent
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and (path.name, node.name) == ("connections.py", "_why"):
                yield from _texts([one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value])
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", "")
                yield from _texts(node.args[1:2] if name in _MADE_WITH - {"Drop"} else [])
                yield from _texts(node.args[:1] if name == "Drop" else [])
                if name in _MADE_WITH or getattr(node.func, "attr", "") == "values":
                    yield from _texts([k.value for k in node.keywords if k.arg in ("reason", "call_reason")])


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        yield from (n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str))


def test_every_code_that_is_written_is_in_the_list() -> None:
    found = {*codes(), *REFUSED}
    assert len(found) > 15
    assert found - set(REASONS) == set()


def test_every_reason_is_a_sentence_in_both_languages() -> None:
    for words in REASONS.values():
        assert words.nl.endswith(".")
        assert words.en.endswith(".")


def test_a_code_that_nobody_wrote_down_is_shown_as_it_is() -> None:
    assert in_words("of-tomorrow") == "of-tomorrow"
    assert in_words(None) is None
