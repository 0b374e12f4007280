"""What the property-based tester must be told: NDJSON, and on whose behalf an admin key posts."""

from typing import Any

import orjson
import schemathesis

NDJSON = "application/x-ndjson"
PARTNER = "avedan"


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
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """An admin key must say whose event it is; a partner that exists goes further than a drawn one."""
    if case.operation.label == "POST /v1/events" and isinstance(case.body, dict) and "type" in case.body:
        case.body.setdefault("partnerid", PARTNER)
