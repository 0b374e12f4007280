"""The answer to a question for a figure (contract section 5)."""

from datetime import date
from typing import Literal

from pydantic import Field

from services.reporting.domain.figures import Figure, Number
from services.reporting.domain.periods import Period
from services.reporting.usecases.statistics import Answer, Value
from shared.events.model import WireModel

Status = Literal["exact", "rounded", "hidden", "not-applicable"]


class PeriodModel(WireModel):
    """Local days, both included."""

    label: str
    from_: date = Field(alias="from")
    to: date

    @classmethod
    def of(cls, period: Period) -> "PeriodModel":
        """From the domain."""
        return cls(label=period.label, from_=period.first, to=period.last)


class AsOf(WireModel):
    """Up to which event of the log: a reader that posted `sequence` or less sees its write."""

    sequence: int


class FigureModel(WireModel):
    """`value` is null unless there is one; `status` says why."""

    value: Number | None
    status: Status

    @classmethod
    def of(cls, figure: Figure) -> "FigureModel":
        """From the domain."""
        return cls.model_validate({"value": figure.value, "status": figure.status})


class ValueModel(FigureModel):
    """A row: its keys (null: unknown), Dutch labels, and the figure."""

    keys: dict[str, str | None]
    label: dict[str, str]

    @classmethod
    def row(cls, value: Value) -> "ValueModel":
        """From the use case."""
        figure = {"value": value.figure.value, "status": value.figure.status}
        return cls.model_validate({"keys": dict(value.keys), "label": dict(value.label), **figure})


class StatisticsAnswer(WireModel):
    """Live and exact. `total` is computed by itself, so it need not be the sum of `values`."""

    indicator: str
    unit: str
    period: PeriodModel
    filters: dict[str, list[str]]
    group_by: list[str]
    as_of: AsOf
    total: FigureModel
    values: list[ValueModel]

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
