"""The fact sheet on the wire (contract section 5)."""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from services.reporting.domain.fact_sheet import Line
from services.reporting.domain.figures import PRECISIONS, Number
from services.reporting.domain.periods import FIRST_YEAR, LAST_YEAR
from services.reporting.schemas.external_figures import ExternalFigureModel
from services.reporting.schemas.publications import PublicationItem, item
from services.reporting.schemas.statistics import AsOf, Status
from services.reporting.schemas.texts import UNITS, TextModel, listed
from services.reporting.usecases.fact_sheet import FactSheet
from services.reporting.usecases.public_fact_sheet import PublishedFactSheet
from shared.events.code_lists import GOALS
from shared.events.model import WireModel


def _year(text: object) -> object:
    """A year as it stands in an address; not every way in which Python writes a number."""
    if isinstance(text, str) and not re.fullmatch("[0-9]{4}", text):
        raise PydanticCustomError("malformed", "YYYY in digits 0-9: 2024")
    return text


Year = Annotated[
    int,
    BeforeValidator(_year),
    Field(ge=FIRST_YEAR, le=LAST_YEAR),
    WithJsonSchema({"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}),
]


class FactSheetQuery(WireModel):
    """The parameters of a fact sheet; others are refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid")

    compare_to: Year | None = Field(None, description="Een eerder jaar om naast te zetten.", examples=[2025])
    live: bool = Field(
        False,
        description="true: de cijfers van nu, met een sleutel. Anders die van de laatste publicatie.",
    )


_LINE = {
    "code": "participants",
    "label": {"nl": "Deelnemers", "en": "Participants"},
    "goal": None,
    "value": 1204,
    "previous": 1003,
    "previousStatus": "exact",
    "growthPercent": 20.0,
    "precision": "exact",
    "unit": "people",
    "status": "exact",
}


class LineModel(WireModel, json_schema_extra={"description": "Een regel van het cijferblad."}):
    """One line. `growthPercent` can be redone from `value` and `previous`."""

    code: str = Field(description="Welk cijfer, en zo nodig van welke reeks of activiteit.")
    label: TextModel
    goal: Annotated[str, listed(*GOALS)] | None = Field(description="Het doel waar de regel bij hoort.")
    value: Number | None = Field(description="Het cijfer. Leeg: er is geen cijfer.")
    previous: Number | None = Field(description="Hetzelfde in `compareTo`.")
    previous_status: Status = Field(description="Wat `status` is, van `previous`.")
    growth_percent: float | None = Field(description="Groei in procenten, met een decimaal.")
    precision: Annotated[str, listed(*PRECISIONS)] = Field(description="Hoe precies het is geteld.")
    unit: Annotated[str, listed(*UNITS)] = Field(description="Wat er wordt geteld.")
    status: Status = Field(description="Precies, afgerond, niet getoond, of niet van toepassing.")

    @classmethod
    def of(cls, line: Line) -> "LineModel":
        """From the domain."""
        return cls.model_validate(
            {
                "code": line.code,
                "label": TextModel.of(line.label),
                "goal": line.goal,
                "value": line.figure.value,
                "previous": line.previous,
                "previous_status": line.earlier.status,
                "growth_percent": line.growth,
                "precision": line.figure.precision,
                "unit": line.unit,
                "status": line.figure.status,
            }
        )


class FactSheetModel(
    WireModel,
    json_schema_extra={
        "description": 'Het cijferblad "Resultaten tot nu toe". Het zegt hoeveel mensen meededen, niet wat dat deed.',
        "examples": [
            {
                "year": 2026,
                "compareTo": 2025,
                "mode": "live",
                "asOf": {"sequence": 4128},
                "publication": None,
                "previousPublication": None,
                "lines": [_LINE],
                "externalFigures": [],
            }
        ],
    },
):
    """ "Resultaten tot nu toe". It claims reach, never effect."""

    year: int = Field(description="Het jaar.")
    compare_to: int | None = Field(description="Het jaar ernaast.")
    mode: Literal["live", "publication"] = Field(description="De cijfers van nu, of van de laatste publicatie.")
    as_of: AsOf | None
    publication: PublicationItem | None = Field(description="Waar de cijfers uit komen. Leeg: van nu.")
    previous_publication: PublicationItem | None = Field(description="Die van `compareTo`. Leeg: die is er niet.")
    lines: list[LineModel] = Field(description="De regels, op volgorde.")
    external_figures: list[ExternalFigureModel] = Field(description="Cijfers van anderen.")

    @classmethod
    def of(cls, sheet: FactSheet | PublishedFactSheet) -> "FactSheetModel":
        """From the use cases."""
        return cls.model_validate(
            {
                "year": sheet.year,
                "compare_to": sheet.compare_to,
                **_origin(sheet),
                "lines": [LineModel.of(line) for line in sheet.lines],
                "external_figures": [ExternalFigureModel.of(figure) for figure in sheet.external_figures],
            }
        )


def _origin(sheet: FactSheet | PublishedFactSheet) -> dict[str, Any]:
    """Where the figures come from: a moment of the log, or publications; never both."""
    if isinstance(sheet, FactSheet):
        origin: dict[str, Any] = {"mode": "live", "as_of": AsOf(sequence=sheet.sequence)}
        return {**origin, "publication": None, "previous_publication": None}
    earlier = item(sheet.earlier) if sheet.earlier else None
    origin = {"publication": item(sheet.publication), "previous_publication": earlier}
    return {"mode": "publication", "as_of": None, **origin}
