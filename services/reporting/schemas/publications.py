"""Publications on the wire (contract sections 5 and 9)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

import orjson
from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from services.reporting.domain.disclosure.audit import Finding
from services.reporting.domain.periods import calendar_period
from services.reporting.domain.publication.records import Publication, StoredTable
from services.reporting.schemas.statistics import FigureModel, ValueModel
from services.reporting.schemas.texts import TextModel
from services.reporting.usecases.publishing import in_words
from services.reporting.usecases.publishing_audit import Audited
from shared.clock import rfc3339
from shared.errors import Refusal
from shared.events.model import WireModel

_YEAR: Final = r"^(19|20|21)[0-9]{2}$"
HELD: Final = TextModel(
    nl="Correcties van minder dan 5 zijn niet verwerkt.", en="Corrections of less than 5 are not worked in."
)


def _year(text: str) -> str:
    """Months and quarters are tables inside the publication of their year."""
    try:
        period = calendar_period(text)
    except Refusal:
        period = None
    if period is None or period.label != text or len(text) != len("2024"):
        raise PydanticCustomError("malformed", "a year is published, with its quarters and months: 2024")
    return text


class NewPublication(WireModel):
    """What is to be published."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="forbid",
        json_schema_extra={"description": "Welk jaar u wilt publiceren.", "examples": [{"period": "2024"}]},
    )

    period: Annotated[
        str, AfterValidator(_year), WithJsonSchema({"type": "string", "pattern": _YEAR}), Field(description="Een jaar.")
    ]


class PublicationItem(WireModel, json_schema_extra={"description": "Een publicatie. Die verandert nooit meer."}):
    """A publication without its tables."""

    id: str = Field(description="Het jaar, en de hoeveelste publicatie daarvan.")
    period: str = Field(description="Het jaar.")
    created_at: datetime = Field(description="Wanneer de publicatie is gemaakt.")
    closed: bool = Field(description="true: het jaar was voorbij, de totalen zijn precies.")
    corrections_held: bool = Field(description="true: correcties van minder dan 5 zijn niet verwerkt.")
    note: TextModel | None = Field(description="Hetzelfde in woorden. Leeg: alles is verwerkt.")


class TableModel(WireModel, json_schema_extra={"description": "Een tabel: een cijfer in een periode."}):
    """One table; `values` is empty where nothing is grouped."""

    indicator: str = Field(description="Welk cijfer.")
    period: str = Field(description="Het jaar, een kwartaal of een maand daarvan.")
    group_by: list[str] = Field(description="Waarop is gegroepeerd.")
    total: FigureModel
    values: list[ValueModel] = Field(description="Een rij voor elke waarde die er is.")


_ITEM: Final[dict[str, Any]] = {
    "id": "2025.1",
    "period": "2025",
    "createdAt": "2026-02-01T08:00:00Z",
    "closed": True,
    "correctionsHeld": False,
    "note": None,
}
_ROW: Final = {"keys": {"kind": "walk"}, "label": {"kind": "Wandeling"}, "value": None, "status": "hidden"}
_TABLE: Final = {
    "indicator": "participants",
    "period": "2025",
    "groupBy": ["kind"],
    "total": {"value": 530, "status": "exact"},
    "values": [_ROW],
}


class PublicationModel(
    PublicationItem,
    json_schema_extra={
        "description": "Een publicatie met al haar tabellen.",
        "examples": [{**_ITEM, "tables": [_TABLE]}],
    },
):
    """A publication as a whole."""

    tables: list[TableModel] = Field(description="Alle tabellen.")


class PublicationList(
    WireModel,
    json_schema_extra={
        "description": "Een pagina: het laatste jaar en de laatste publicatie eerst.",
        "examples": [{"items": [_ITEM], "next": None}],
    },
):
    """A page, the latest year and number first."""

    items: list[PublicationItem]
    next: str | None = Field(description="Waar de volgende pagina begint, voor `cursor`. Leeg: dit was de laatste.")


class FindingModel(WireModel, json_schema_extra={"description": "Een verborgen cijfer dat iemand kan uitrekenen."}):
    """A finding names places, never values."""

    figure: str = Field(description="Welk cijfer, in welke tabel en rij.")
    reader: str = Field(description="Wie het kan uitrekenen: de partner, of leeg voor iedereen.")
    relations: list[str] = Field(description="Waarmee: de cijfers waar het uit volgt.")

    @classmethod
    def of(cls, finding: Finding) -> "FindingModel":
        """From the auditor."""
        wholes = dict.fromkeys(f"{relation.law} {in_words(relation.whole)}" for relation in finding.relations)
        return cls(figure=in_words(finding.cell), reader=finding.view, relations=list(wholes))


class AuditModel(
    WireModel,
    json_schema_extra={
        "description": "Wat er uit alle publicaties samen te rekenen valt.",
        "examples": [{"cells": 8853, "hidden": 5969, "findings": []}],
    },
):
    """The auditor's report; no findings: nothing that is hidden can be calculated."""

    cells: int = Field(ge=0, description="Zoveel cijfers staan er in de laatste publicaties.")
    hidden: int = Field(ge=0, description="Zoveel daarvan zijn niet getoond.")
    findings: list[FindingModel] = Field(description="Wat uit te rekenen valt. Leeg: niets.")

    @classmethod
    def of(cls, audited: Audited) -> "AuditModel":
        """From the use case."""
        findings = [FindingModel.of(finding) for finding in audited.findings]
        return cls(cells=audited.cells, hidden=audited.hidden, findings=findings)


def item(publication: Publication) -> dict[str, Any]:
    """Without its tables."""
    return {
        "id": str(publication.id),
        "period": publication.period,
        "createdAt": rfc3339(publication.created_at),
        "closed": publication.closed,
        "correctionsHeld": publication.corrections_held,
        "note": HELD.model_dump() if publication.corrections_held else None,
    }


def written(publication: Publication, tables: Sequence[StoredTable]) -> bytes:
    """With its tables, byte for byte as they were kept."""
    head = orjson.dumps(item(publication)).removesuffix(b"}")
    return b'%b,"tables":[%b]}' % (head, b",".join(table.body for table in tables))
