"""The registry on the wire (contract section 9, indicators)."""

from services.reporting.domain.indicators import INDICATORS, AnyIndicator
from services.reporting.schemas.texts import TextModel
from shared.events.model import WireModel


class IndicatorModel(WireModel):
    """One indicator: what it counts, in which unit, from which events, by what it can be grouped."""

    code: str
    unit: str
    label: TextModel
    definition: TextModel
    events: list[str]
    group_by: list[str]

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


class IndicatorList(WireModel):
    """Every indicator, in the order of tables and pages."""

    items: list[IndicatorModel]
    next: str | None = None

    @classmethod
    def whole(cls) -> "IndicatorList":
        """The registry; it fits on one page."""
        return cls(items=[IndicatorModel.of(indicator) for indicator in INDICATORS.values()])
