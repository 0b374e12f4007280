"""The answer to a question for a figure (contract section 5)."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from services.reporting.domain.figures import Figure, Number
from services.reporting.domain.periods import Period
from services.reporting.schemas.texts import UNITS, listed
from services.reporting.usecases.statistics import Answer, Value
from shared.events.model import WireModel

Status = Literal["exact", "rounded", "hidden", "not-applicable"]


_EXAMPLE = {
    "indicator": "participants",
    "unit": "people",
    "period": {"label": "2026", "from": "2026-01-01", "to": "2026-12-31"},
    "filters": {"goal": ["initiative"]},
    "groupBy": ["kind"],
    "asOf": {"sequence": 4128},
    "total": {"value": 120, "status": "exact"},
    "values": [{"value": 120, "status": "exact", "keys": {"kind": "bingo"}, "label": {"kind": "Bingo"}}],
}


class PeriodModel(WireModel, json_schema_extra={"description": "De periode: dagen in Nederland, beide meegeteld."}):
    """Local days, both included."""

    label: str = Field(description="De periode zoals gevraagd.")
    from_: date = Field(alias="from", description="De eerste dag.")
    to: date = Field(description="De laatste dag.")

    @classmethod
    def of(cls, period: Period) -> "PeriodModel":
        """From the domain."""
        return cls(label=period.label, from_=period.first, to=period.last)


class AsOf(WireModel, json_schema_extra={"description": "Tot waar het logboek is geteld."}):
    """Up to which event of the log: a reader that posted `sequence` or less sees its write."""

    sequence: int = Field(ge=0, description="Alles tot en met dit nummer telt mee.")


_VALUE = "Het cijfer. Leeg: er is geen cijfer; `status` zegt waarom."
_STATUS = "Precies, afgerond, niet getoond om mensen te beschermen, of niet van toepassing."


class FigureModel(WireModel, json_schema_extra={"description": "Een cijfer."}):
    """`value` is null unless there is one; `status` says why."""

    value: Number | None = Field(description=_VALUE)
    status: Status = Field(description=_STATUS)

    @classmethod
    def of(cls, figure: Figure) -> "FigureModel":
        """From the domain."""
        return cls.model_validate({"value": figure.value, "status": figure.status})


class ValueModel(FigureModel, json_schema_extra={"description": "Een rij van de tabel."}):
    """A row: its keys (null: unknown), Dutch labels, and the figure."""

    keys: dict[str, str | None] = Field(description="Waar de rij over gaat, als codes. Leeg: onbekend.")
    label: dict[str, str] = Field(description="Hetzelfde in woorden.")

    @classmethod
    def row(cls, value: Value) -> "ValueModel":
        """From the use case."""
        figure = {"value": value.figure.value, "status": value.figure.status}
        return cls.model_validate({"keys": dict(value.keys), "label": dict(value.label), **figure})


class StatisticsAnswer(
    WireModel,
    json_schema_extra={
        "description": "Een cijfer, nu en precies. `total` is zelf geteld, en hoeft niet de som van `values` te zijn.",
        "examples": [_EXAMPLE],
    },
):
    """Live and exact. `total` is computed by itself, so it need not be the sum of `values`."""

    indicator: str = Field(description="Welk cijfer.")
    unit: Annotated[str, listed(*UNITS)] = Field(description="Wat er wordt geteld.")
    period: PeriodModel
    filters: dict[str, list[str]] = Field(description="Waarop is gefilterd.")
    group_by: list[str] = Field(description="Waarop is gegroepeerd.")
    as_of: AsOf
    total: FigureModel
    values: list[ValueModel] = Field(description="Een rij per sleutel waar gegevens van zijn.")

    @classmethod
    def of(cls, answer: Answer) -> "StatisticsAnswer":
        """From the use case."""
        question = answer.question
        return cls(
            indicator=question.indicator.code,
            unit=question.indicator.unit,
            period=PeriodModel.of(question.period),
            filters={name: list(values) for name, values in question.filters.items()},
            group_by=list(question.group_by),
            as_of=AsOf(sequence=answer.sequence),
            total=FigureModel.of(answer.total),
            values=[ValueModel.row(value) for value in answer.values],
        )
