"""A figure of others on the wire."""

from typing import Annotated

from pydantic import ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from services.reporting.domain.figures import Number
from services.reporting.domain.periods import FIRST_YEAR, LAST_YEAR
from services.reporting.domain.quotations import LARGEST, ExternalFigure, quotable
from services.reporting.schemas.texts import TextModel, Words
from shared.errors import Refusal
from shared.events.model import WireModel


def _quotable(value: object) -> Number:
    """One fault for all that is no number to quote."""
    try:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refusal("invalid", "a number")
        return quotable(value)
    except Refusal as refusal:
        raise PydanticCustomError("out_of_range", "{wanted}", {"wanted": refusal.detail}) from refusal


QuotedValue = Annotated[
    int | float,
    PlainValidator(_quotable),
    WithJsonSchema({"type": "number", "minimum": -LARGEST, "maximum": LARGEST}),
]


_EXAMPLE: JsonDict = {
    "label": {"nl": "Voelt zich matig eenzaam", "en": "Feels moderately lonely"},
    "value": 35,
    "unit": "percent",
    "year": 2023,
    "source": "GGD Gezondheidsmonitor",
    "instrument": "De Jong Gierveld, 6 vragen",
}


class ExternalFigureBody(WireModel):
    """What is put: the figure as its source states it."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="forbid",
        json_schema_extra={"description": "Een cijfer van een ander, zoals de bron het geeft.", "examples": [_EXAMPLE]},
    )

    label: TextModel
    value: QuotedValue = Field(description="Het cijfer, zoals de bron het geeft. Hooguit 4 decimalen.")
    unit: Annotated[str, Field(min_length=1, max_length=64, description="De eenheid.")]
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR, description="Het jaar waar het cijfer over gaat.")]
    source: Words = Field(description="De bron.")
    instrument: Words = Field(description="Hoe de bron het heeft gemeten.")

    def figure(self, figure_id: str) -> ExternalFigure:
        """To the domain."""
        return ExternalFigure(
            figure_id, self.label.text(), self.value, self.unit, self.year, self.source, self.instrument
        )


class ExternalFigureModel(
    ExternalFigureBody,
    json_schema_extra={
        "description": "Een cijfer van een ander, geciteerd en nooit nagerekend.",
        "examples": [{**_EXAMPLE, "id": "ggd-2023-matig"}],
    },
):
    """A quoted figure with its id."""

    id: str = Field(description="Id van het cijfer.")

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
