"""The composition root builds the whole service from its settings."""

from pathlib import Path

import pytest

from services.reporting.app import build
from services.reporting.settings import Settings
from tests.integration.reporting.visitor import Visitor

KEYS = {"KOMERBIJ_ADMIN_KEY": "a" * 32, "KOMERBIJ_SERVICE_KEY": "s" * 32}


@pytest.fixture(name="settings")
def settings_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    for name in ("REPORTING_DATABASE_URL", "REPORTING_PORT", "REGISTRATION_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**KEYS, "KOMERBIJ_DATA": str(tmp_path / "data")}.items():
        monkeypatch.setenv(name, value)
    return Settings()


def test_without_further_settings_it_is_a_file_in_the_data_folder_on_port_8003(
    settings: Settings, tmp_path: Path
) -> None:
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'reporting.db'}"
    assert (settings.port, settings.registration_url) == (8003, "http://127.0.0.1:8001")


def test_another_database_can_be_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTING_DATABASE_URL", "postgresql://db.example.org/reporting")
    assert Settings().database_url == "postgresql://db.example.org/reporting"


def test_keys_stay_out_of_what_is_printed(settings: Settings) -> None:
    assert "a" * 32 not in repr(settings)
    assert "s" * 32 not in repr(settings)


def test_the_service_serves_all_its_routes(settings: Settings) -> None:
    paths = Visitor(build(settings)).get("/v1/openapi.json").json()["paths"]
    assert set(paths) >= {
        "/v1/indicators",
        "/v1/statistics",
        "/v1/fact-sheets/{year}",
        "/v1/external-figures/{id}",
        "/v1/keys",
        "/v1/keys/{keyId}",
    }
