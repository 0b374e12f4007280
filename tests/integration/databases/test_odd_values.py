"""What one database keeps and another refuses, in a path or a query, is a refusal and never an accident."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared.http.paging import encode_cursor
from tests.databases import DatabaseUrl
from tests.integration.databases.schemas import SERVICES, Service
from tests.integration.registration.on_loop import client_of
from tests.servers import ADMIN, ADMIN_KEY, PERSON_KEY, SERVICE_KEY

ODD = {
    "a zero": "a\0b",
    "a zero in a reference": "a\0b/a\0b",
    "beyond 32 bits": str(2**31),
    "beyond 64 bits": str(2**63),
    "long": "x" * 5000,
    "beyond time": "9999-12-31T23:59:59-23:59",
    "the last day": "9999-12-31",
    "the first day": "0001-01-01",
    "a cursor with a zero": encode_cursor(["2026-01-01T00:00:00+00:00", "a\0b"]),
    "a cursor with numbers": encode_cursor([2**62, 2**62]),
}


@pytest.fixture(params=SERVICES, ids=lambda service: service.name, name="app")
def application(
    request: pytest.FixtureRequest, database_url: DatabaseUrl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> FastAPI:
    """A service over an empty database, without Redis."""
    service: Service = request.param
    for name, value in {
        f"{service.name.upper()}_DATABASE_URL": database_url(service.name),
        "KOMERBIJ_DATA": str(tmp_path),
        "KOMERBIJ_REDIS_URL": "redis://127.0.0.1:1/0",
        "KOMERBIJ_ADMIN_KEY": ADMIN_KEY,
        "KOMERBIJ_SERVICE_KEY": SERVICE_KEY,
        "REGISTRATION_PERSON_KEY": PERSON_KEY,
        "REGISTRATION_URL": "http://127.0.0.1:1",
    }.items():
        monkeypatch.setenv(name, value)
    built: FastAPI = importlib.import_module(f"services.{service.name}.app").build(
        importlib.import_module(f"services.{service.name}.settings").Settings()
    )
    return built


@pytest.fixture(name="client")
def client_of_the_application(app: FastAPI) -> Iterator[httpx.Client]:
    with client_of(app) as client:
        client.headers.update(ADMIN)
        yield client


def requests(document: dict[str, Any], odd: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each operation with one parameter odd at a time, the others plain."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            parameters = [p for p in operation.get("parameters", []) if p["in"] in ("path", "query")]
            for wrong in parameters:
                values = {p["name"]: odd if p is wrong else "1" for p in parameters}
                filled = path
                for p in parameters:
                    if p["in"] == "path":
                        filled = filled.replace("{" + p["name"] + "}", values.pop(p["name"]).replace("\0", "%00"))
                yield method, filled, {wrong["name"]: odd} if wrong["in"] == "query" else {}


def test_no_parameter_can_cause_an_accident(client: httpx.Client) -> None:
    document = client.get("/v1/openapi.json").json()
    answers = {
        (name, method, path[:60], *query): client.request(method, path, params=query).status_code
        for name, odd in ODD.items()
        for method, path, query in requests(document, odd)
    }
    assert len(answers) >= 5 * len(ODD)
    assert {request: status for request, status in answers.items() if status >= 500} == {}


BODIES = {
    # by the last word of the document's title
    "aanmelden": (
        ("POST", "/v1/keys", {"label": "a\0b", "scopes": ["admin"]}),
        (
            "PUT",
            "/v1/partners/avedan",
            {"name": "a\0b", "kind": "partner", "municipality": "GM0141", "joinedOn": "2020-01-01"},
        ),
        ("POST", "/v1/contacts/lookup", {"contacts": [{"partnerId": "a", "pid": "a\0b"}]}),
    ),
    "berichten": (("POST", "/v1/keys", {"label": "a\0b", "scopes": ["messages:read"]}),),
    "cijfers": (
        (
            "PUT",
            "/v1/external-figures/f1",
            {
                "label": {"nl": "a\0b", "en": "b"},
                "value": 1,
                "unit": "percent",
                "year": 2024,
                "source": "a",
                "instrument": "b",
            },
        ),
    ),
}


def test_no_body_with_a_zero_can_cause_an_accident(client: httpx.Client) -> None:
    service = client.get("/v1/openapi.json").json()["info"]["title"].split()[-1]
    for method, path, body in BODIES[service]:
        answer = client.request(method, path, json=body)
        assert answer.status_code < 500, (path, answer.text)
        assert answer.status_code != 404, path
