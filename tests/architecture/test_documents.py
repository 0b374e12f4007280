"""The documentation is complete and claims nothing that is not there: variables, commands, codes, indicators."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import typer.main
from fastapi import FastAPI

from cli.main import app
from services.notifications import app as notifications
from services.notifications.settings import Settings as NotificationsSettings
from services.registration import app as registration
from services.registration.settings import Settings as RegistrationSettings
from services.reporting import app as reporting
from services.reporting.domain.indicators import INDICATORS
from services.reporting.settings import Settings as ReportingSettings
from shared.http.problem_codes import PROBLEM_CODES
from tests.architecture.documents import document, names, rows, section
from tests.architecture.source_tree import PRODUCT, ROOT, python_files

CONTRACT_VARIABLES = """
    REGISTRATION_PORT NOTIFICATIONS_PORT REPORTING_PORT REGISTRATION_DATABASE_URL NOTIFICATIONS_DATABASE_URL
    REPORTING_DATABASE_URL KOMERBIJ_REDIS_URL NOTIFICATIONS_SMTP_URL NOTIFICATIONS_SENDER NOTIFICATIONS_REMINDERS
    NOTIFICATIONS_QUIET_HOURS NOTIFICATIONS_SMS_URL NOTIFICATIONS_SMS_KEY NOTIFICATIONS_PUBLIC_URL REGISTRATION_URL
    KOMERBIJ_ADMIN_KEY KOMERBIJ_SERVICE_KEY REGISTRATION_PERSON_KEY KOMERBIJ_DATA KOMERBIJ_HOST KOMERBIJ_RATE_LIMIT
    KOMERBIJ_CORS_ORIGINS KOMERBIJ_API_CONTACT REGISTRATION_CONTACT_RETENTION_DAYS REPORTING_PUBLISH_DAY
    """
"""Contract section 8."""

CONTRACT_CODES = {
    400: "invalid looks-like-personal-data future-time",
    401: "unauthorized",
    403: "partner-not-allowed forbidden",
    404: "unknown-activity unknown-signup unknown-assignment unknown-member not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "id-reused activity-cancelled signup-closed no-signup-needed activity-full already-signed-up party-too-large",
    413: "too-large",
    415: "unsupported-media-type",
    429: "rate-limited",
    500: "internal",
    503: "lock-timeout",
}
"""Contract section 3: status -> codes; `unknown-*` as the types that partners post define it."""

_VARIABLE = re.compile(r"(KOMERBIJ|REGISTRATION|NOTIFICATIONS|REPORTING)(_[A-Z]+)+")


def variables_in_code() -> set[str]:
    """Every name of ours that stands as a text in the code, and whatever is asked of `environ` by a literal name."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in python_files(*PRODUCT))
    nodes = [node for tree in trees for node in ast.walk(tree)]
    named = {text for node in nodes if (text := literal(node)) and _VARIABLE.fullmatch(text)}
    calls = [node for node in nodes if isinstance(node, ast.Call) and "environ" in ast.unparse(node.func) and node.args]
    subscripts = [node for node in nodes if isinstance(node, ast.Subscript) and "environ" in ast.unparse(node.value)]
    return (named | {literal(call.args[0]) for call in calls} | {literal(item.slice) for item in subscripts}) - {""}


