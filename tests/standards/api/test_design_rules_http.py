"""NL API Design Rules 2.2, how HTTP is used: /core/http-*, /core/stateless."""

import httpx
import pytest

from shared.http.problem_codes import PROBLEM_CODES
from tests.factories import Json, head_count
from tests.servers import SERVICE_KEY
from tests.standards.api.sides import EVENT, Side

METHODS = {"GET", "POST", "PUT", "DELETE"}
GOOD = {200, 201, 202, 204, 304}


def test_core_http_methods(side: Side) -> None:
    offered: dict[str, set[str]] = {}
    for operation in side.operations:
        offered.setdefault(operation.path, set()).add(operation.method.upper())
    assert {method for methods in offered.values() for method in methods} <= METHODS
    for path, methods in offered.items():
        for method in {"PATCH", "TRACE", *METHODS} - methods:
            answer = side.http.request(method, side.filled(path))
            assert answer.status_code == 405, f"{method} {path}"
            assert answer.json()["code"] == "method-not-allowed"
            allowed = {name.strip() for name in answer.headers["Allow"].split(",")}
            assert allowed - {"HEAD"} == methods
            assert ("HEAD" in allowed) == (side.http.head(side.filled(path)).status_code != 405), "HEAD goes with GET"


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_core_http_methods_that_nobody_offers_are_refused_with_what_is_allowed(side: Side, method: str) -> None:
    answer = side.http.request(method, "/v1/keys")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].replace(" ", "").split(",")) == {"GET", "POST"}


def test_core_http_safety(side: Side) -> None:
    first = {operation.name: answer for operation, answer in side.readable()}
    again = {operation.name: answer for operation, answer in side.readable()}
    moving = {"GET /v1/reads", "GET /v1/keys", "GET /v1/rebuilds", "GET /v1/rebuilds/{id}"}
    assert [name for name in first if name not in moving and first[name].text != again[name].text] == []


def test_core_http_safety_put_and_delete_are_repeatable(side: Side) -> None:
    made = side.admin.post("/v1/keys", json={"label": "gone soon", "scopes": ["messages:read"]}).json()["keyId"]
    assert [side.admin.delete(f"/v1/keys/{made}").status_code for _ in range(2)] == [204, 404]
    puts = [operation for operation in side.operations if operation.method == "put"]
    for operation in puts:
        body = example_of(side, operation.described)
        answers = [side.admin.put(side.filled(operation.path), json=body) for _ in range(2)]
        assert answers[0].json() == answers[1].json()


def example_of(side: Side, described: Json) -> Json:
    """The documented example of a JSON body."""
    reference = described["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    example: Json = side.document["components"]["schemas"][reference.rpartition("/")[2]]["examples"][0]
    return example


def test_core_http_response_code(side: Side) -> None:
    known = GOOD | {problem.status for problem in PROBLEM_CODES.values()}
    documented = {int(status) for operation in side.operations for status in operation.described["responses"]}
    assert documented <= known
    for operation in side.operations:
        good = {int(status) for status in operation.described["responses"]} & GOOD
        assert good <= {"get": {200, 304}, "put": {200}, "delete": {204}, "post": GOOD - {304}}[operation.method], (
            operation.name
        )


def test_core_http_response_code_of_new_known_and_other_content(registration: Side) -> None:
    def post(event: Json) -> httpx.Response:
        return registration.admin.post("/v1/events", json=event, headers={"Content-Type": EVENT})

    event = head_count("bingo-2026-10-24", 7, "regel", partnerid="avedan", event_id="rule-1")
    other = head_count("bingo-2026-10-24", 8, "regel", partnerid="avedan", event_id="rule-1")
    assert [post(event).status_code, post(event).status_code, post(other).status_code] == [201, 200, 409]


def test_core_stateless(side: Side) -> None:
    answers = [*side.refusals().values(), *(answer for _, answer in side.readable())]
    assert [answer.request.url for answer in answers if "set-cookie" in answer.headers] == []
    assert [
        one for one in side.operations if any(p["in"] == "cookie" for p in one.described.get("parameters", []))
    ] == []
    schemes = side.document["components"]["securitySchemes"]
    assert {scheme["type"] for scheme in schemes.values()} == {"http"}


def test_core_stateless_a_cursor_carries_its_own_state(registration: Side) -> None:
    headers = {"Authorization": f"Bearer {SERVICE_KEY}"}
    first = registration.http.get("/v1/log", params={"limit": 1}, headers=headers).json()
    with httpx.Client(base_url=registration.http.base_url) as somebody_new:
        second = somebody_new.get("/v1/log", params={"limit": 1, "cursor": first["next"]}, headers=headers).json()
    assert [first["items"][0]["sequence"], second["items"][0]["sequence"]] == [1, 2]
