"""`komerbij keys`: made, listed, taken back."""

import pytest

from tests.unit.cli.conftest import Command, Service


def test_a_key_is_made_shown_once_listed_and_taken_back(service: Service, command: Command) -> None:
    at = ("--service", "registration", "--url", service.url)
    made = command("keys", "create", *at, "--partner", "avedan", "--scope", "events:write", "--label", "Avedan")
    assert made.exit_code == 0, made.output
    assert "the-new-key" in made.output
    assert service.memory.keys["k1"]["partnerId"] == "avedan"
    listed = command("keys", "list", *at)
    assert all(word in listed.output for word in ("k1", "Avedan", "events:write"))
    assert "the-new-key" not in listed.output
    assert command("keys", "delete", *at, "k1").exit_code == 0
    assert service.memory.keys == {}


def test_where_no_key_is_a_sentence_says_so(service: Service, command: Command) -> None:
    result = command("keys", "list", "--service", "reporting", "--url", service.url)
    assert result.exit_code == 0
    assert result.output == "Reporting has no keys of its own; the admin key works.\n"


def test_times_are_shown_to_the_second(service: Service, command: Command) -> None:
    at = ("--service", "reporting", "--url", service.url)
    command("keys", "create", *at, "--scope", "statistics:read", "--label", "council")
    service.memory.keys["k1"] |= {"createdAt": "2026-01-01T09:10:11.123456Z", "lastUsedAt": "2026-01-02T00:00:00Z"}
    shown = command("keys", "list", *at).output
    assert "2026-01-01T09:10:11Z" in shown
    assert "2026-01-02T00:00:00Z" in shown


def test_a_key_that_is_not_there_is_a_sentence(service: Service, command: Command) -> None:
    result = command("keys", "delete", "--service", "reporting", "--url", service.url, "k9")
    assert result.exit_code == 1
    assert "because of not-found" in result.output


@pytest.mark.parametrize(
    "words", [("list",), ("list", "--service", "accounting"), ("create", "--service", "reporting")]
)
def test_missing_or_unknown_words_are_wrong_use(command: Command, words: tuple[str, ...]) -> None:
    assert command("keys", *words).exit_code == 2


def test_an_address_that_is_none_is_wrong_use(command: Command) -> None:
    result = command("keys", "list", "--service", "reporting", "--url", "localhost:8003")
    assert result.exit_code == 2
    assert "http://" in result.output
