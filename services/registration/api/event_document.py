"""What the OpenAPI document says of `POST /v1/events`: four forms of body, their answers, an example of each."""

from typing import Annotated, Any, Final

from fastapi import Depends, Header

from services.registration.schemas import result_models as results
from services.registration.schemas.event_bodies import MOST_EVENTS, data_schemas, ref
from services.registration.schemas.event_examples import BATCH, STORY, TITLES
from shared.http.openapi import problem_answer

_JSON, _NDJSON = "application/json", "application/x-ndjson"
_ACCEPTED: Final = results.accepted("2026-000002", decision=results.CONFIRMED)
_DUPLICATE: Final = {**_ACCEPTED, "outcome": "duplicate", "status": 200}
_HEAD: Final = {
    "Komerbij-Sequence": {
        "description": "Tot waar het logboek nu loopt. Bij `application/x-ndjson` staat dit in de laatste regel.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    }
}


def _attribute(name: str, text: str) -> Any:
    """A header of binary mode; the door reads it itself, with all other extensions."""
    more = {"examples": [STORY["visitors-counted"][name]]}
    said = f"{text} Alleen in binaire vorm, en daar verplicht."
    return Header(alias=f"ce-{name}", description=said, json_schema_extra=more)


def binary_mode(
    specversion: Annotated[str | None, _attribute("specversion", "Versie van CloudEvents.")] = None,
    event_id: Annotated[str | None, _attribute("id", "Vaste naam van dit feit bij u.")] = None,
    source: Annotated[str | None, _attribute("source", "Uw systeem.")] = None,
    event_type: Annotated[str | None, _attribute("type", "Wat voor feit.")] = None,
    time: Annotated[str | None, _attribute("time", "Wanneer u het feit vastlegde.")] = None,
) -> None:
    """Only says which headers there are."""


EVENTS: Final[dict[str, Any]] = {
    "dependencies": [Depends(binary_mode)],
    "summary": "Vertellen wat er gebeurde",
    "description": (
        "De ene deur waardoor partners vertellen wat er gebeurde, als CloudEvents 1.0.\n\n"
        "- Een gebeurtenis: `application/cloudevents+json`. Antwoord 201 (nieuw), 200 (al bekend) of een probleem.\n"
        "- Een batch: `application/cloudevents-batch+json`, hooguit 5.000 gebeurtenissen en 8 MiB. Antwoord 200.\n"
        "- Een stroom: `application/x-ndjson`, een gebeurtenis per regel, zo lang als u wilt. Antwoord 200 met een "
        "resultaat per regel, en een laatste regel met `summary`. Ontbreekt die, stuur dan alles nog eens.\n"
        "- Binair: `application/json` met `ce-*`-headers; de body is dan `data`.\n\n"
        "Elke gebeurtenis telt een keer: dezelfde `id` met dezelfde inhoud is `duplicate`. Een aanmelding kan "
        "geweigerd worden. Een feit dat al gebeurde nooit; wat opvalt staat in `overrides`."
    ),
    "responses": {
        200: {
            "description": "Al bekend, of het antwoord op een batch of een stroom.",
            "headers": _HEAD,
            "content": {
                _JSON: {
                    "schema": {"anyOf": [ref("EventResult"), ref("BatchAnswer")]},
                    "examples": {
                        "duplicate": {"summary": "Al bekend", "value": _DUPLICATE},
                        "batch": {
                            "summary": "Een batch",
                            "value": {
                                "summary": results.TOTALS,
                                "results": results.RESULTS,
                                "sequence": 4128,
                            },
                        },
                    },
                },
                _NDJSON: {
                    "schema": {"type": "array", "items": {"anyOf": [ref("EventResult"), ref("LastLine")]}},
                    "examples": {
                        "stream": {
                            "summary": "Een regel per gebeurtenis, en een laatste regel",
                            "value": [
                                *results.RESULTS,
                                {"summary": results.TOTALS, "sequence": 4128},
                            ],
                        }
                    },
                },
            },
        },
        201: {
            "description": "Nieuw en vastgelegd.",
            "headers": _HEAD,
            "content": {
                _JSON: {
                    "schema": ref("EventResult"),
                    "examples": {"accepted": {"summary": "Een aanmelding met plaats", "value": _ACCEPTED}},
                }
            },
        },
        404: problem_answer(404),
        409: problem_answer(409),
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {
                "application/cloudevents+json": {
                    "schema": ref("PostedEvent"),
                    "examples": {name: {"summary": TITLES[name], "value": event} for name, event in STORY.items()},
                },
                "application/cloudevents-batch+json": {
                    "schema": {"type": "array", "items": ref("PostedEvent"), "maxItems": MOST_EVENTS},
                    "examples": {"batch": {"summary": "Drie gebeurtenissen", "value": BATCH}},
                },
                _NDJSON: {
                    "schema": {"type": "array", "items": ref("PostedEvent")},
                    "examples": {"lines": {"summary": "Een gebeurtenis per regel", "value": BATCH}},
                },
                _JSON: {
                    "schema": {"anyOf": data_schemas()},
                    "examples": {
                        "binary": {
                            "summary": "Binair: alleen `data`, de rest in `ce-*`-headers",
                            "value": STORY["visitors-counted"]["data"],
                        }
                    },
                },
            },
        },
    },
}
"""For the route's decorator."""
