"""The event log as `GET /v1/log` shows it (contract sections 3 and 4)."""

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.events.model import WireModel

_EXAMPLE: dict[str, Any] = {
    "specversion": "1.0",
    "id": "018f0000-0000-7000-8000-000000000001",
    "source": "urn:nld:meedoen:systeem:registration",
    "type": "nl.meedoen.visitors-counted.v1",
    "subject": "visits/avedan/bingo-2026-10-24/totaal",
    "time": "2026-10-01T08:00:02Z",
    "datacontenttype": "application/json",
    "sequence": 4128,
    "sequencetype": "Integer",
    "data": {
        "version": 1,
        "partnerId": "avedan",
        "occurredAt": "2026-10-01T08:00:00Z",
        "recordedAt": "2026-10-01T08:00:02Z",
        "activityId": "avedan/bingo-2026-10-24",
        "countKey": "totaal",
        "value": 32,
        "method": "tally",
    },
}


class LogEvent(WireModel):
    """A structured CloudEvent with its place in the log; extensions of the partner travel along."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="allow",
        json_schema_extra={"description": "Een gebeurtenis, als CloudEvent, met de volledige nieuwe toestand."},
    )

    specversion: Literal["1.0"] = Field(description="Versie van CloudEvents.")
    id: str = Field(description="Vaste naam van de gebeurtenis.")
    source: str = Field(description="Altijd registration.")
    type: str = Field(pattern=r"^nl\.meedoen\.[a-z-]+\.v[0-9]+$", description="Wat voor gebeurtenis.")
    subject: str = Field(description="Waar de gebeurtenis over gaat.")
    time: datetime = Field(description="Wanneer wij de gebeurtenis vastlegden.")
    datacontenttype: Literal["application/json"] = Field(description="Altijd JSON.")
    sequence: int = Field(ge=1, description="De plaats in het logboek, zonder gaten.")
    sequencetype: Literal["Integer"] = Field(description="`sequence` is een geheel getal.")
    data: dict[str, Any] = Field(description="De nieuwe toestand; `version` loopt op.")


class LogPage(
    WireModel,
    json_schema_extra={
        "description": "Een stuk van het logboek.",
        "examples": [{"items": [_EXAMPLE], "head": 4128, "next": None}],
    },
):
    """A page of the log, and where the log ends."""

    items: list[LogEvent]
    head: int = Field(ge=0, description="Het laatste nummer van het logboek.")
    next: str | None = Field(description="Waar het volgende stuk begint, voor `cursor`. Leeg: dit was het laatste.")
