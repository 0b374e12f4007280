"""The registry on the wire (contract section 9, indicators)."""

from typing import Annotated

from pydantic import Field

from services.reporting.domain.indicators import INDICATORS, AnyIndicator
from services.reporting.schemas.texts import UNITS, TextModel, listed
from shared.events.model import WireModel

_EXAMPLE = {
    "code": "activities",
    "unit": "activities",
    "label": {"nl": "Activiteiten", "en": "Activities"},
    "definition": {
        "nl": "Het aantal activiteiten dat in de periode begint en doorgaat.",
        "en": "The number of activities that start in the period and are not cancelled.",
    },
    "events": ["activity-scheduled", "activity-cancelled"],
    "groupBy": ["month", "quarter", "year", "kind"],
}


class IndicatorModel(WireModel, json_schema_extra={"description": "Een cijfer dat u kunt opvragen."}):
    """One indicator: what it counts, in which unit, from which events, by what it can be grouped."""

    code: str = Field(description="De naam voor `indicator`.")
    unit: Annotated[str, listed(*UNITS)] = Field(description="Wat er wordt geteld.")
    label: TextModel
    definition: TextModel
    events: list[str] = Field(description="Welke gebeurtenissen dit cijfer veranderen.")
    group_by: list[str] = Field(description="Waarop u kunt groeperen.")

    @classmethod
    def of(cls, indicator: AnyIndicator) -> "IndicatorModel":
        """From the registry."""
        return cls(
            code=indicator.code,
            unit=indicator.unit,
            label=TextModel.of(indicator.label),
            definition=TextModel.of(indicator.definition),
            events=list(indicator.events),
            group_by=list(indicator.group_by),
        )


class IndicatorList(
    WireModel,
    json_schema_extra={
        "description": "Alle cijfers, in de volgorde van tabellen en pagina's.",
        "examples": [{"items": [_EXAMPLE], "next": None}],
    },
):
    """Every indicator, in the order of tables and pages."""

    items: list[IndicatorModel]
    next: str | None = Field(None, description="Altijd leeg: alles past op een pagina.")

    @classmethod
    def whole(cls) -> "IndicatorList":
        """The registry; it fits on one page."""
        return cls(items=[IndicatorModel.of(indicator) for indicator in INDICATORS.values()])
