"""A figure of others on the wire."""

from typing import Annotated

from pydantic import ConfigDict, Field, Strict
from pydantic.alias_generators import to_camel

from services.reporting.domain.periods import FIRST_YEAR, LAST_YEAR
from services.reporting.domain.quotations import ExternalFigure
from services.reporting.schemas.texts import TextModel, Words
from shared.events.model import WireModel

Finite = Annotated[float, Field(allow_inf_nan=False, strict=True)]


class ExternalFigureBody(WireModel):
    """What is put: the figure as its source states it."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid")

    label: TextModel
    value: Annotated[int, Strict()] | Finite
    unit: Annotated[str, Field(min_length=1, max_length=64)]
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
    source: Words
    instrument: Words

    def figure(self, figure_id: str) -> ExternalFigure:
        """To the domain."""
        return ExternalFigure(
            figure_id, self.label.text(), self.value, self.unit, self.year, self.source, self.instrument
        )


class ExternalFigureModel(ExternalFigureBody):
    """A quoted figure with its id."""

    id: str

    @classmethod
    def of(cls, figure: ExternalFigure) -> "ExternalFigureModel":
        """From the domain."""
        return cls(
            id=figure.figure_id,
            label=TextModel.of(figure.label),
            value=figure.value,
            unit=figure.unit,
            year=figure.year,
            source=figure.source,
            instrument=figure.instrument,
        )
