"""What callers of reporting get: shapes, keys, and every fault at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from services.reporting.api.external_figures import external_figure_routes
from services.reporting.api.fact_sheets import fact_sheet_routes
from services.reporting.api.indicators import indicator_routes
from services.reporting.api.statistics import statistics_routes
from services.reporting.domain.indicators import INDICATORS
from shared.clock import utc_now
from shared.http.application import create_app
from shared.http.keys import Keyring
from tests.integration.reporting.ledger import Ledger
from tests.integration.reporting.story import Story
from tests.integration.reporting.visitor import Visitor

ADMIN = "admin-key-of-thirty-two-characters"
SERVICE = "service-key-of-thirty-two-characters"
QUESTION = {"indicator": "participants", "period": "2024"}


@asynccontextmanager
async def nothing_runs(_app: FastAPI) -> AsyncIterator[None]:
    yield


@pytest.fixture(name="keyring")
def keyring_of(engine: Engine) -> Keyring:
    return Keyring(engine, ADMIN, SERVICE, utc_now)


@pytest.fixture(name="client")
def client_of(engine: Engine, keyring: Keyring) -> Visitor:
    routers = (
        indicator_routes(),
        statistics_routes(engine, keyring),
        fact_sheet_routes(engine, keyring),
        external_figure_routes(engine, keyring),
    )
    app = create_app(
        title="reporting",
        description="",
        contact=None,
        cors_origins=(),
        routers=routers,
        checks={},
        lifespan=nothing_runs,
    )
    return Visitor(app)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture(name="reader")
def reader_of(keyring: Keyring) -> dict[str, str]:
    return bearer(keyring.create("dashboard", ["statistics:read"], None)[1])


@pytest.fixture(name="filled")
def filled_ledger(story: Story, ledger: Ledger) -> Ledger:
    story.partner("avedan")
    story.activity("avedan/bingo", kind="bingo", place="De Riet")
    story.activity("avedan/walk", "2024-04-01T10:00:00+02:00", kind="walk")
    story.crowd("avedan/walk", "anna")
    story.crowd("avedan/bingo", "anna", "ben", neighbourhood="Aadorp")
    return ledger.hear(story)


def test_the_answer_has_the_shape_of_the_contract(client: Visitor, reader: dict[str, str], filled: Ledger) -> None:
    answer = client.get("/v1/statistics", params={**QUESTION, "groupBy": "kind", "goal": "initiative"}, headers=reader)
    assert answer.status_code == 200
    assert answer.headers["API-Version"].startswith("1.")
    assert answer.json() == {
        "indicator": "participants",
        "unit": "people",
        "period": {"label": "2024", "from": "2024-01-01", "to": "2024-12-31"},
        "filters": {"goal": ["initiative"]},
        "groupBy": ["kind"],
        "asOf": {"sequence": 6},
        "total": {"value": 2, "status": "exact"},
        "values": [
            {"keys": {"kind": "bingo"}, "label": {"kind": "Bingo"}, "value": 2, "status": "exact"},
            {"keys": {"kind": "walk"}, "label": {"kind": "Wandeling"}, "value": 1, "status": "exact"},
        ],
    }


def test_two_groupings_and_their_labels(client: Visitor, reader: dict[str, str], filled: Ledger) -> None:
    wanted = {**QUESTION, "period": "2024", "groupBy": "month,neighbourhood"}
    values = client.get("/v1/statistics", params=wanted, headers=reader).json()["values"]
    assert [(row["keys"], row["label"], row["value"]) for row in values] == [
        ({"month": "2024-03", "neighbourhood": "Aadorp"}, {"month": "maart 2024", "neighbourhood": "Aadorp"}, 2),
        ({"month": "2024-04", "neighbourhood": None}, {"month": "april 2024", "neighbourhood": "onbekend"}, 1),
    ]


def test_partners_and_activities_are_labelled_with_their_names(
    client: Visitor, reader: dict[str, str], filled: Ledger
) -> None:
    wanted = {**QUESTION, "period": "2024-Q1", "groupBy": "partner,activity"}
    row = client.get("/v1/statistics", params=wanted, headers=reader).json()["values"][0]
    assert row["keys"] == {"partner": "avedan", "activity": "avedan/bingo"}
    assert row["label"] == {"partner": "Avedan", "activity": "Titel van bingo"}


def test_every_indicator_answers_each_of_its_groupings(client: Visitor, reader: dict[str, str], filled: Ledger) -> None:
    for indicator in INDICATORS.values():
        for name in ("", *indicator.group_by):
            wanted = {"indicator": indicator.code, "period": "2024", "groupBy": name}
            answer = client.get("/v1/statistics", params=wanted, headers=reader)
            assert (answer.status_code, answer.json()["unit"]) == (200, indicator.unit), wanted


def test_every_fault_of_a_question_is_told_at_once(client: Visitor, reader: dict[str, str], filled: Ledger) -> None:
    wanted = {
        "indicator": "participants",
        "period": "2024-13",
        "groupBy": "colour",
        "kind": "bingo,chess",
        "partner": "nobody",
        "activity": "no-partner",
        "month": "2024-Q1",
        "threshold": "1",
    }
    answer = client.get("/v1/statistics", params=wanted, headers=reader)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    told = {fault["pointer"]: fault["detail"] for fault in answer.json()["errors"]}
    assert set(told) == set(wanted) - {"indicator"}
    assert "bingo, walk" in told["kind"]
    assert "avedan" in told["partner"]
    assert "ageBand" in told["groupBy"]
    assert "groupBy" in told["threshold"]


@pytest.mark.parametrize(
    ("wanted", "pointers"),
    [
        ({}, {"indicator", "period"}),
        ({"indicator": "happiness", "period": "2024"}, {"indicator"}),
        ({**QUESTION, "from": "2024-01-01"}, {"from"}),
        ({"indicator": "participants", "from": "2024-01-01"}, {"to"}),
        ({"indicator": "participants", "from": "2024-02-01", "to": "2024-01-01"}, {"to"}),
        ({"indicator": "participants", "from": "01-02-2024", "to": "2024-02-30"}, {"from", "to"}),
        ({"indicator": "participants", "period": "２０２４"}, {"period"}),
        ({"indicator": "participants", "period": "2024", "month": "2024-０1"}, {"month"}),
        ({"indicator": "participants", "from": "2024-W01-1", "to": "2024-W01-7"}, {"from", "to"}),
        ({"indicator": "participants", "from": "２０２４-01-01", "to": "20240131"}, {"from", "to"}),
        ({**QUESTION, "groupBy": "kind,goal,month"}, {"groupBy"}),
        ({"indicator": "activities", "period": "2024", "groupBy": "ageBand", "ageBand": "85+"}, {"groupBy", "ageBand"}),
        ({"indicator": "volunteers", "period": "2024", "month": "2024-01"}, {"month"}),
        ({"indicator": "conversion", "period": "2024", "groupBy": "kind"}, {"groupBy"}),
        ({**QUESTION, "kind": ""}, {"kind"}),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(
    client: Visitor, reader: dict[str, str], wanted: dict[str, str], pointers: set[str]
) -> None:
    answer = client.get("/v1/statistics", params=wanted, headers=reader)
    assert answer.status_code == 400
    assert {fault["pointer"] for fault in answer.json()["errors"]} == pointers


def test_a_parameter_given_twice_is_refused_and_values_are_joined_with_a_comma(
    client: Visitor, reader: dict[str, str], filled: Ledger
) -> None:
    twice = client.get(
        "/v1/statistics", params=[*QUESTION.items(), ("kind", "bingo"), ("kind", "walk")], headers=reader
    )
    assert [fault["code"] for fault in twice.json()["errors"]] == ["repeated"]
    joined = client.get("/v1/statistics", params={**QUESTION, "kind": "bingo,walk"}, headers=reader).json()
    assert (joined["filters"], joined["total"]["value"]) == ({"kind": ["bingo", "walk"]}, 2)


@pytest.mark.parametrize("path", ["/v1/statistics", "/v1/fact-sheets/2024?live=true&compareTo=x"])
def test_the_key_comes_before_every_other_fault(client: Visitor, keyring: Keyring, path: str) -> None:
    assert client.get(path).status_code == 401
    assert client.get(path, headers=bearer("no such key")).status_code == 401
    other = keyring.create("messages only", ["messages:read"], None)[1]
    assert client.get(path, headers=bearer(other)).status_code == 403
    assert client.get(path, headers=bearer(ADMIN)).status_code == 400


def test_indicators_need_no_key_and_say_what_they_mean(client: Visitor) -> None:
    items = client.get("/v1/indicators").json()["items"]
    assert [item["code"] for item in items] == list(INDICATORS)
    assert all({"code", "unit", "definition", "events", "groupBy"} <= item.keys() for item in items)
    assert all(item["definition"]["nl"] and item["definition"]["en"] and item["events"] for item in items)


def test_the_live_fact_sheet_needs_a_key_and_quotes_figures_of_others(
    client: Visitor, reader: dict[str, str], filled: Ledger
) -> None:
    figure = {
        "label": {"nl": "matig eenzaam", "en": "moderately lonely"},
        "value": 35,
        "unit": "percent",
        "year": 2023,
        "source": "GGD Twente",
        "instrument": "GGD Gezondheidsmonitor",
    }
    put = client.put("/v1/external-figures/matig", json={**figure, "value": 34.5}, headers=bearer(ADMIN))
    assert (put.status_code, put.json()) == (200, {**figure, "value": 34.5, "id": "matig"})
    client.put("/v1/external-figures/matig", json=figure, headers=bearer(ADMIN))

    sheet = client.get("/v1/fact-sheets/2024", params={"compareTo": 2023, "live": "true"}, headers=reader).json()
    assert (sheet["year"], sheet["compareTo"], sheet["mode"]) == (2024, 2023, "live")
    assert sheet["externalFigures"] == [{**figure, "id": "matig"}]
    assert isinstance(sheet["externalFigures"][0]["value"], int)
    assert {line["code"]: line["value"] for line in sheet["lines"]}["participants"] == 2


def test_without_a_publication_the_public_fact_sheet_is_not_found(client: Visitor, filled: Ledger) -> None:
    for path in ("/v1/fact-sheets/2024", "/v1/fact-sheets/2024?live=false&compareTo=2023"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_faults_in_a_fact_sheet_question_are_told_together(client: Visitor, reader: dict[str, str]) -> None:
    answer = client.get("/v1/fact-sheets/24?compareTo=long-ago&colour=red&live=true", headers=reader)
    assert answer.status_code == 400
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {"year", "compareTo", "colour"}


QUOTED = {
    "label": {"nl": "matig", "en": "moderate"},
    "value": 35,
    "unit": "percent",
    "year": 2023,
    "source": "GGD",
    "instrument": "monitor",
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "NaN"},
        {"value": True},
        {"value": None},
        {"year": 23},
        {"label": {"nl": "x"}},
        {"colour": "red"},
    ],
)
def test_an_external_figure_is_read_strictly(client: Visitor, wrong: dict[str, Any]) -> None:
    answer = client.put("/v1/external-figures/matig", json={**QUOTED, **wrong}, headers=bearer(ADMIN))
    assert answer.status_code == 400
    assert answer.json()["errors"]


@pytest.mark.parametrize(
    ("value", "pointer", "code"),
    [(value, "/value", "out-of-range") for value in ("1e308", "-1000000000001", "0.12345", "1" + "0" * 300)]
    + [(value, "", "json") for value in ("1e400", "NaN", "1" + "0" * 400)],
)
def test_a_quoted_value_that_cannot_be_printed_is_refused(client: Visitor, value: str, pointer: str, code: str) -> None:
    """1e308 was taken and printed as 309 digits."""
    body = orjson.dumps({**QUOTED, "value": "?"}).replace(b'"?"', value.encode())
    headers = {**bearer(ADMIN), "Content-Type": "application/json"}
    answer = client.put("/v1/external-figures/matig", content=body, headers=headers)
    assert answer.status_code == 400
    [fault] = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (pointer, code)
    assert code == "json" or "1000000000000 with at most 4 decimals" in fault["detail"]


@pytest.mark.parametrize("value", [-(10**12), 10**12, 0, 0.1, 34.1234, -0.5])
def test_a_quoted_value_comes_back_as_given(client: Visitor, value: float) -> None:
    answer = client.put("/v1/external-figures/matig", json={**QUOTED, "value": value}, headers=bearer(ADMIN))
    assert (answer.status_code, answer.json()["value"]) == (200, value)


@pytest.mark.parametrize("year", ["２０２４", "2_024", "+2024", "2024.0"])
def test_a_year_has_four_digits(client: Visitor, reader: dict[str, str], year: str) -> None:
    for path, name in ((f"/v1/fact-sheets/{year}", "year"), ("/v1/fact-sheets/2024", "compareTo")):
        answer = client.get(path, params={"live": "true", "compareTo": year}, headers=reader)
        assert answer.status_code == 400
        assert ("YYYY in digits 0-9: 2024", name) in [(f["detail"], f["pointer"]) for f in answer.json()["errors"]]


def test_only_the_operator_quotes_figures(client: Visitor, reader: dict[str, str]) -> None:
    assert client.put("/v1/external-figures/matig", json={}).status_code == 401
    assert client.put("/v1/external-figures/matig", json={}, headers=reader).status_code == 403


def test_the_openapi_document_names_every_parameter_of_a_question(client: Visitor) -> None:
    operation = client.get("/v1/openapi.json").json()["paths"]["/v1/statistics"]["get"]
    assert {"indicator", "period", "from", "to", "groupBy", "ageBand"} <= {p["name"] for p in operation["parameters"]}
