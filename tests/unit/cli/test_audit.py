"""`komerbij audit`: silent where nothing can be calculated, 1 and a table of places where something can."""

from typing import Any

from tests.unit.cli.conftest import Command, Service

PATH = "/v1/publications/audit"


def report(*findings: dict[str, Any]) -> dict[str, Any]:
    return {"cells": 8853, "hidden": 5969, "findings": list(findings)}


def test_nothing_found_is_a_sentence_and_no_failure(service: Service, command: Command) -> None:
    service.memory.shown[PATH] = report()
    shown = command("audit", "--url", service.url)
    assert shown.exit_code == 0, shown.output
    assert "8853 figures in the latest publications, 5969 of them hidden." in shown.output
    assert "Nothing that is hidden can be calculated." in shown.output


def test_what_can_be_calculated_is_named_with_who_and_from_what(service: Service, command: Command) -> None:
    finding = {"figure": "visits 2024 by kind: [bold]", "relations": ["sum visits 2024"]}
    service.memory.shown[PATH] = report({**finding, "reader": ""}, {**finding, "reader": "avedan"})
    shown = command("audit", "--url", service.url)
    assert shown.exit_code == 1
    words = " ".join(shown.output.replace("│", " ").split())
    for text in ("[bold]", "everybody", "avedan", "sum"):
        assert text in words


def test_a_service_that_refuses_is_a_complaint(service: Service, command: Command) -> None:
    service.memory.forbidden.add(PATH)
    assert command("audit", "--url", service.url).exit_code == 1
