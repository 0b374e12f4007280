"""`komerbij dead-letters`: listed, shown, tried again, dropped."""

import base64
from typing import Any

import pytest

from tests.unit.cli.conftest import Command, Service


def letter(number: int, **members: Any) -> dict[str, Any]:
    defaults = {
        "id": number,
        "streamId": f"{number}00-0",
        "type": "nl.meedoen.signup-confirmed.v1",
        "reason": "ValueError while applying",
        "attempts": 8,
        "at": "2026-11-24T03:10:11.123456Z",
        "body": "",
    }
    return {**defaults, **members}


@pytest.fixture
def three(service: Service) -> Service:
    """Three letters: more than a page."""
    service.memory.letters = {number: letter(number) for number in (1, 2, 3)}
    return service


def at(service: Service) -> tuple[str, ...]:
    return ("--service", "reporting", "--url", service.url)


def test_all_pages_are_listed(three: Service, command: Command) -> None:
    shown = command("dead-letters", "list", *at(three))
    assert shown.exit_code == 0, shown.output
    for words in ("100-0", "200-0", "300-0", "ValueError while applying", "2026-11-24T03:10:11Z"):
        assert words in shown.output
    assert "123456" not in shown.output


def test_without_a_service_those_of_both_are_listed(
    three: Service, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = three.url.rpartition(":")[2]
    monkeypatch.setenv("REPORTING_PORT", port)
    monkeypatch.setenv("NOTIFICATIONS_PORT", port)
    shown = command("dead-letters", "list").output
    assert shown.count("100-0") == 2
    assert "reporting" in shown
    assert "notifications" in shown


def test_where_there_are_none_a_sentence_says_so(service: Service, command: Command) -> None:
    shown = command("dead-letters", "list", *at(service))
    assert (shown.exit_code, shown.output) == (0, "There are no dead letters.\n")


def test_one_is_shown_with_its_bytes_made_harmless_for_a_terminal(service: Service, command: Command) -> None:
    body = base64.b64encode(b'\x1b[2J\xff{"no": "event"}').decode()
    service.memory.letters = {4: letter(4, type=None, reason="no JSON", body=body)}
    shown = command("dead-letters", "show", "4", *at(service))
    assert shown.exit_code == 0, shown.output
    assert "no JSON" in shown.output
    assert '\\x1b[2J\\xff{"no": "event"}' in shown.output
    assert "\x1b" not in shown.output


def test_one_without_bytes_says_where_its_event_is(three: Service, command: Command) -> None:
    assert "the event log has it" in command("dead-letters", "show", "1", *at(three)).output


def test_one_is_tried_again(three: Service, command: Command) -> None:
    tried = command("dead-letters", "retry", "2", *at(three))
    assert (tried.exit_code, tried.output) == (0, "2: applied\n")
    assert sorted(three.memory.letters) == [1, 3]


def test_what_is_kept_is_a_failure_with_its_reason(three: Service, command: Command) -> None:
    three.memory.kept = {2: "ValueError while applying"}
    tried = command("dead-letters", "retry", "2", *at(three))
    assert (tried.exit_code, tried.output) == (1, "2: kept (ValueError while applying)\n")


def test_all_are_tried_and_counted(three: Service, command: Command) -> None:
    three.memory.kept = {2: "no"}
    tried = command("dead-letters", "retry", "--all", *at(three))
    assert tried.exit_code == 1
    assert tried.output.endswith("2 applied, 1 kept.\n")
    three.memory.kept = {}
    assert command("dead-letters", "retry", "--all", *at(three)).exit_code == 0
    assert three.memory.letters == {}


def test_all_of_none_is_no_failure(service: Service, command: Command) -> None:
    tried = command("dead-letters", "retry", "--all", *at(service))
    assert (tried.exit_code, tried.output) == (0, "0 applied, 0 kept.\n")


def test_one_is_dropped(three: Service, command: Command) -> None:
    assert command("dead-letters", "drop", "1", *at(three)).exit_code == 0
    assert sorted(three.memory.letters) == [2, 3]


@pytest.mark.parametrize("words", [("show", "9"), ("retry", "9"), ("drop", "9")])
def test_one_that_is_not_there_is_a_sentence(three: Service, command: Command, words: tuple[str, ...]) -> None:
    told = command("dead-letters", *words, *at(three))
    assert told.exit_code == 1
    assert "because of not-found" in told.output


@pytest.mark.parametrize(
    "words",
    [
        ("show", "1"),
        ("show", "x", "--service", "reporting"),
        ("retry", "--service", "reporting"),
        ("retry", "1", "--all", "--service", "reporting"),
        ("drop", "0", "--service", "reporting"),
        ("list", "--service", "registration"),
        ("list", "--url", "http://127.0.0.1:1"),
    ],
)
def test_wrong_use_is_2(command: Command, words: tuple[str, ...]) -> None:
    assert command("dead-letters", *words).exit_code == 2


def test_nobody_at_home_is_a_failure(command: Command) -> None:
    told = command("dead-letters", "retry", "1", "--service", "reporting", "--url", "http://127.0.0.1:1")
    assert told.exit_code == 1
    assert "Nobody answers" in told.output
