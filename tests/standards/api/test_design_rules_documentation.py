"""NL API Design Rules 2.2, the OpenAPI document: complete, in Dutch, signed by the operator, open to everybody."""

import re
from typing import Any

from jsonschema import Draft202012Validator

from tests.factories import Json
from tests.standards.api.conftest import SETTINGS
from tests.standards.api.sides import Side, nodes
from tests.standards.documented import Operation

ENGLISH = re.compile(r"\b(the|and|with|which|this|that|what|when|from|who|for|are|its|by|of a|how)\b", re.IGNORECASE)
"""Words that English texts are full of and Dutch ones never have."""
CODE = re.compile(r"`[^`]*`")


def resolved(side: Side, reference: str) -> Any:
    """What a `$ref` points at; fails where there is nothing."""
    found: Any = side.document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def has_example(side: Side, content: Json) -> bool:
    """Beside the schema, or in it."""
    schema = content.get("schema", {})
    schema = resolved(side, schema["$ref"]) if "$ref" in schema else schema
    return bool(content.get("examples") or content.get("example") or schema.get("examples"))


def good_answers(operation: Operation) -> list[Json]:
    return [described for status, described in operation.described["responses"].items() if status < "300"]


def test_core_doc_openapi(side: Side) -> None:
    assert re.fullmatch(r"3\.1\.\d+", side.document["openapi"])
    for node in nodes(side.document):
        if isinstance(node.get("$ref"), str):
            assert resolved(side, node["$ref"]) is not None
    ids = [operation.described["operationId"] for operation in side.operations]
    assert len(set(ids)) == len(ids)
    for schema in side.document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_core_doc_openapi_every_operation_has_examples_of_what_goes_in_and_what_comes_out(side: Side) -> None:
    lacking = [
        f"{operation.name}: {kind}"
        for operation in side.operations
        for described in [operation.described.get("requestBody", {}), *good_answers(operation)]
        for kind, content in described.get("content", {}).items()
        if not has_example(side, content)
    ]
    assert lacking == []


def test_core_doc_openapi_every_operation_says_what_it_does_and_takes_and_answers(side: Side) -> None:
    for operation in side.operations:
        described = operation.described
        assert described["summary"], operation.name
        assert len(described["description"].split()) > 4, operation.name
        assert [answer for answer in good_answers(operation) if not answer["description"]] == [], operation.name
        lacking = [one["name"] for one in described.get("parameters", []) if not one.get("description")]
        assert lacking == [], operation.name
        assert not any("Successful Response" in answer["description"] for answer in good_answers(operation))


def test_core_doc_openapi_every_member_of_every_schema_is_described(side: Side) -> None:
    lacking = [
        f"{name}.{member}"
        for name, schema in side.document["components"]["schemas"].items()
        for member, described in schema.get("properties", {}).items()
        if not _says_something(described)
    ]
    assert [one for one in lacking if not one.startswith("Problem.")] == []


def _says_something(described: Json) -> bool:
    """A description of its own, or that of the schema it refers to."""
    refers = "$ref" in described or any(
        "$ref" in one for one in (*described.get("anyOf", ()), described.get("items", {}))
    )
    return bool(described.get("description")) or refers


def test_core_doc_openapi_contact(side: Side) -> None:
    expected = SETTINGS["KOMERBIJ_API_CONTACT"]
    contact = {name: value.rstrip("/") for name, value in side.document["info"]["contact"].items()}
    assert contact == {"name": "Beheer KomErbij", "email": "beheer@example.org", "url": "https://example.org"}
    assert all(value in expected for value in contact.values()), "a setting, not a made-up address"


def test_core_doc_language(side: Side) -> None:
    said = [
        text
        for node in nodes(side.document)
        for text in (node.get("description"), node.get("summary"))
        if isinstance(text, str)
    ]
    english = [text for text in said if ENGLISH.search(CODE.sub("", text))]
    assert english == []
    assert len(said) > 80, "there is something to read"


def test_core_publish_openapi(side: Side) -> None:
    for headers in ({}, {"Origin": "https://elders.example.org"}, {"Authorization": "Bearer of-nobody"}):
        answer = side.http.get("/v1/openapi.json", headers=headers)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.json()["info"]["version"] == answer.headers["API-Version"]
