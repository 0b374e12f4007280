"""A service that is older than its database does not start, says why, and leaves the database alone."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from shared.database import NewerSchemaError, connect, reading, transaction, upgrade
from tests.databases import DatabaseUrl
from tests.integration.databases.schemas import SERVICES, Rows, Service, fill, rows_of
from tests.servers import ADMIN_KEY, PERSON_KEY, SERVICE_KEY, System

EACH = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
NOBODY = "redis://127.0.0.1:1/0"


def left_by_a_newer_version(service: Service, url: str) -> Rows:
    """As the next version would leave it; returns what stands in it."""
    engine = connect(url)
    upgrade(engine, service.migrations)
    fill(engine)
    with transaction(engine) as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    found = rows_of(engine)
    engine.dispose()
    return found


def as_it_stands(url: str) -> tuple[Any, Rows]:
    engine = connect(url)
    with reading(engine) as connection:
        version = connection.execute(text("select version_num from alembic_version")).scalar_one()
    found = rows_of(engine)
    engine.dispose()
    return version, found


@EACH
async def test_the_application_does_not_start(
    service: Service, database_url: DatabaseUrl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = database_url(service.name)
    before = left_by_a_newer_version(service, url)
    settings = {
        f"{service.name.upper()}_DATABASE_URL": url,
        "KOMERBIJ_DATA": str(tmp_path),
        "KOMERBIJ_REDIS_URL": NOBODY,
        "KOMERBIJ_ADMIN_KEY": ADMIN_KEY,
        "KOMERBIJ_SERVICE_KEY": SERVICE_KEY,
        "REGISTRATION_PERSON_KEY": PERSON_KEY,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    app = importlib.import_module(f"services.{service.name}.app")
    built = app.build(importlib.import_module(f"services.{service.name}.settings").Settings())
    with pytest.raises(NewerSchemaError):
        async with built.router.lifespan_context(built):
            pass
    assert as_it_stands(url) == ("9999", before)


@EACH
def test_the_process_ends_with_a_line_in_its_log_that_says_what_to_do(service: Service, tmp_path: Path) -> None:
    system = System(tmp_path, NOBODY)
    url = system.database(service.name)
    before = left_by_a_newer_version(service, url)
    code, said = system.ended(service.name)
    assert code != 0
    lines = [json.loads(line) for line in said.splitlines()]
    told = [line["message"] for line in lines if line["level"] == "critical"]
    assert len(told) == 1
    assert f"the database of {service.name} has schema 9999" in told[0]
    assert "restore a backup made before the upgrade" in told[0]
    assert as_it_stands(url) == ("9999", before)