def literal(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def documented_variables() -> tuple[set[str], set[str]]:
    """Those that work, and those that a later step brings."""
    text = section(document("docs/operations.md"), "Environment variables")
    planned = section(text, "Planned")
    return set(names(text.replace(planned, ""))), set(names(planned))


def test_every_variable_that_the_code_reads_is_documented() -> None:
    working, _ = documented_variables()
    assert sorted(variables_in_code() - working) == []


def test_every_documented_variable_is_read_by_the_code_unless_it_is_marked_as_planned() -> None:
    working, planned = documented_variables()
    assert sorted(working - variables_in_code()) == []
    assert sorted(planned & variables_in_code()) == [], "no longer planned: it works"


def test_every_variable_of_the_contract_is_documented() -> None:
    working, planned = documented_variables()
    assert sorted(set(CONTRACT_VARIABLES.split()) - working - planned) == []


def test_the_problem_codes_are_those_of_the_contract() -> None:
    contract = {code: status for status, codes in CONTRACT_CODES.items() for code in codes.split()}
    assert {code: known.status for code, known in PROBLEM_CODES.items()} == contract


def test_every_problem_code_is_documented_with_its_status_and_whether_to_try_again() -> None:
    table = rows(section(document("docs/api.md"), "Problem codes"))
    documented = {row[1].strip("`"): (int(row[0]), row[2]) for row in table}
    expected = {code: (known.status, "yes" if known.retryable else "no") for code, known in PROBLEM_CODES.items()}
    assert documented == expected


def test_every_indicator_is_documented_and_every_documented_one_exists() -> None:
    assert set(names(section(document("docs/api.md"), "Indicators"))) == set(INDICATORS)


UNDESCRIBED = {"GET /v1/openapi.json", "GET /health/live", "GET /health/ready", "GET /metrics"}
"""Paths that the OpenAPI documents leave out: the document itself, and what is not versioned."""


def service(name: str, folder: Path) -> FastAPI:
    keys = {"admin_key": "a" * 32, "service_key": "s" * 32, "person_key": "p" * 32, "data": folder}
    match name:
        case "Registration":
            return registration.build(RegistrationSettings.model_validate(keys))
        case "Notifications":
            return notifications.build(NotificationsSettings.model_validate(keys))
        case _:
            return reporting.build(ReportingSettings.model_validate(keys))


def shape(operation: str) -> str:
    """An operation without the names of its path parameters, which are the framework's inside and ours outside."""
    return re.sub(r"\{\w+\}", "{}", operation)


@pytest.mark.parametrize("name", ["Registration", "Notifications", "Reporting"])
def test_every_path_is_documented_and_every_documented_one_exists(name: str, tmp_path: Path) -> None:
    paths = service(name, tmp_path).openapi()["paths"]
    offered = {shape(f"{method.upper()} {path}") for path, methods in paths.items() for method in methods}
    text = document("docs/api.md")
    headings = ("Every service", name) if name == "Registration" else ("Every service", "Both consumers", name)
    documented = {shape(path) for heading in headings for path in names(section(text, heading))}
    assert documented - UNDESCRIBED == offered
    assert documented >= UNDESCRIBED


def test_every_make_target_is_documented_and_every_documented_one_exists() -> None:
    makefile = document("Makefile")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    documented = {name.split()[1] for name in names(document("docs/operations.md")) if name.startswith("make ")}
    assert documented == targets


def leaves(command: Any, path: tuple[str, ...] = ()) -> set[str]:
    """The full names of all commands below a command or group of commands."""
    children = getattr(command, "commands", None)
    if children is None:
        return {" ".join(path)}
    return {leaf for name, child in children.items() for leaf in leaves(child, (*path, name))}


def test_every_command_is_documented_and_every_documented_one_exists() -> None:
    spans = names(section(document("docs/operations.md"), "Commands"))
    words = [span.removeprefix(".venv/bin/").split() for span in spans]
    commands = [[word for word in line[1:3] if re.fullmatch(r"[a-z-]+", word)] for line in words if "make" not in line]
    assert {" ".join(command) for command in commands} == leaves(typer.main.get_command(app))


def test_no_example_in_the_documents_uses_a_command_that_does_not_exist() -> None:
    known = leaves(typer.main.get_command(app))
    groups = {name.split()[0] for name in known}
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        blocks = re.findall(r"^```.*?^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        used = {word for block in blocks for word in re.findall(r"komerbij ([a-z-]+)", block)}
        assert used <= groups, path
