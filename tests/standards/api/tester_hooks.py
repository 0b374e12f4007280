"""What the property-based tester must be told: NDJSON, whose event an admin key posts, which questions have answers."""

import os
from typing import Any

import orjson
import schemathesis
from schemathesis import GenerationMode

NDJSON = "application/x-ndjson"
BATCH = "application/cloudevents-batch+json"
STRUCTURED = "application/cloudevents+json"
PARTNER = "avedan"
RULES = {"ends-before-start", "signup-or-participant", "looks-like-personal-data", "future-time"}
"""Faults of an event that no schema can tell."""
BRIEF = "KOMERBIJ_TEST_EXAMPLES" not in os.environ
"""An ordinary run: items of batches and streams are of three types, as one piece of code reads them in every form."""
_ENOUGH = ("ActivityScheduledEvent", "SignupPlacedEvent", "VisitorsCountedEvent")
_QUESTION = ("indicator", "period", "from", "to", "groupBy")


@schemathesis.serializer(NDJSON)
def lines_of(_context: Any, value: Any) -> bytes:
    """An array as lines; bytes as they are."""
    if isinstance(value, bytes):
        return value
    return b"\n".join(orjson.dumps(one) for one in value) if isinstance(value, list) else orjson.dumps(value)


@schemathesis.deserializer(NDJSON)
def values_of(_context: Any, response: Any) -> list[Any]:
    """Lines as an array, as the document describes them."""
    return [orjson.loads(line) for line in response.content.splitlines() if line.strip()]


@schemathesis.hook
def before_load_schema(_context: Any, raw_schema: Any) -> None:
    """Fewer types in batches and streams; single events are of all twelve."""
    door = raw_schema["paths"].get("/v1/events", {}).get("post")
    if door and BRIEF:
        for kind in (BATCH, NDJSON):
            items = [{"$ref": f"#/components/schemas/{name}"} for name in _ENOUGH]
            door["requestBody"]["content"][kind]["schema"]["items"] = {"oneOf": items}


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """What is drawn at random would seldom come beyond a refusal."""
    if case.operation.label == "POST /v1/events" and isinstance(case.body, dict) and "type" in case.body:
        case.body = {**case.body, "partnerid": PARTNER} if case.body.get("partnerid") is None else case.body
    if case.operation.label == "GET /v1/statistics" and case.meta.generation.mode == GenerationMode.POSITIVE:
        case.query = _answerable(case.query, case.operation.definition.raw["parameters"])


@schemathesis.check
def an_event_that_fits_is_refused_for_a_rule_only(_context: Any, response: Any, case: Any) -> None:
    """The schemas of events say all that JSON Schema can say: what fits is never refused for its shape."""
    single = case.operation.label == "POST /v1/events" and case.media_type == STRUCTURED
    positive = case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE
    if single and positive and response.status_code == 400:
        faults = {fault["code"] for fault in response.json().get("errors", [])}
        assert faults - RULES == set(), f"refused for {sorted(faults - RULES)}"


def _answerable(query: Any, parameters: Any) -> dict[str, Any]:
    """A period or two dates, and of the filters the first, with a value that exists."""
    examples = {one["name"]: one["schema"]["examples"][0] for one in parameters}
    kept = {name: value for name, value in query.items() if name in _QUESTION}
    if "period" in kept or not {"from", "to"} <= kept.keys():
        kept = {"period": "2026", **{name: value for name, value in kept.items() if name not in ("from", "to")}}
    filters = [name for name in query if name not in _QUESTION and name in examples]
    return kept | {name: examples[name] for name in filters[:1]}
