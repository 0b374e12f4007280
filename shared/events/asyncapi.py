"""The AsyncAPI document of the stream, from the classes that the relay publishes."""

import json
import sys
from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import models_json_schema

from shared.events.asyncapi_examples import example
from shared.events.envelope import SOURCE
from shared.events.model import EventData
from shared.events.streams import CONSUMERS, EVENT_CLASSES, FIELD, PRODUCER, STREAM

Document = dict[str, Any]
VERSION = "1.0.0"
"""Of the stream: a type that comes is a new minor, one that goes a new major."""
_STRUCTURED = "application/cloudevents+json"
_CHANNEL = "events"
_REFERENCE = "#/components/schemas/{model}"
_ID = "[A-Za-z0-9._-]{1,64}"
_PERSON = "[a-z0-9-]{1,64}"  # a pid, or the token that took its place
_THING = rf"{_ID}/{_ID}"
_ROLE = "(participant|volunteer|professional)"
_SUBJECTS = {
    "activity": rf"^activity/{_THING}$",
    "signup": rf"^signup/{_THING}$",
    "attendance": rf"^attendance/{_THING}/{_PERSON}/{_ROLE}$",
    "visitors": rf"^visits/{_THING}/{_ID}$",
    "outreach": rf"^outreach/{_THING}$",
    "volunteer": rf"^assignment/{_THING}$",
    "member": rf"^member/{_THING}$",
    "partner": rf"^partner/{_ID}$",
    "participant": rf"^person/{_PERSON}$",
}
"""First word of the type's name -> the form of its subject, the natural key (contract section 9)."""
_DESCRIPTION = f"""\
What registration tells the other services. One Redis stream entry per event; its id is `<sequence>-0`, and its one \
field `{FIELD}` holds the structured CloudEvent.

- `time` is the moment of recording; the partner's own time is `data.occurredAt`.
- Every event carries the full new state of its `subject`, and `data.version` rises per subject: keep the highest \
version, then order and repetition do not matter.
- `sequence` is the place in the event log, from 1 without gaps, as a decimal string: compare as numbers.
- No personal data: a person is a `pid`, an age band and a neighbourhood.
- A published type never changes; a change is a new type, and both are sent for a while."""
_ENVELOPE: Document = {
    "type": "object",
    "description": "The attributes that every event on the stream has; other ones are the partner's own extensions.",
    "required": [
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "datacontenttype",
        "sequence",
        "sequencetype",
        "data",
    ],
    "properties": {
        "specversion": {"type": "string", "const": "1.0"},
        "id": {"type": "string", "minLength": 1, "description": "The event's own id, for good."},
        "source": {"type": "string", "const": SOURCE},
        "type": {"type": "string", "pattern": r"^nl\.meedoen\.[a-z-]+\.v[0-9]+$"},
        "subject": {"type": "string", "description": "The natural key of what the event is about."},
        "time": {"type": "string", "format": "date-time", "description": "When registration recorded it, UTC."},
        "datacontenttype": {"type": "string", "const": "application/json"},
        "sequence": {"type": "string", "pattern": "^[1-9][0-9]*$", "description": "Place in the log, from 1."},
        "sequencetype": {"type": "string", "const": "Integer"},
        "data": {"type": "object"},
    },
    "propertyNames": {"pattern": "^[a-z0-9]+$"},
    "additionalProperties": {"type": ["string", "boolean", "integer"]},
}


def document() -> Document:
    """The whole description: AsyncAPI 3.1.0 (decision 0018)."""
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "KomErbij: the stream of events",
            "version": VERSION,
            "description": _DESCRIPTION,
            "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
        },
        "defaultContentType": _STRUCTURED,
        "servers": {"redis": _server()},
        "channels": {_CHANNEL: _channel()},
        "operations": {
            f"{PRODUCER}-publishes": _operation(PRODUCER, "send", "xadd"),
            **{f"{name}-reads": _operation(name, "receive", "xreadgroup") for name in CONSUMERS},
        },
        "components": {
            "messageTraits": {"cloudEvent": _trait()},
            "messages": {name: _message(name, model) for name, model in EVENT_CLASSES.items()},
            "schemas": {"CloudEvent": _ENVELOPE, **_data_schemas(EVENT_CLASSES.values())},
        },
    }


def rendered() -> str:
    """As it is kept in `docs/asyncapi.json`."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def payload_schema(event_type: str) -> Document:
    """What one entry of a type must be, as a schema of its own: its message's payload with all that it refers to."""
    return {**_payload(event_type, EVENT_CLASSES[event_type]), "components": document()["components"]}


def _server() -> Document:
    return {
        "host": "{address}",
        "pathname": "/0",
        "protocol": "redis",
        "description": "Redis 7 or later, or Valkey, that evicts nothing: the server of KOMERBIJ_REDIS_URL.",
        "variables": {"address": {"default": "127.0.0.1:6379", "description": "Host and port."}},
    }


def _channel() -> Document:
    return {
        "address": STREAM,
        "title": "Events",
        "description": "A transport, not the truth: what is lost here is written again from the event log.",
        "servers": [{"$ref": "#/servers/redis"}],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in EVENT_CLASSES},
        "bindings": {"redis": {"channel": STREAM, "bindingVersion": "custom"}},
    }


def _operation(service: str, action: str, method: str) -> Document:
    """Who does what; a reader's consumer group has the reader's own name, so all of its processes share one."""
    reading = action == "receive"
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{_CHANNEL}"},
        "summary": f"{service} {'reads every event, in its own consumer group' if reading else 'alone writes here'}",
        "messages": [{"$ref": f"#/channels/{_CHANNEL}/messages/{name}"} for name in EVENT_CLASSES],
        "tags": [{"name": service}],
        "bindings": {
            "redis": {"method": method, **({"groupName": service} if reading else {}), "bindingVersion": "custom"}
        },
    }


def _trait() -> Document:
    """A trait holds no payload, so the attributes stand in the schema `CloudEvent`, which every payload includes."""
    return {
        "contentType": _STRUCTURED,
        "description": "A structured CloudEvent 1.0 with the attributes of `#/components/schemas/CloudEvent`.",
        "correlationId": {"location": "$message.payload#/id"},
        "bindings": {"redis": {"field": FIELD, "bindingVersion": "custom"}},
        "externalDocs": {"url": "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md"},
    }


def _message(event_type: str, model: type[EventData]) -> Document:
    short = event_type.split(".")[2]
    return {
        "name": event_type,
        "title": short,
        "summary": (model.__doc__ or "").partition("\n")[0],
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "payload": _payload(event_type, model),
        "examples": [{"name": short, "payload": example(event_type)}],
    }


def _payload(event_type: str, model: type[EventData]) -> Document:
    own = {
        "type": {"const": event_type},
        "subject": {"pattern": _SUBJECTS[event_type.split(".")[2].partition("-")[0]]},
        "data": {"$ref": _REFERENCE.format(model=model.__name__)},
    }
    return {"allOf": [{"$ref": _REFERENCE.format(model="CloudEvent")}, {"type": "object", "properties": own}]}


def _data_schemas(models: Iterable[type[EventData]]) -> Document:
    _, whole = models_json_schema([(model, "serialization") for model in models], ref_template=_REFERENCE)
    schemas: Document = whole["$defs"]
    return schemas


if __name__ == "__main__":
    sys.stdout.write(rendered())
