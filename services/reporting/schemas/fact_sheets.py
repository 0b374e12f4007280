"""The fact sheet on the wire (contract section 5)."""

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from services.reporting.domain.fact_sheet import Line
from services.reporting.domain.figures import Number
from services.reporting.domain.periods import FIRST_YEAR, LAST_YEAR
from services.reporting.schemas.external_figures import ExternalFigureModel
from services.reporting.schemas.statistics import AsOf, Status
from services.reporting.schemas.texts import TextModel
from services.reporting.usecases.fact_sheet import FactSheet
from shared.events.model import WireModel


def _year(text: object) -> object:
    """A year as it stands in an address; not every way in which Python writes a number."""
    if isinstance(text, str) and not re.fullmatch("[0-9]{4}", text):
        raise PydanticCustomError("malformed", "YYYY in digits 0-9: 2024")
    return text


Year = Annotated[int, BeforeValidator(_year), Field(ge=FIRST_YEAR, le=LAST_YEAR)]


class FactSheetQuery(WireModel):
    """The parameters of a fact sheet; others are refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid")

    compare_to: Year | None = None
    live: bool = False


class LineModel(WireModel):
    """One line. `growthPercent` can be redone from `value` and `previous`."""

    code: str
    label: TextModel
    goal: str | None
    value: Number | None
    previous: Number | None
    growth_percent: float | None
    precision: str
    unit: str
    status: Status

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
                "growth_percent": line.growth,
                "precision": line.figure.precision,
                "unit": line.unit,
                "status": line.figure.status,
            }
        )


class FactSheetModel(WireModel):
    """ "Resultaten tot nu toe". It claims reach, never effect."""

    year: int
    compare_to: int | None
    mode: Literal["live", "publication"]
    as_of: AsOf
    lines: list[LineModel]
    external_figures: list[ExternalFigureModel]

    @classmethod
    def of(cls, sheet: FactSheet) -> "FactSheetModel":
        """From the use case."""
        return cls.model_validate(
            {
                "year": sheet.year,
                "compare_to": sheet.compare_to,
                "mode": sheet.mode,
                "as_of": AsOf(sequence=sheet.sequence),
                "lines": [LineModel.of(line) for line in sheet.lines],
                "external_figures": [ExternalFigureModel.of(figure) for figure in sheet.external_figures],
            }
        )
