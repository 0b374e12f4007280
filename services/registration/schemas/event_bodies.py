"""The write door's schemas for the OpenAPI document, generated from the models that read and describe its bodies."""

from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from services.registration.schemas.fields import ID_PATTERN
from services.registration.schemas.posted import POSTED_TYPES
from services.registration.schemas.result_models import BatchAnswer, EventResult, LastLine

Schema = dict[str, Any]
MOST_EVENTS = 5000
_REF = "#/components/schemas/{model}"
_PLAIN = r"^[^\x00-\x1f\x7f-\x9f]+$"
_STRING: Schema = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": _PLAIN}
_OPTIONAL: Schema = {**_STRING, "type": ["string", "null"]}
_ATTRIBUTES: Schema = {
    "specversion": {"const": "1.0", "description": "Versie van CloudEvents."},
    "id": {**_STRING, "description": "Vaste naam van dit feit bij u. Zo telt het nooit dubbel."},
    "source": {
        **_STRING,
        "pattern": r"^([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+$",
        "description": "Uw systeem, liefst als `urn:nld:`.",
    },
    "time": {
        "type": "string",
        "format": "date-time",
        "pattern": "^(19|20|21)[0-9]{2}-",
        "description": "Wanneer u het feit vastlegde; hooguit 5 minuten vooruit. Het laatste feit telt. "
        "Voor een aanmelding bepaalt dit of die op tijd was.",
    },
    "datacontenttype": {
        "type": ["string", "null"],
        "maxLength": 255,
        "pattern": r"^application/([^\x00-\x1f\x7f-\x9f]+\+)?json(;[^\x00-\x1f\x7f-\x9f]*)?$",
        "description": "Altijd JSON.",
    },
    "subject": {**_OPTIONAL, "description": "Vrij te kiezen; wij gebruiken het niet."},
    "dataschema": {**_OPTIONAL, "description": "Vrij te kiezen; wij gebruiken het niet."},
    "partnerid": {
        "type": ["string", "null"],
        "pattern": ID_PATTERN,
        "description": "Namens welke partner. Alleen met een beheersleutel, en dan verplicht.",
    },
}
_INTEGER: Schema = {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}
_EXTENSION: Schema = {"anyOf": [_STRING, {"type": ["boolean", "null"]}, _INTEGER]}


@cache
def event_schemas() -> Schema:
    """By name: the data of each posted type, its event, `PostedEvent` (one of them), and the answers of the door."""
    posted = list(POSTED_TYPES.values())
    _, read = models_json_schema([(model, "validation") for model in posted], ref_template=_REF)
    answers = (EventResult, BatchAnswer, LastLine)
    _, written = models_json_schema([(model, "serialization") for model in answers], ref_template=_REF)
    events = {f"{model.__name__}Event": _event(name, model.__name__) for name, model in POSTED_TYPES.items()}
    return {**written["$defs"], **read["$defs"], **events, "PostedEvent": _one_of_them()}


def ref(name: str) -> Schema:
    """A schema of the document by its name."""
    return {"$ref": _REF.format(model=name)}


def data_schemas() -> list[Schema]:
    """The data of each type: the body in binary mode."""
    return [ref(model.__name__) for model in POSTED_TYPES.values()]


def _event(event_type: str, data: str) -> Schema:
    return {
        "type": "object",
        "description": f"CloudEvent van het type `{event_type}`. Andere attributen (extensies) blijven bewaard.",
        "required": ["specversion", "id", "source", "type", "time", "data"],
        "properties": {
            **_ATTRIBUTES,
            "type": {"const": event_type, "description": "Wat voor feit."},
            "data": ref(data),
        },
        "propertyNames": {"pattern": "^[a-z0-9]{1,64}$"},
        "additionalProperties": _EXTENSION,
    }


def _one_of_them() -> Schema:
    events = {event_type: ref(f"{model.__name__}Event") for event_type, model in POSTED_TYPES.items()}
    mapping = {event_type: one["$ref"] for event_type, one in events.items()}
    return {
        "description": "Een gebeurtenis. Het type bepaalt wat er in `data` staat.",
        "oneOf": list(events.values()),
        "discriminator": {"propertyName": "type", "mapping": mapping},
    }
