"""The examples of the three OpenAPI documents do what they say: each is sent as it stands, each answer fits."""

from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from services.registration.schemas import result_models as results
from services.registration.schemas.event_examples import BATCH, STORY
from tests.factories import Json
from tests.standards.api.sides import Side, nodes
from tests.standards.documented import Operation
from tests.standards.visitors import BATCH as BATCH_TYPE
from tests.standards.visitors import NDJSON, STRUCTURED

DOOR = "/v1/events"


def examples_of(side: Side, content: Json) -> list[Any]:
    """The examples of one media type: beside its schema, else in it."""
    if "examples" in content:
        return [one["value"] for one in content["examples"].values()]
    if "example" in content:
        return [content["example"]]
    schema = content["schema"]
    name = schema.get("$ref", "").rpartition("/")[2]
    found: list[Any] = side.document["components"]["schemas"].get(name, schema).get("examples", [])
    return found


def faults(side: Side, schema: Json, value: Any) -> list[str]:
    """What in a value does not fit a schema of the document."""
    whole = {**schema, "components": side.document["components"]}
    validator = Draft202012Validator(whole, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


def test_every_example_fits_its_own_schema(side: Side) -> None:
    for operation in side.operations:
        described = operation.described
        for holder in (described.get("requestBody", {}), *described["responses"].values()):
            for kind, content in holder.get("content", {}).items():
                for example in examples_of(side, content):
                    assert faults(side, content["schema"], example) == [], f"{operation.name} {kind}"
        for parameter in described.get("parameters", []):
            for example in (*parameter["schema"].get("examples", []), *filter(None, [parameter.get("example")])):
                assert faults(side, parameter["schema"], example) == [], f"{operation.name} {parameter['name']}"


def test_every_example_inside_a_schema_fits_it(side: Side) -> None:
    schemas = [node for node in nodes(side.document["components"]["schemas"]) if isinstance(node.get("examples"), list)]
    assert [fault for schema in schemas for one in schema["examples"] for fault in faults(side, schema, one)] == []


def at(side: Side, operation: Operation) -> str:
    """Where the example goes; what it deletes is nothing that others look at."""
    if operation.method != "delete":
        return side.filled(operation.path)
    if "dead-letters" in operation.path:
        return operation.path.replace("{id}", side.known[f"spare letter of {side.name}"])
    made = side.admin.post("/v1/keys", json={"label": "to be deleted", "scopes": ["messages:read"]})
    return f"/v1/keys/{made.json()['keyId']}"


def as_sent(kind: str, body: Any) -> dict[str, Any]:
    """The members of a form, else JSON."""
    if kind == "application/x-www-form-urlencoded":
        return {"data": body}
    return {"files": {name: (None, value) for name, value in body.items()}} if "multipart" in kind else {"json": body}


def test_every_example_of_a_request_is_taken_and_answered_as_documented(side: Side) -> None:
    for operation in side.operations:
        if operation.path == DOOR or operation.method == "get":
            continue
        content = operation.described.get("requestBody", {}).get("content", {})
        bodies = [(kind, body) for kind, described in content.items() for body in examples_of(side, described)]
        for kind, body in bodies or [("", None)]:
            answer = side.admin.request(operation.method, at(side, operation), **as_sent(kind, body))
            assert answer.is_success, f"{operation.name}: {answer.text}"
            assert side.documented.faults(answer) == []


def test_everything_that_can_be_read_is_what_its_document_says(side: Side) -> None:
    for operation, answer in side.readable():
        assert side.documented.faults(answer) == [], operation.name


def test_every_example_of_a_parameter_is_understood(side: Side) -> None:
    for operation in side.operations:
        parameters = [one for one in operation.described.get("parameters", []) if one["in"] == "query"]
        needed = {one["name"]: one["schema"]["examples"][0] for one in parameters if one.get("required")}
        for parameter in parameters:
            for example in parameter["schema"].get("examples", []):
                asked = {**needed, **companions(operation, parameter["name"]), parameter["name"]: example}
                answer = side.admin.get(side.filled(operation.path), params=asked)
                assert answer.status_code == 200, f"{operation.name} {asked}: {answer.text}"


def companions(operation: Operation, name: str) -> dict[str, str]:
    """What a parameter cannot be without."""
    if operation.path == "/v1/fact-sheets/{year}":
        return {"live": "true"}
    if operation.path != "/v1/statistics":
        return {}
    return {"from": "2026-10-01", "to": "2026-10-31"} if name in ("from", "to") else {"period": "2026"}


@pytest.fixture(name="newcomer")
def key_of_a_newcomer(registration: Side) -> Iterator[httpx.Client]:
    """A partner who has posted nothing yet."""
    name = f"nieuw-{len(registration.admin.get('/v1/keys').json()['items'])}"
    partner = {"name": "Nieuw", "kind": "partner", "municipality": "GM0141", "joinedOn": "2026-01-01"}
    assert registration.admin.put(f"/v1/partners/{name}", json=partner).status_code == 200
    body = {"label": "newcomer", "scopes": ["events:write"], "partnerId": name}
    key = registration.admin.post("/v1/keys", json=body).json()["key"]
    with httpx.Client(base_url=registration.http.base_url, headers={"Authorization": f"Bearer {key}"}) as http:
        yield http


def post(http: httpx.Client, kind: str, content: bytes, **headers: str) -> httpx.Response:
    return http.post(DOOR, content=content, headers={"Content-Type": kind, **headers})


def test_the_door_takes_its_examples_from_top_to_bottom(registration: Side, newcomer: httpx.Client) -> None:
    [door] = [operation for operation in registration.operations if operation.path == DOOR]
    documented = door.described["requestBody"]["content"][STRUCTURED]["examples"]
    assert {name: one["value"] for name, one in documented.items()} == STORY
    for name, event in STORY.items():
        answers = [post(newcomer, STRUCTURED, orjson.dumps(event)) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 200], f"{name}: {answers[0].text}"
        assert [fault for answer in answers for fault in registration.documented.faults(answer)] == []
        if name == "signup-placed":
            assert answers[0].json() == results.accepted(event["id"], decision=results.CONFIRMED)


def test_the_door_answers_its_batch_as_documented(registration: Side, newcomer: httpx.Client) -> None:
    answer = post(newcomer, BATCH_TYPE, orjson.dumps(BATCH))
    assert registration.documented.faults(answer) == []
    assert (answer.json()["summary"], without_errors(answer.json()["results"])) == (results.TOTALS, results.RESULTS)


def test_the_door_answers_its_stream_as_documented(registration: Side, newcomer: httpx.Client) -> None:
    answer = post(newcomer, NDJSON, b"\n".join(orjson.dumps(event) for event in BATCH))
    lines = [orjson.loads(line) for line in answer.content.splitlines()]
    [door] = [operation for operation in registration.operations if operation.path == DOOR]
    assert faults(registration, door.described["responses"]["200"]["content"][NDJSON]["schema"], lines) == []
    assert (without_errors(lines[:-1]), lines[-1]["summary"]) == (results.RESULTS, results.TOTALS)


def test_the_door_takes_its_binary_example(registration: Side, newcomer: httpx.Client) -> None:
    [door] = [operation for operation in registration.operations if operation.path == DOOR]
    assert post(newcomer, STRUCTURED, orjson.dumps(STORY["activity-scheduled"])).status_code == 201
    headers = {
        one["name"]: one["schema"]["examples"][0] for one in door.described["parameters"] if one["in"] == "header"
    }
    body = door.described["requestBody"]["content"]["application/json"]["examples"]["binary"]["value"]
    answer = post(newcomer, "application/json", orjson.dumps(body), **headers)
    assert answer.status_code == 201, answer.text
    assert registration.documented.faults(answer) == []


def without_errors(found: list[Json]) -> list[Json]:
    """Results as the examples show them, which leave the list of faults out."""
    for result in found:
        if result["problem"]:
            result["problem"].pop("errors", None)
    return found
