"""What docker-compose.yml promises, read without an engine."""

import re
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # its stubs are not among our libraries
from pydantic import BaseModel

from services.notifications.settings import Settings as NotificationsSettings
from services.registration.settings import Settings as RegistrationSettings
from services.reporting.settings import Settings as ReportingSettings
from tests.integration.compose.stack import COMPOSE_FILE, KEYS, SERVICES

SETTINGS: dict[str, type[BaseModel]] = {
    "registration": RegistrationSettings,
    "notifications": NotificationsSettings,
    "reporting": ReportingSettings,
}
GIVEN_BY_THE_IMAGE = {"KOMERBIJ_DATA", "KOMERBIJ_HOST", *(f"{service.upper()}_PORT" for service in SERVICES)}


def composed() -> dict[str, Any]:
    """The services of the file, with its anchors merged."""
    services: dict[str, Any] = yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))["services"]
    return services


def variables(service: str) -> set[str]:
    """The environment variables that a service's settings read."""
    return {str(known.validation_alias) for known in SETTINGS[service].model_fields.values()}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_gets_every_variable_that_its_settings_know(service: str) -> None:
    assert variables(service) - GIVEN_BY_THE_IMAGE <= set(composed()[service]["environment"])


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_gets_a_variable_of_another(service: str) -> None:
    names = {name for name in composed()[service]["environment"] if not name.startswith("KOMERBIJ_")}
    foreign = {name for name in names if not name.startswith(f"{service.upper()}_")}
    assert foreign <= {"REGISTRATION_URL"}


@pytest.mark.parametrize("key", KEYS)
def test_without_a_secret_nothing_starts(key: str) -> None:
    given = [service["environment"][key] for service in composed().values() if key in service.get("environment", {})]
    assert given
    assert all(re.fullmatch(rf"\$\{{{key}:\?.+\}}", value) for value in given)


def test_every_published_port_is_the_contracts_and_on_this_machine_only() -> None:
    published = [port for service in composed().values() for port in service.get("ports", ())]
    assert published == [
        "127.0.0.1:${REGISTRATION_PORT:-8001}:8001",
        "127.0.0.1:${NOTIFICATIONS_PORT:-8002}:8002",
        "127.0.0.1:${REPORTING_PORT:-8003}:8003",
    ]


def test_redis_keeps_what_it_was_given_and_evicts_nothing() -> None:
    command = composed()["redis"]["command"]
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert (options["--appendonly"], options["--maxmemory-policy"]) == ("yes", "noeviction")


def test_everything_that_keeps_something_keeps_it_on_a_volume_of_its_own() -> None:
    volumes = [volume for service in composed().values() for volume in service["volumes"]]
    assert sorted(volumes) == sorted(f"{name}:/data" for name in (*SERVICES, "redis"))
